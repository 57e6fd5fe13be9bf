/* What is open now, whenever it began. */
#include "history/tally_own.h"
#include "history/tally_read.h"
#include "journal/row.h"
#include "journal/run_row.h"
#include "journal/sql.h"

static int take_open(sqlite3_stmt *stmt, void *arg)
{
    enum { SINCE = 8 };
    struct tally_open *open = arg;
    int64_t since = sqlite3_column_int64(stmt, SINCE);

    if (open->rows.len == 0)
        open->oldest = since;
    return tally_row_keep(&open->rows, TALLY_OPEN, stmt, since);
}

/* Unknown since it was sent; pending since it was asked for first; rejected
 * since the host's word. The words of the index release_open stand in each. */
#define OPEN(since, states)                                                    \
    "SELECT " TALLY_ROW_COLUMNS ", " since " AS since FROM release"            \
    " WHERE state <> 'confirmed' AND " states " ORDER BY since LIMIT ?1"

static const char unknown[] =
    OPEN("coalesce(started_at, last_at)", "state = 'unknown'");
static const char unknown_or_sending[] = OPEN("coalesce(started_at, last_at)",
    "(state = 'unknown' OR state = 'sending')");
static const char rejected[] = OPEN("last_at", "state = 'rejected'");
static const char pending[] = OPEN("first_at", "state = 'pending'");

/* What was asked, and the state of the row that it contradicts; with
 * unique_codes that may be another item's. */
static const char conflicts[] =
    "SELECT order_item_id, conflict.code, coalesce(conflict.name, ''),"
    " coalesce(conflict.source, ''),"
    " coalesce('the item has ' || r.code, 'another item has that code'),"
    " coalesce(state, 'confirmed'), NULL, NULL, conflict.first_at"
    " FROM conflict LEFT JOIN release r USING (order_item_id)"
    " WHERE " SQL_CONFLICT_LASTS " ORDER BY conflict.first_at LIMIT ?1";

static bool count_all(
    struct store *store, struct tally *tally, struct error *err)
{
    int64_t confirmed = 0;

    if (!store_number(store, "SELECT count(*) FROM release", &confirmed, err) ||
        !run_count_states(store,
            "SELECT state, count(*) FROM release WHERE state <> 'confirmed'"
            " GROUP BY state",
            tally->all, err) ||
        !store_number(store, SQL_CONFLICTS, &tally->conflicts.count, err))
        return false;
    if (!tally->run_alive) {
        tally->all[JOURNAL_UNKNOWN] += tally->all[JOURNAL_SENDING];
        tally->all[JOURNAL_SENDING] = 0;
    }
    for (int i = 0; i < JOURNAL_STATES; i++)
        confirmed -= tally->all[i];
    tally->all[JOURNAL_CONFIRMED] = confirmed;
    return true;
}

bool tally_open_take(
    struct store *store, struct tally *tally, struct error *err)
{
    const struct {
        const char *sql;
        struct tally_open *open;
    } all[] = {
        {tally->run_alive ? unknown : unknown_or_sending, &tally->unknown},
        {rejected, &tally->rejected}, {conflicts, &tally->conflicts},
        {pending, &tally->pending}};

    if (!count_all(store, tally, err))
        return false;
    tally->unknown.count = tally->all[JOURNAL_UNKNOWN];
    tally->rejected.count = tally->all[JOURNAL_REJECTED];
    tally->pending.count = tally->all[JOURNAL_PENDING];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const struct tally_question question = {
            all[i].sql, {TALLY_OPEN}, 1, take_open, all[i].open};

        if (!tally_ask(store, &question, err))
            return false;
    }
    return true;
}
