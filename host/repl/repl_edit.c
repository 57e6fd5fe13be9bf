#include "repl/repl_edit.h"

#include "base/mem.h"
#include "base/say.h"
#include "base/secret.h"
#include "repl/repl_history.h"

#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

struct repl_edit {
    const struct repl_calls *calls;
    EditLine *el;
    History *lines;
    struct repl_history *file;
    char prompt[256];
    mbstate_t partial; // of a character whose bytes have not all come
    bool signalled;
    locale_t locale; // of the terminal, owns; 0: the process has it
};

static struct repl_edit *edit_of(EditLine *el)
{
    void *edit = NULL;

    el_get(el, EL_CLIENTDATA, &edit);
    return edit;
}

static char *prompt(EditLine *el)
{
    return edit_of(el)->prompt;
}

/* Sleeps until there is input; what goes on meanwhile gets its turns. */
static bool wait_for_key(struct repl_edit *edit)
{
    const struct repl_calls *calls = edit->calls;
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
        {.fd = calls->signal_fd, .events = POLLIN}};

    for (;;) {
        bool busy = calls->is_busy(calls->arg);
        int n = poll(fds, 2, busy ? 0 : -1);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0 && (fds[1].revents & POLLIN)) {
            edit->signalled = true;
            return false;
        }
        if (n > 0)
            return true;
        if (busy)
            calls->turn(calls->arg);
    }
}

/* What runs meanwhile are the script's tasks: not in the terminal's locale. */
static bool wait_outside(struct repl_edit *edit)
{
    locale_t terminal = uselocale(LC_GLOBAL_LOCALE);
    bool ready = wait_for_key(edit);

    uselocale(terminal);
    return ready;
}

/* libedit's way of reading one character: 1, 0 at the end, -1. Signals are
 * blocked and read from a descriptor, so that is waited for as well. */
static int read_key(EditLine *el, wchar_t *key)
{
    struct repl_edit *edit = edit_of(el);
    char byte;

    for (;;) {
        if (!wait_outside(edit))
            return -1;
        ssize_t n = read(STDIN_FILENO, &byte, 1);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return -1;
        if (n < 0)
            continue;
        size_t got = mbrtowc(key, &byte, 1, &edit->partial);
        if (got == (size_t)-1)
            edit->partial = (mbstate_t){0}; // a stray byte is left out
        else if (got != (size_t)-2)
            return 1;
    }
}

static unsigned char show_list(struct buf *list)
{
    if (list->len == 0)
        return CC_REFRESH_BEEP;
    say_format(stdout, "\n");
    (void)say_text(stdout, list);
    say_format(stdout, "\n");
    fflush(stdout);
    return CC_REDISPLAY;
}

static bool find_completions(struct repl_edit *edit, struct buf *before,
    struct buf *more, struct buf *list)
{
    locale_t terminal = uselocale(LC_GLOBAL_LOCALE);
    bool any =
        edit->calls->complete(edit->calls->arg, buf_text(before), more, list);

    uselocale(terminal);
    return any;
}

static unsigned char complete(EditLine *el, int key)
{
    struct repl_edit *edit = edit_of(el);
    const LineInfo *info = el_line(el);
    struct buf before = {0}, more = {0}, list = {0};
    unsigned char what = CC_ERROR;

    (void)key;
    if (buf_add(&before, info->buffer, (size_t)(info->cursor - info->buffer)) &&
        find_completions(edit, &before, &more, &list)) {
        if (more.len == 0)
            what = show_list(&list);
        else if (el_insertstr(el, more.data) == 0)
            what = CC_REFRESH;
    }
    buf_free(&before);
    buf_free(&more);
    buf_free(&list);
    return what;
}

static void remember(void *arg, const char *line)
{
    struct repl_edit *edit = arg;
    HistEvent event;

    history(edit->lines, &event, H_ENTER, line);
}

/* The terminal's, for what its bytes are and how wide they are drawn. Who has
 * none would lose every byte beyond ASCII, and a code would be another: the
 * process's own serves then, which is NULL. */
