#include "ending/counts.h"
#include "repl/repl_own.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "A line is Lua: an expression is shown, a statement is run. `_` is the\n"
    "last value. What is not whole goes on in the next line. Tab completes;\n"
    "Ctrl-C stops a line, Ctrl-D leaves.\n"
    "  :live   take the journal's lock and the token: releases are real\n"
    "  :plan   give them up: releases are shown, not sent\n"
    "  :help   this\n"
    "  :quit   leave\n";

static void say(const char *text)
{
    struct buf out = {0};

    if (buf_puts(&out, text))
        repl_say(&out);
    buf_free(&out);
}

static void say_live(const struct repl *repl)
{
    const struct session_options *o = repl->session.options;
    struct buf out = {0};

    if (buf_printf(&out,
            "Live: what is released from here on goes to %s.\n"
            "%s%s%s; :plan goes back.\n",
            o->endpoint.name,
            o->journal ? "The journal " : "The journal is thrown away",
            o->journal ? o->journal : "", o->journal ? " is locked" : ""))
        repl_say(&out);
    buf_free(&out);
}

/* No Omnitron, no journal, somebody holds it: nothing has changed then. */
static bool open_live(struct session *s, struct error *err)
{
    const struct session_options *o = s->options;
    int at_once = s->script.at_once;

    if (!o->endpoint.origin)
        return error_set(err, ERROR_USAGE, "%s", o->endpoint.no_token);
    if (session_lock(s, "repl", NULL, err) &&
        session_go_live(s, at_once, NULL, err))
        return true;
    session_end_live(s);
    return false;
}

static bool go_live(struct repl *repl)
{
    struct error err;

    if (repl_line_is_live(repl)) {
        say_live(repl);
        return true;
    }
    if (!open_live(&repl->session, &err)) {
        repl_complain(repl, err.text);
        return true;
    }
    if (!repl_line_set_live(repl, true, &err)) {
        repl_complain(repl, err.text);
        repl_command_plan(repl);
        return true;
    }
    say_live(repl);
    return true;
}

/* "3 released, 1 rejected. …" */
static void say_end(const struct delivery_tally *tally)
{
    const struct script_rows none = {0};
    struct buf out = {0};

    bool ok = buf_puts(&out, "Not live any more: ") &&
              counts_put(&none, tally, false, &out) && buf_puts(&out, ".\n");
    if (ok)
        repl_say(&out);
    buf_free(&out);
    if (tally->by_verdict[VERDICT_UNKNOWN])
        say("What is unknown a person settles: omnitron journal settle\n");
}

/* Sends nothing more; waits until what is on its way is in the journal. */
static void drain(struct session *s)
{
    if (loop_busy(&s->loop))
        say("Waiting for what is on its way.\n");
    delivery_leave(s->loop.delivery);
    while (loop_busy(&s->loop))
        session_turn(s);
}

static bool end_run(struct journal *journal, struct error *err)
{
    return !journal_failed(journal, err) &&
           journal_end_run(journal, "", EXIT_DONE, err);
}

void repl_command_plan(struct repl *repl)
{
    struct session *s = &repl->session;
    struct error err;

    if (!repl_line_is_live(repl))
        return;
    tasks_close(&s->state.tasks);
    drain(s);
    repl_line_collect(repl);
    struct delivery_tally tally = *delivery_tally(s->loop.delivery);
    bool ok = end_run(s->loop.journal, &err);
    session_end_live(s);
    if (!ok && !repl->disk_failed)
        repl_complain(repl, err.text);
    repl->disk_failed |= !ok;
    if (!repl_line_set_live(repl, false, &err))
        repl_complain(repl, err.text);
    s->script.planning = true;
    say_end(&tally);
}

static bool go_back(struct repl *repl)
{
    repl_command_plan(repl);
    return true;
}

static bool help_out(struct repl *repl)
{
    (void)repl;
    say(help);
    return true;
}

static bool quit(struct repl *repl)
{
    (void)repl;
    return false;
}

static const struct {
    const char *name;
    bool (*run)(struct repl *repl);
} commands[] = {
    {":help", help_out},
    {":live", go_live},
    {":plan", go_back},
    {":quit", quit},
};

bool repl_command(struct repl *repl, const char *line)
{
    size_t len = strcspn(line, " \t");

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strlen(commands[i].name) == len &&
            strncmp(commands[i].name, line, len) == 0 &&
            line[len + strspn(line + len, " \t")] == '\0')
            return commands[i].run(repl);
    repl_complain(repl, "there is :live, :plan, :help and :quit");
    return true;
}
