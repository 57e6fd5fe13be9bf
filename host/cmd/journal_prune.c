/* omnitron journal prune: what nobody asks for any more. */
#include "history/prune.h"

#include "base/clock.h"
#include "base/json_put.h"
#include "cli/show.h"
#include "ending/lock_wait.h"
#include "inspect/journal_own.h"

static const int64_t day_ms = INT64_C(24) * 60 * 60 * 1000;

enum { WAIT_MS = 10000, KEPT_DAYS = 400 };

static bool put_result(struct buf *out, const char *path, int64_t before,
    const struct prune_result *r)
{
    const struct {
        const char *name;
        int64_t n;
    } numbers[] = {{"before", before}, {"releases", r->releases},
        {"attempts", r->attempts}, {"audits", r->audits}, {"inputs", r->inputs},
        {"summaries", r->summaries}, {"runs", r->runs},
        {"bytes_before", r->bytes_before}, {"bytes_after", r->bytes_after},
        {"bytes_free", r->bytes_free}, {"bytes_needed", r->bytes_needed}};
    bool ok = buf_putc(out, '{') && json_put_member_text(out, "path", path);

    for (size_t i = 0; ok && i < sizeof numbers / sizeof *numbers; i++)
        ok = json_put_member_int(out, numbers[i].name, numbers[i].n);
    return ok && buf_putc(out, '}');
}

static bool say(const char *path, int64_t before,
    const struct prune_result *result, struct error *err)
{
    struct buf record = {0}, out = {0};
    bool ok =
        (put_result(&record, path, before, result) || error_memory(err)) &&
        show_once("journal_prune", NULL, &record, &out, err);

    command_print(&out);
    buf_free(&record);
    return ok;
}

bool journal_word_prune(
    const struct arguments *args, int count, char **words, struct error *err)
{
    struct journal_place place;
    struct prune_result result;
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
    return ok && say(place.path, order.before, &result, err);
}
