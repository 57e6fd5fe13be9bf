/* omnitron mock: the simulated Omnitron as a program of its own. */
#include "mock/mock.h"

#include "base/say.h"
#include "cli/command.h"
#include "ending/leave_signal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static bool read_faults(
    const struct arguments *args, struct mock_options *out, struct error *err)
{
    const char *texts[OPTION_VALUES_MAX];
    size_t count = arguments_list(args, "fault", texts, OPTION_VALUES_MAX);

    for (size_t i = 0; i < count; i++)
        if (!mock_read_fault(texts[i], out, err))
            return false;
    return true;
}

static bool read_limit_kind(
    const struct arguments *args, struct limit_options *out, struct error *err)
{
    const char *kind = arguments_text(args, "limit-kind");
    const char *header = arguments_text(args, "limit-header");

    if (kind && !limit_kind_read(kind, out))
        return error_set(err, ERROR_USAGE,
            "--limit-kind is one of %s, not \"%s\"", limit_kinds(), kind);
    if (header && strcmp(header, "yes") != 0 && strcmp(header, "no") != 0)
        return error_set(err, ERROR_USAGE,
            "--limit-header is yes or no, not \"%s\"", header);
    if (header)
        out->told = header[0] == 'y';
    return true;
}

static bool read_limit(
    const struct arguments *args, struct limit_options *out, struct error *err)
{
    const char *limit = arguments_text(args, "limit");

    if (limit && !limit_read(limit, out))
        return error_set(err, ERROR_USAGE,
            "--limit is at most %d requests for a time: 100/s, 60/min, 20/10s, "
            "or several: 10/s,1000/h; not \"%s\"",
            LIMIT_NUMBER_MAX, limit);
    if (!arguments_number(args, "limit-burst", 1, 0, &out->burst, err))
        return false;
    if (out->burst > LIMIT_NUMBER_MAX)
        return error_set(
            err, ERROR_USAGE, "--limit-burst is at most %d", LIMIT_NUMBER_MAX);
    return read_limit_kind(args, out, err);
}

static bool read_options(
    const struct arguments *args, struct mock_options *out, struct error *err)
{
    int64_t port, latency, seed, uses;
    const char *outage = arguments_text(args, "outage");
    const char *items = arguments_text(args, "items");
    const char *repeat = arguments_text(args, "repeat");

    if (!arguments_number(args, "port", 0, 0, &port, err) ||
        !arguments_number(args, "latency", 0, 0, &latency, err) ||
        !arguments_number(args, "seed", 0, 1, &seed, err) ||
        !arguments_number(args, "token-uses", 1, 0, &uses, err))
        return false;
    if (port > 65535)
        return error_set(err, ERROR_USAGE, "--port is at most 65535");
    if (latency > 600000)
        return error_set(err, ERROR_USAGE, "--latency is at most 600000 ms");
    if (uses > 1000000000)
        return error_set(
            err, ERROR_USAGE, "--token-uses is at most 1000000000");
    out->port = (uint16_t)port;
    out->latency_ms = (unsigned)latency;
    out->seed = (uint64_t)seed;
    out->token = arguments_text(args, "token");
    out->password = arguments_text(args, "password");
    out->token_uses = (unsigned)uses;
    out->cert = arguments_text(args, "cert");
    out->key = arguments_text(args, "key");
    out->serve = arguments_text(args, "serve");
    return (!items || mock_read_items(items, out, err)) &&
           (!outage || mock_read_outage(outage, out, err)) &&
           read_faults(args, out, err) && read_limit(args, &out->limit, err) &&
           (!repeat || mock_read_repeat(repeat, out, err));
}

/* Signals are blocked before the mock's thread starts, so that it inherits
 * the mask and this one takes them. */
static void block_signals(sigset_t *set)
{
    leave_signal_fill(set);
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
    say_format(stdout, "%s\n", mock_url(mock));
    fflush(stdout);
    sigwait(&set, &caught);
    mock_stop(mock);
    return 0;
}

