#include "repl/repl.h"

#include "base/protected.h"
#include "base/say.h"
#include "base/version.h"
#include "history/lookup.h"
#include "repl/repl_own.h"
#include "session/script_fault.h"

#include <stdio.h>
#include <string.h>

enum { AT_ONCE = 8, PROMPT_MAX = 200 };

static void on_row(void *arg, const struct plan_row *row)
{
    struct repl *repl = arg;

    repl->book.account = &repl->host.account;
    plan_book_add(&repl->book, row);
}

static void on_note(void *arg, const char *text)
{
    struct repl *repl = arg;

    plan_book_note(&repl->book, text);
}

/* It is in the summary that the line gets. */
static void on_problem(void *arg, const struct script_problem *problem)
{
    (void)arg, (void)problem;
}

static void on_progress(void *arg)
{
    (void)arg;
}

static void on_fault(void *arg, lua_State *co)
{
    struct repl *repl = arg;

    script_fault_keep(repl->fault, sizeof repl->fault, co);
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

    return loop_busy(&repl->loop);
}

/* A key ends its sleep, as a signal does otherwise. */
static void turn(void *arg)
{
    struct repl *repl = arg;

    net_watch(repl->loop.net, 0);
    loop_turn(&repl->loop);
    net_watch(repl->loop.net, repl->options->signal_fd);
}

static bool open_plan(struct repl *repl, struct error *err)
{
    const struct repl_options *o = repl->options;
    const struct profile *p = o->profile;
    struct judge_rules rules = {
        p->retry_rejected_ms, p->when_unknown == PROFILE_RESEND, 0};

    if (o->known && (!(repl->known = lookup_open(o->known, err)) ||
                        !protected_add(PROTECTED_JOURNAL, o->known, err)))
        return false;
    repl->plan = plan_new(repl->known, &rules, p->unique_codes);
    if (!repl->plan)
        return error_memory(err);
    plan_take_from(repl->plan, &repl->host.account);
    return true;
}

/* For what is read of the API; nothing is released with it. */
static bool open_token(struct repl *repl, struct error *err)
{
    const struct repl_options *o = repl->options;
    struct token_options options = {.given = o->token,
        .username = o->username,
        .password = o->password,
        .journal_path = o->known,
        .visit = request_options_of(o->profile, o->origin)};

    if (o->origin)
        repl->token = token_new(repl->loop.net, &options, err);
    return !o->origin || repl->token;
}

static void fill_host(struct repl *repl)
{
    const struct repl_options *o = repl->options;
    int at_once = o->profile->at_once;

    repl->host = (struct script){.loop = &repl->loop,
        .profile = o->profile,
        .planning = true,
        .repl = true,
        .plan = repl->plan,
        .mock = o->mock,
        .token = repl->token,
        .no_token = o->no_token,
        .origin = o->origin,
        .name = o->host,
        .limit = -1,
        .at_once = at_once ? at_once : AT_ONCE,
        .problem = on_problem,
        .progress = on_progress,
        .planned = on_row,
        .plan_note = on_note,
        .fault = on_fault,
        .arg = repl};
    repl->loop.tasks = &repl->state.tasks;
}

static bool open_input(struct repl *repl, struct error *err)
{
    struct repl_input_calls calls = {
        repl, repl->options->signal_fd, complete, is_busy, turn};

    repl->input = repl_input_open(&calls, err);
    return repl->input != NULL;
}

static bool open_all(struct repl *repl, struct error *err)
{
    if (!open_plan(repl, err))
        return false;
    repl->loop.net = net_open(err);
    if (!repl->loop.net || !open_token(repl, err))
        return false;
    fill_host(repl);
    net_watch(repl->loop.net, repl->options->signal_fd);
    if (!state_open_bare(&repl->state, &repl->host, repl->options->folder, err))
        return false;
    repl->state.tasks.stopping = is_stopping;
    repl->state.tasks.stopping_arg = repl;
    return open_input(repl, err);
}

static void close_all(struct repl *repl)
{
    repl_input_close(repl->input);
    state_close(&repl->state);
    timers_fini(&repl->loop.timers);
    token_free(repl->token);
    net_close(repl->loop.net);
    plan_book_fini(&repl->book);
    plan_free(repl->plan);
    lookup_close(repl->known);
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
    else if (repl->live.open)
        snprintf(out, cap, "live %s> ", repl->options->host);
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

enum exit_code repl_run(const struct repl_options *options, struct error *err)
{
    struct repl repl = {.options = options};
    enum exit_code code;

    err->text[0] = '\0';
    if (open_all(&repl, err)) {
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
