#include "repl/repl.h"

#include "base/say.h"
#include "base/version.h"
#include "repl/repl_own.h"
#include "session/signals.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PROMPT_MAX = 200 };

/* Leaving, the second signal ends the program where it stands. */
static void listen(struct session *session)
{
    struct repl *repl = (struct repl *)(void *)session;

    if (repl->leaving)
        signals_take(session->options->signal_fd);
    else
        repl_line_listen(repl);
}

static bool is_stopping(void *arg)
{
    struct repl *repl = arg;

    repl_line_listen(repl);
    return repl->stopped;
}

static bool complete(
    void *arg, const char *before, struct buf *more, struct buf *list)
{
    return repl_line_complete(arg, before, more, list);
}

static bool is_busy(void *arg)
{
    const struct repl *repl = arg;

    return loop_busy(&repl->session.loop);
}

/* A key ends its sleep, as a signal does otherwise. */
static void turn(void *arg)
{
    struct repl *repl = arg;
    struct loop *loop = &repl->session.loop;

    net_watch(loop->net, 0);
    loop_turn(loop);
    net_watch(loop->net, repl->session.options->signal_fd);
}

static bool open_input(struct repl *repl, struct error *err)
{
    struct repl_calls calls = {
        repl, repl->session.options->signal_fd, complete, is_busy, turn};

    repl->input = repl_input_open(&calls, err);
    return repl->input != NULL;
}

static bool open_session(
    struct repl *repl, const struct session_options *options, struct error *err)
{
    struct session *s = &repl->session;
    const char *journal = options->journal;
    int at_once = options->profile->at_once;
    bool known = journal && access(journal, F_OK) == 0;

    if (!session_open(s, options, err) ||
        !session_open_dry(s, known ? journal : NULL, err))
        return false;
    s->listen = listen;
    s->script.repl = true;
    s->script.at_once = at_once ? at_once : SESSION_AT_ONCE;
    if (!session_start_bare(s, err))
        return false;
    s->state.tasks.stopping = is_stopping;
    s->state.tasks.stopping_arg = repl;
    return true;
}

static void close_all(struct repl *repl)
{
    repl_input_close(repl->input);
    session_close(&repl->session);
    buf_free(&repl->text);
    buf_free(&repl->shown);
}

static void greet(const struct repl *repl)
{
    if (repl_input_is_terminal(repl->input))
        say_format(stdout,
            "omnitron %s. A release is shown here, not sent, until :live. "
            ":help says more.\n",
            OMNITRON_VERSION);
}

static void put_prompt(const struct repl *repl, char *out, size_t cap)
{
    if (repl->text.len)
        snprintf(out, cap, "  ... ");
    else if (repl_line_is_live(repl))
        snprintf(out, cap, "live %s> ", repl->session.options->endpoint.name);
    else
        snprintf(out, cap, "plan> ");
}

/* False: it was the one that leaves. */
static bool take_line(struct repl *repl, const struct buf *line)
{
    repl->line++;
    if (repl->text.len == 0) {
        const char *text = buf_text(line) + strspn(buf_text(line), " \t");
        if (text[0] == ':' && text[1] != ':')
            return repl_command(repl, text);
        if (text[0] == '\0')
            return true;
        repl->first_line = repl_input_is_terminal(repl->input) ? 1 : repl->line;
    } else if (!buf_putc(&repl->text, '\n'))
        return false;
    if (!buf_add(&repl->text, buf_text(line), line->len))
        return false;
    enum repl_reading reading = repl_line_read(repl);
    if (reading == REPL_READY)
        repl_line_run(repl);
    if (reading != REPL_MORE)
        buf_clear(&repl->text);
    return true;
}

/* Ctrl-C at the prompt drops what was typed. */
static bool take_signal(struct repl *repl)
{
    repl_line_listen(repl);
    buf_clear(&repl->text);
    if (repl_input_is_terminal(repl->input))
        say_format(stdout, "^C\n");
    return repl_input_is_terminal(repl->input) && !repl->terminated;
}

static bool goes_on(const struct repl *repl)
{
    return !repl->terminated && !repl->disk_failed &&
           (!repl->failed || repl_input_is_terminal(repl->input));
}

static void read_lines(struct repl *repl)
{
    struct buf line = {0};
    char prompt[PROMPT_MAX];
    bool more = true;

    while (more && goes_on(repl)) {
        put_prompt(repl, prompt, sizeof prompt);
        repl->stopped = false;
        enum repl_came came = repl_input_read(repl->input, prompt, &line);
        if (came == REPL_LINE)
            more = take_line(repl, &line);
        else
            more = came == REPL_SIGNAL && take_signal(repl);
        if (came == REPL_END && repl_input_is_terminal(repl->input))
            say_format(stdout, "\n");
        if (came == REPL_END && repl->text.len)
            repl_complain(repl, "the last line is not whole");
    }
    buf_wipe(&line);
}

static enum exit_code judge_exit(const struct repl *repl)
{
    if (repl->disk_failed)
        return EXIT_DISK;
    if (repl->terminated)
        return EXIT_SIGTERM;
    if (repl_input_is_terminal(repl->input))
        return EXIT_DONE;
    if (repl->stopped)
        return EXIT_SIGINT;
    return repl->failed ? EXIT_SCRIPT : EXIT_DONE;
}

enum exit_code repl_run(
    const struct session_options *options, struct error *err)
{
    struct repl repl = {0};
    enum exit_code code;

    err->text[0] = '\0';
    if (open_session(&repl, options, err) && open_input(&repl, err)) {
        greet(&repl);
        read_lines(&repl);
        repl.leaving = true;
        repl_command_plan(&repl);
        code = judge_exit(&repl);
    } else
        code = exit_of_error(err);
    close_all(&repl);
    return code;
}