static const struct option_row options_rows[] = {
    {"port", 0, "N", false, false, "0, the default: the system chooses"},
    {"latency", 0, "MS", false, false, "before each reply"},
    {"limit", 0, "N/TIME,...", false, false,
        "requests: 100/s 60/min 20/10s; 429 above it"},
    {"limit-kind", 0, "KIND", false, false,
        "how they are counted: bucket drf window nginx"},
    {"limit-burst", 0, "N", false, false,
        "of a bucket or nginx (a tenth of a second's; 0)"},
    {"limit-header", 0, "WORD", false, false,
        "Retry-After with a 429: yes no (yes for drf)"},
    {"items", 0, "FIRST-LAST", false, false,
        "the order items that exist (all but 99999)"},
    {"fault", 0, "FAULT,...", true, false, "what goes wrong: see below"},
    {"seed", 0, "N", false, false, "of the faults' choices"},
    {"outage", 0, "KIND", false, false, "every request fails: see below"},
    {"repeat", 0, "WORD", false, false,
        "a second mapping: same accept refuse overwrite"},
    {"token", 0, "TOKEN", false, false, "the token it takes (mock)"},
    {"password", 0, "PASSWORD", false, false,
        "of its user, who is called mock (mock)"},
    {"token-uses", 0, "N", false, false,
        "requests a token is good for; a log-in renews it"},
    {"serve", 0, "DIR", false, false, "recorded replies of an ERP: see below"},
    {"cert", 0, "FILE", false, false, "https with this certificate (PEM)"},
    {"key", 0, "FILE", false, false, "the certificate's key (PEM)"},
    {0},
};

static const char canned_help[] =
    "\nDIR/replies.json says what else is answered, beside the Omnitron:\n"
    "  { \"POST /jsonrpc\": \"lines.json\",\n"
    "    \"GET /orders?page=2\": { \"status\": 503, \"delay\": 2 },\n"
    "    \"GET /jobs/7\": [ { \"json\": { \"done\": false } }, \"done.json\" ] "
    "}\n"
    "A key is a method and a path, with a query for that query alone. A reply\n"
    "is a file in DIR, or an object of status, headers, delay (seconds), "
    "close\n"
    "(true: no reply), when (a text: for bodies that have it) and one of "
    "file,\n"
    "body, json. A list is given one after the other, and then again.\n"
    "GET /__mock__/received tells what came.\n";

/* From the tables of faults and outages. */
static bool help(struct buf *out)
{
    return buf_puts(out,
               "\nA FAULT befalls create_mapping: a share of them, FAULT=0.05, "
               "or the first N\nof one order item, FAULT@46761*N, or all of "
               "them, FAULT@46761. FAULT is one of\n") &&
           mock_help_faults(out) &&
           buf_puts(
               out, "\nAn outage befalls every request. KIND is one of\n") &&
           mock_help_outages(out) && buf_puts(out, canned_help);
}

static bool values(const char *option, struct buf *out)
{
    if (strcmp(option, "fault") == 0)
        return mock_help_faults(out);
    if (strcmp(option, "outage") == 0)
        return mock_help_outages(out);
    return strcmp(option, "repeat") != 0 || mock_help_repeats(out);
}

const struct command command_mock = {
    .name = "mock",
    .usage = "mock [OPTION...]",
    .summary = "a simulated Omnitron on 127.0.0.1",
    .details =
        "Prints its URL and works until it is ended. What it got, and how it\n"
        "is broken and healed meanwhile:\n"
        "  GET /__mock__/ledger       every create_mapping by item\n"
        "  GET /__mock__/requests     how many, by method and route\n"
        "  POST /__mock__/fault       {\"fault\":\"status:503=0.5\"}, or null\n"
        "  POST /__mock__/outage      {\"kind\":\"503\"}, or null\n"
        "As in: curl -d '{\"kind\":\"503\"}' URL/__mock__/outage\n"
        "       curl -d null URL/__mock__/outage\n",
    .more = help,
    .options = options_rows,
    .values = values,
    .run = run,
};
