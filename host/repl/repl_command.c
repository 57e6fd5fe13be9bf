#include "ending/counts.h"
#include "repl/repl_own.h"
#include "session/signals.h"

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
    const struct repl_options *o = repl->options;
    struct buf out = {0};

    if (buf_printf(&out,
            "Live: what is released from here on goes to %s.\n"
            "%s%s%s; :plan goes back.\n",
            o->host, o->journal ? "The journal " : "The journal is thrown away",
            o->journal ? o->journal : "", o->journal ? " is locked" : ""))
        repl_say(&out);
    buf_free(&out);
}

static bool go_live(struct repl *repl)
{
    struct error err;

    if (repl->live.open) {
        say_live(repl);
        return true;
    }
    if (!repl_live_open(
            &repl->live, repl->options, &repl->loop, &repl->host, &err)) {
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

/* Leaving, the second signal ends the program where it stands. */
static void listen(void *arg)
{
    struct repl *repl = arg;

    if (repl->leaving)
        signals_take(repl->options->signal_fd);
    else
        repl_line_listen(repl);
}

static void drain(struct repl *repl)
{
    if (loop_busy(&repl->loop))
        say("Waiting for what is on its way.\n");
    repl_live_drain(&repl->loop, listen, repl);
}

void repl_command_plan(struct repl *repl)
{
    struct error err;

    if (!repl->live.open)
        return;
    tasks_close(&repl->state.tasks);
    drain(repl);
    repl_line_collect(repl);
    struct delivery_tally tally = *delivery_tally(repl->loop.delivery);
    repl->host.token = repl->token;
    if (!repl_live_close(&repl->live, &repl->loop, &err)) {
        if (!repl->disk_failed)
            repl_complain(repl, err.text);
        repl->disk_failed = true;
    }
    if (!repl_line_set_live(repl, false, &err))
        repl_complain(repl, err.text);
    repl->host.planning = true;
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
