/* omnitron journal settle, cancel, retry: a person decides. */
#include "history/settle.h"

#include "base/json_put.h"
#include "cli/operator.h"
#include "cli/show.h"
#include "ending/lock_wait.h"
#include "inspect/journal_items.h"
#include "inspect/journal_own.h"

#include <stdio.h>
#include <string.h>

enum { WAIT_MS = 10000 };

/* An option that means every row of a state. */
struct whole {
    const char *option; // NULL: none
    enum journal_state state;
};

/* A word, and how its items may be named besides one by one. */
struct decision {
    const char *word;
    struct whole all[3];
    bool from, note;     // there is --from; --note is a must
    const char *example; // of a note
    const char *names;   // how the items are named
};

static const struct decision settling = {"settle",
    {{"all-unknown", JOURNAL_UNKNOWN}, {"all-rejected", JOURNAL_REJECTED}},
    true, true, "seen in the panel",
    "items, --all-unknown, --all-rejected or --from FILE"};
static const struct decision cancelling = {"cancel",
    {{"pending", JOURNAL_PENDING}, {"rejected", JOURNAL_REJECTED}}, false, true,
    "the customer took the order back", "items, --pending or --rejected"};
static const struct decision retrying = {"retry",
    {{"rejected", JOURNAL_REJECTED}}, false, false, "the host has the item now",
    "items or --rejected"};

/* NULL: items are named. */
static const struct whole *whole_of(
    const struct decision *d, const struct arguments *args)
{
    for (const struct whole *all = d->all; all->option; all++)
        if (arguments_given(args, all->option))
            return all;
    return NULL;
}

static bool check_note(
    const struct decision *d, const char *note, struct error *err)
{
    return (!note && !d->note) ||
           journal_check_note(d->word, note, d->example, err);
}

static bool check_source(const struct decision *d, const struct arguments *args,
    int count, struct error *err)
{
    int named = (count > 0) + (d->from && arguments_given(args, "from"));

    for (const struct whole *all = d->all; all->option; all++)
        named += arguments_given(args, all->option);
    return named == 1 || error_set(err, ERROR_USAGE, "%s takes %s: one of them",
                             d->word, d->names);
}

static bool take_items(const struct decision *d, const struct arguments *args,
    int count, char **words, struct journal_items *items, struct error *err)
{
    const char *file = d->from ? arguments_text(args, "from") : NULL;

    return file ? journal_items_read(items, file, err)
                : journal_items_take(items, count, words, err);
}

static bool put_result(struct buf *out, const char *path,
    const struct settle_order *order, const struct settle_result *result)
{
    static const char *const decisions[] = {[SETTLE_DONE] = "done",
        [SETTLE_NOT_DONE] = "not_done",
        [SETTLE_CANCEL] = "cancel",
        [SETTLE_RETRY] = "retry"};

    return buf_putc(out, '{') && json_put_member_text(out, "path", path) &&
           json_put_member_text(out, "decision", decisions[order->what]) &&
           json_put_member_text(out, "state",
               order->all ? journal_state_name(order->state) : "") &&
           json_put_member_int(out, "rows", result->rows) &&
           json_put_member_int(out, "restored", result->restored) &&
           json_put_member_int(out, "conflicts", result->conflicts) &&
           buf_putc(out, '}');
}

static bool say(const char *path, const struct settle_order *order,
    const struct settle_result *result, struct error *err)
{
    struct buf record = {0}, out = {0};
    bool ok = (put_result(&record, path, order, result) || error_memory(err)) &&
              show_once("journal_settle", NULL, &record, &out, err);

    command_print(&out);
    buf_free(&record);
    return ok;
}

static bool carry_out(const struct decision *d, const struct arguments *args,
    enum settle_what what, struct journal_items *items, struct error *err)
{
    const struct whole *all = whole_of(d, args);
    char who[OPERATOR_MAX], script[40];
    struct journal_place place;
    struct settle_result result = {0};
    struct settle_order order = {.what = what,
        .count = items->count,
        .all = all != NULL,
        .state = all ? all->state : JOURNAL_STATES,
        .who = who,
        .note = arguments_text(args, "note"),
        .script = script};

    if (!journal_place_find(args, NULL, &place, err))
        return false;
    operator_name(who);
    snprintf(script, sizeof script, "omnitron journal %s", d->word);
    order.items = (const void *)items->items.data;
    bool ok = settle(place.path, &order, &result, err);
    if (!ok && err->kind == ERROR_HELD) {
        lock_wait_say_waiting(place.path);
        order.wait_ms = WAIT_MS;
        ok = settle(place.path, &order, &result, err);
    }
    if (ok)
        return say(place.path, &order, &result, err);
    if (result.refused < items->count)
        journal_items_blame(items, result.refused, err);
    return false;
}

static bool decide(const struct decision *d, const struct arguments *args,
    enum settle_what what, int count, char **words, struct error *err)
{
    struct journal_items items = {0};
    bool ok = check_source(d, args, count, err) &&
              check_note(d, arguments_text(args, "note"), err) &&
              take_items(d, args, count, words, &items, err) &&
              carry_out(d, args, what, &items, err);

    journal_items_fini(&items);
    return ok;
}

bool journal_word_settle(
    const struct arguments *args, int count, char **words, struct error *err)
{
    bool done = arguments_given(args, "done");

    if (done == arguments_given(args, "not-done"))
        return error_set(err, ERROR_USAGE,
            "settle needs --done or --not-done: whether the host has it");
    return decide(&settling, args, done ? SETTLE_DONE : SETTLE_NOT_DONE, count,
        words, err);
}

bool journal_word_cancel(
    const struct arguments *args, int count, char **words, struct error *err)
{
    return decide(&cancelling, args, SETTLE_CANCEL, count, words, err);
}

bool journal_word_retry(
    const struct arguments *args, int count, char **words, struct error *err)
{
    return decide(&retrying, args, SETTLE_RETRY, count, words, err);
}
