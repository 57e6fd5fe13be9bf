/* omnitron journal prune: what nobody asks for any more. */
#include "history/prune.h"

#include "base/clock.h"
#include "base/escape.h"
#include "ending/lock_wait.h"
#include "inspect/journal_own.h"

#include <stdio.h>

static const int64_t day_ms = INT64_C(24) * 60 * 60 * 1000;

enum { WAIT_MS = 10000, KEPT_DAYS = 400 };

static bool put_count(
    struct buf *out, int64_t n, const char *one, const char *many)
{
    return n == 0 ||
           buf_printf(out, "%10lld %s\n", (long long)n, n == 1 ? one : many);
}

static bool put_dropped(struct buf *out, const struct prune_result *result)
{
    return put_count(out, result->releases,
               "release's words, reply and row as the rule saw it",
               "releases' words, replies and rows as the rule saw them") &&
           put_count(
               out, result->attempts, "earlier attempt", "earlier attempts") &&
           put_count(out, result->audits,
               "audit row of the program's own (people's stay)",
               "audit rows of the program's own (people's stay)") &&
           put_count(out, result->inputs, "input row that became no release",
               "input rows that became no release") &&
           put_count(
               out, result->summaries, "run's summary", "runs' summaries") &&
           put_count(out, result->runs, "run that no row names",
               "runs that no row names");
}

static double mib(int64_t bytes)
{
    return (double)bytes / (1 << 20);
}

static bool put_size(struct buf *out, const struct prune_result *result)
{
    bool ok = buf_printf(out, "The file: %.1f MiB before, %.1f MiB now",
        mib(result->bytes_before), mib(result->bytes_after));

    if (ok && result->bytes_free >= 1 << 16)
        ok = buf_printf(out, ", %.1f MiB of them free for what comes",
            mib(result->bytes_free));
    ok = ok && buf_puts(out, ".\n");
    if (ok && result->bytes_needed)
        ok = buf_printf(out,
            "To make it smaller, its disk needs %.0f MiB of room.\n",
            mib(result->bytes_needed));
    return ok;
}

static bool say(const char *path, const char *before,
    const struct prune_result *result, struct error *err)
{
    struct buf out = {0};
    struct buf dropped = {0};
    bool ok = put_dropped(&dropped, result) &&
              buf_puts(&out, dropped.len ? "Dropped from " : "") &&
              escape_put(&out, path, SIZE_MAX) &&
              (dropped.len ? buf_printf(&out, ", of what ended before %s:\n%s",
                                 before, buf_text(&dropped))
                           : buf_printf(&out,
                                 " has nothing to drop that ended before %s.\n",
                                 before)) &&
              put_size(&out, result);

    buf_free(&dropped);
    command_print(&out);
    return ok || error_memory(err);
}

bool journal_word_prune(
    const struct arguments *args, int count, char **words, struct error *err)
{
    struct journal_place place;
    struct prune_result result;
    char before[CLOCK_TEXT_MAX];
    int64_t age_ms = 0;

    (void)words;
    if (count > 0)
        return error_set(err, ERROR_USAGE,
            "prune takes no item: it goes by age. --profile FILE names "
            "another customer.");
    if (!arguments_duration(args, "older-than", &age_ms, err) ||
        !journal_place_find(args, NULL, &place, err))
        return false;
    struct prune_order order = {
        .before = clock_wall_ms() - (age_ms ? age_ms : KEPT_DAYS * day_ms),
        .script = "omnitron journal prune"};
    bool ok = prune(place.path, &order, &result, err);
    if (!ok && err->kind == ERROR_HELD) {
        lock_wait_say_waiting(place.path);
        order.wait_ms = WAIT_MS;
        ok = prune(place.path, &order, &result, err);
    }
    return ok &&
           say(place.path, clock_local(order.before, before), &result, err);
}
