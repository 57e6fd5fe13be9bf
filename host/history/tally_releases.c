/* The releases that were written last in the stretch: each row once, its
 * numbers added up as it passes, for SQL's GROUP BY would sort them all.
 *
 * What a run wrote is found by the small index of its number; what a person
 * settled or took back keeps the run that wrote it, and is found by the audit
 * row of that. Together that is every row whose last_at lies in the
 * stretch. */
#include "history/tally_own.h"
#include "history/tally_read.h"
#include "journal/row.h"

#include <string.h>

#define COLUMNS "order_item_id, state, last_at, ms, sent"

struct slow {
    int64_t item, ms;
};

struct work {
    struct tally *tally;
    struct slow slow[TALLY_SLOWEST]; // the slowest first
    size_t slow_count;
};

static void keep_slow(struct work *work, int64_t item, int64_t ms)
{
    size_t at = work->slow_count;

    while (at > 0 && work->slow[at - 1].ms < ms)
        at--;
    if (at == TALLY_SLOWEST)
        return;
    if (work->slow_count < TALLY_SLOWEST)
        work->slow_count++;
    memmove(&work->slow[at + 1], &work->slow[at],
        (work->slow_count - 1 - at) * sizeof *work->slow);
    work->slow[at] = (struct slow){item, ms};
}

static int take_release(sqlite3_stmt *stmt, void *arg)
{
    enum { ITEM, STATE, LAST_AT, MS, SENT };
    struct work *work = arg;
    struct tally *tally = work->tally;
    enum journal_state state;
    int rc = tally_state(tally, stmt, STATE, &state);

    if (rc != SQLITE_OK)
        return rc;
    int64_t at = sqlite3_column_int64(stmt, LAST_AT);
    struct tally_cell *cell =
        &tally->cells[calendar_find(&tally->calendar, at)];
    cell->by_state[state]++;
    tally->by_state[state]++;
    if (!sqlite3_column_int(stmt, SENT) ||
        sqlite3_column_type(stmt, MS) == SQLITE_NULL)
        return SQLITE_OK;
    int64_t ms = sqlite3_column_int64(stmt, MS);
    histogram_add(&cell->took, ms);
    histogram_add(&tally->took, ms);
    keep_slow(work, sqlite3_column_int64(stmt, ITEM), ms);
    return SQLITE_OK;
}

static int take_slow(sqlite3_stmt *stmt, void *arg)
{
    enum { LAST_AT = 8 };

    return tally_row_keep(
        arg, TALLY_SLOWEST, stmt, sqlite3_column_int64(stmt, LAST_AT));
}

static bool look_up(struct store *store, struct work *work, struct error *err)
{
    for (size_t i = 0; i < work->slow_count; i++) {
        const struct tally_question question = {"SELECT " TALLY_ROW_COLUMNS
                                                ", last_at FROM release"
                                                " WHERE order_item_id = ?",
            {work->slow[i].item}, 1, take_slow, &work->tally->slowest};

        if (!tally_ask(store, &question, err))
            return false;
    }
    return true;
}

bool tally_releases_take(struct store *store, struct tally *tally,
    int64_t first_run, struct error *err)
{
    struct work work = {.tally = tally};
    const int64_t from = tally->calendar.from;
    const struct tally_question written = {
        "SELECT " COLUMNS " FROM release WHERE run >= ? AND last_at >= ?",
        {first_run, from}, 2, take_release, &work};
    const struct tally_question settled = {
        "SELECT " COLUMNS " FROM release WHERE order_item_id IN"
        " (SELECT order_item_id FROM audit WHERE at >= ?2)"
        " AND run < ?1 AND last_at >= ?2",
        {first_run, from}, 2, take_release, &work};

    return tally_ask(store, &written, err) && tally_ask(store, &settled, err) &&
           look_up(store, &work, err);
}