static locale_t find_locale(void)
{
    locale_t found = newlocale(LC_CTYPE_MASK, "", (locale_t)0);

    if (found && strcmp(nl_langinfo_l(CODESET, found), "ANSI_X3.4-1968") == 0) {
        freelocale(found);
        found = (locale_t)0;
    }
    return found;
}

static const char *read_edited(struct repl_edit *edit, int *n)
{
    locale_t before = uselocale(edit->locale);
    const char *text = el_gets(edit->el, n);

    uselocale(before);
    return text;
}

static bool set_up(struct repl_edit *edit)
{
    EditLine *el = edit->el;
    HistEvent event;

    history(edit->lines, &event, H_SETSIZE, REPL_HISTORY_LINES);
    history(edit->lines, &event, H_SETUNIQUE, 1);
    return el_set(el, EL_CLIENTDATA, edit) == 0 &&
           el_set(el, EL_PROMPT, prompt) == 0 &&
           el_set(el, EL_EDITOR, "emacs") == 0 &&
           el_set(el, EL_SIGNAL, 1) == 0 &&
           el_set(el, EL_GETCFN, read_key) == 0 &&
           el_set(el, EL_HIST, history, edit->lines) == 0 &&
           el_wset(el, EL_ADDFN, L"omnitron-complete", L"complete", complete) ==
               0 &&
           el_set(el, EL_BIND, "^I", "omnitron-complete", NULL) == 0 &&
           el_set(el, EL_BIND, "^R", "em-inc-search-prev", NULL) == 0;
}

/* libedit asks the locale what a key is when it starts, too. */
static bool start(struct repl_edit *edit)
{
    locale_t before = uselocale(edit->locale);

    edit->lines = history_init();
    edit->el = edit->lines ? el_init("omnitron", stdin, stdout, stderr) : NULL;
    bool ok = edit->el && set_up(edit);
    if (ok)
        el_source(edit->el, NULL);
    uselocale(before);
    return ok;
}

struct repl_edit *repl_edit_open(
    const struct repl_calls *calls, struct error *err)
{
    struct repl_edit *edit = mem_calloc(1, sizeof *edit);

    if (!edit) {
        error_memory(err);
        return NULL;
    }
    edit->calls = calls;
    edit->locale = find_locale();
    if (!start(edit)) {
        repl_edit_close(edit);
        error_set(err, ERROR_OTHER, "this terminal cannot be used");
        return NULL;
    }
    edit->file = repl_history_open(remember, edit);
    return edit;
}

void repl_edit_close(struct repl_edit *edit)
{
    if (!edit)
        return;
    if (edit->el)
        el_end(edit->el);
    if (edit->lines)
        history_end(edit->lines);
    repl_history_close(edit->file);
    if (edit->locale)
        freelocale(edit->locale);
    mem_free(edit);
}

/* In the history a secret is not the text that it is. */
static void keep(struct repl_edit *edit, const char *line, size_t len)
{
    struct buf kept = {0};

    if (buf_add(&kept, line, len)) {
        secret_mask(kept.data, &kept.len);
        kept.data[kept.len] = '\0';
        if (kept.len && kept.data[0] != ' ') {
            remember(edit, kept.data);
            repl_history_add(edit->file, kept.data);
        }
    }
    buf_wipe(&kept);
}

enum repl_came repl_edit_read(
    struct repl_edit *edit, const char *prompt_text, struct buf *line)
{
    int n = 0;

    snprintf(edit->prompt, sizeof edit->prompt, "%s", prompt_text);
    edit->signalled = false;
    fflush(stdout);
    const char *text = read_edited(edit, &n);
    if (edit->signalled)
        return REPL_SIGNAL;
    if (!text || n <= 0)
        return REPL_END;
    size_t len = strcspn(text, "\r\n");
    buf_clear(line);
    if (!buf_add(line, text, len))
        return REPL_END;
    keep(edit, text, len);
    return REPL_LINE;
}

const char *repl_edit_version(void)
{
    static char text[32];

    snprintf(text, sizeof text, "%d.%d", LIBEDIT_MAJOR, LIBEDIT_MINOR);
    return text;
}
