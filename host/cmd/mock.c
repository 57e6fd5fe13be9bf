/* omnitron mock: the simulated Omnitron as a program of its own. */
#include "mock/mock.h"

#include "cmd/command.h"

#include <signal.h>
#include <stdio.h>

static bool read_options(
    const struct arguments *args, struct mock_options *out, struct error *err)
{
    int64_t port, latency, seed;
    const char *fault = arguments_text(args, "fault");
    const char *items = arguments_text(args, "items");
    const char *repeat = arguments_text(args, "repeat");

    if (!arguments_number(args, "port", 0, 0, &port, err) ||
        !arguments_number(args, "latency", 0, 0, &latency, err) ||
        !arguments_number(args, "seed", 0, 1, &seed, err))
        return false;
    if (port > 65535)
        return error_set(err, ERROR_USAGE, "--port is at most 65535");
    if (latency > 600000)
        return error_set(err, ERROR_USAGE, "--latency is at most 600000 ms");
    out->port = (uint16_t)port;
    out->latency_ms = (unsigned)latency;
    out->seed = (uint64_t)seed;
    out->token = arguments_text(args, "token");
    return (!items || mock_read_items(items, out, err)) &&
           (!fault || mock_read_fault(fault, out, err)) &&
           (!repeat || mock_read_repeat(repeat, out, err));
}

/* Signals are blocked before the mock's thread starts, so that it inherits
 * the mask and this one takes them. */
static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigprocmask(SIG_BLOCK, set, NULL);
}

static int run(const struct arguments *args)
{
    struct mock_options options = {0};
    struct error err;
    sigset_t set;
    int caught;

    if (args->plain_count) {
        error_set(&err, ERROR_USAGE, "mock takes options only, not \"%s\"",
            args->plain[0]);
        return command_fail(&err);
    }
    if (!read_options(args, &options, &err))
        return command_fail(&err);
    block_signals(&set);
    struct mock *mock = mock_start(&options, &err);
    if (!mock)
        return command_fail(&err);
    puts(mock_url(mock));
    fflush(stdout);
    sigwait(&set, &caught);
    mock_stop(mock);
    return 0;
}

static const struct option_row options_rows[] = {
    {"port", 0, "N", false, false, "0, the default: the system chooses"},
    {"latency", 0, "MS", false, false, "before each reply"},
    {"items", 0, "FIRST-LAST", false, false,
        "the order items that exist (all but 99999)"},
    {"fault", 0, "drop-after=RATE", false, false,
        "apply, then close without a reply"},
    {"seed", 0, "N", false, false, "of the faults' choices"},
    {"repeat", 0, "WORD", false, false,
        "a second create_mapping: same accept refuse overwrite"},
    {"token", 0, "TOKEN", false, false, "the token it takes (mock)"},
    {0},
};

const struct command command_mock = {
    .name = "mock",
    .usage = "mock [OPTION...]",
    .summary = "a simulated Omnitron on 127.0.0.1",
    .details = "Prints its URL and works until it is ended. What it got:\n"
               "GET /__mock__/ledger\n",
    .options = options_rows,
    .run = run,
};
