#include "history/tally.h"

#include "base/mem.h"
#include "history/tally_own.h"
#include "history/tally_read.h"
#include "journal/lock.h"
#include "journal/row.h"
#include "journal/view.h"

#include <string.h>

struct head {
    struct tally *tally;
    int64_t created_at;
};

static int take_head(sqlite3_stmt *stmt, void *arg)
{
    struct head *head = arg;
    const char *host = row_text(stmt, 0);

    mem_free(head->tally->host);
    head->tally->host = host ? mem_strdup(host) : NULL;
    head->created_at = sqlite3_column_int64(stmt, 1);
    return head->tally->host ? SQLITE_OK : SQLITE_NOMEM;
}

static bool make_cells(struct tally *tally, int64_t since, int64_t created_at,
    int64_t now, struct error *err)
{
    tally->from_start = created_at >= since;
    if (tally->from_start)
        since = created_at;
    if (since > now) // a clock that was set back
        since = now;
    if (!calendar_init(&tally->calendar, since, now))
        return error_memory(err);
    tally->cells = mem_calloc(tally->calendar.cell_count, sizeof *tally->cells);
    if (!tally->cells)
        return error_memory(err);
    for (size_t i = 0; i < tally->calendar.cell_count; i++)
        tally->cells[i].exit = TALLY_NO_RUN;
    return true;
}

/* The last run that began before the stretch may reach into it; runs do not
 * overlap, so none before that one does. */
static int take_number(sqlite3_stmt *stmt, void *arg)
{
    int64_t *number = arg;

    *number = sqlite3_column_int64(stmt, 0);
    return SQLITE_OK;
}

static bool find_first_run(struct store *store, const struct tally *tally,
    int64_t *first, struct error *err)
{
    const struct tally_question question = {
        "SELECT id FROM run WHERE started_at < ? ORDER BY id DESC LIMIT 1",
        {tally->calendar.from}, 1, take_number, first};

    *first = 0;
    return tally_ask(store, &question, err);
}

static bool take_all(struct store *store, struct tally *tally, int64_t since,
    int64_t now, struct error *err)
{
    struct head head = {tally, 0};
    const struct tally_question question = {
        "SELECT host, created_at FROM meta", {0}, 0, take_head, &head};
    int64_t first_run = 0;

    return tally_ask(store, &question, err) &&
           (tally->host || store_fail(store, SQLITE_CORRUPT, err)) &&
           make_cells(tally, since, head.created_at, now, err) &&
           find_first_run(store, tally, &first_run, err) &&
           tally_runs_take(store, tally, first_run, err) &&
           tally_releases_take(store, tally, first_run, err) &&
           tally_reasons_take(store, tally, err) &&
           tally_open_take(store, tally, err);
}

/* In a transaction that ends with the connection. */
static bool take_once(struct view *view, struct tally *tally, int64_t since,
    int64_t now, struct error *err)
{
    memset(tally, 0, sizeof *tally);
    tally->run_alive = lock_held(view->real);
    if (store_exec(&view->store, "BEGIN", err) &&
        take_all(&view->store, tally, since, now, err))
        return true;
    tally_fini(tally);
    return false;
}

bool tally_take(struct tally *tally, const char *path, int64_t since,
    int64_t now, struct error *err)
{
    struct view view;
    bool ok;

    if (!view_open(&view, path, err))
        return false;
    ok = take_once(&view, tally, since, now, err);
    if (!view_settled(&view)) {
        if (ok)
            tally_fini(tally);
        ok = view_again(&view, err) && take_once(&view, tally, since, now, err);
    }
    view_close(&view);
    return ok;
}

void tally_fini(struct tally *tally)
{
    struct tally_groups *groups[] = {&tally->refused, &tally->inputs,
        &tally->decisions, &tally->tries, &tally->runs.scripts};
    struct tally_rows *rows[] = {&tally->slowest, &tally->unknown.rows,
        &tally->rejected.rows, &tally->conflicts.rows, &tally->pending.rows};

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        tally_groups_fini(groups[i]);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tally_rows_fini(rows[i]);
    calendar_fini(&tally->calendar);
    mem_free(tally->cells);
    mem_free(tally->host);
    memset(tally, 0, sizeof *tally);
}

void tally_span(const struct tally *tally, size_t span, struct tally_cell *out)
{
    const struct calendar_span *cells = &tally->calendar.spans[span];

    memset(out, 0, sizeof *out);
    out->exit = TALLY_NO_RUN;
    for (size_t i = cells->first; i < cells->first + cells->len; i++) {
        const struct tally_cell *cell = &tally->cells[i];

        for (int state = 0; state < JOURNAL_STATES; state++)
            out->by_state[state] += cell->by_state[state];
        histogram_merge(&out->took, &cell->took);
        out->runs += cell->runs;
        out->exit = tally_exit_first(out->exit, cell->exit);
    }
}
