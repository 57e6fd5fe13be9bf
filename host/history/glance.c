#include "history/glance.h"

#include "journal/bind.h"
#include "journal/row.h"
#include "journal/sql.h"
#include "journal/view.h"

#include <stdio.h>
#include <string.h>

enum { RUNS_COMPARED = 20 };

static int take_run(sqlite3_stmt *stmt, void *arg)
{
    struct glance *out = arg;
    const char *script = row_text(stmt, 4);

    if (!script)
        return SQLITE_NOMEM;
    out->run = sqlite3_column_int64(stmt, 0);
    out->started_at = sqlite3_column_int64(stmt, 1);
    out->ended_at = sqlite3_column_int64(stmt, 2);
    out->exit = sqlite3_column_type(stmt, 3) == SQLITE_NULL
                    ? -1
                    : sqlite3_column_int(stmt, 3);
    snprintf(out->script, sizeof out->script, "%s", script);
    return SQLITE_OK;
}

static int take_open(sqlite3_stmt *stmt, void *arg)
{
    struct glance *out = arg;
    const char *name = row_text(stmt, 0);
    enum journal_state state;

    if (!name)
        return SQLITE_NOMEM;
    if (!journal_state_read(name, &state))
        return SQLITE_CORRUPT;
    out->open[state] = sqlite3_column_int64(stmt, 1);
    out->oldest[state] = sqlite3_column_int64(stmt, 2);
    return SQLITE_OK;
}

static int take_conflicts(sqlite3_stmt *stmt, void *arg)
{
    struct glance *out = arg;

    out->conflicts = sqlite3_column_int64(stmt, 0);
    out->oldest_conflict = sqlite3_column_int64(stmt, 1);
    return SQLITE_OK;
}

static int take_number(sqlite3_stmt *stmt, void *arg)
{
    *(int64_t *)arg = sqlite3_column_int64(stmt, 0);
    return SQLITE_OK;
}

static bool ask(struct store *store, const char *sql, const int64_t *number,
    bind_take *take, void *arg, struct error *err)
{
    struct bind bind = {.stmt = store_prepare(store, sql, err)};

    if (bind.stmt && number)
        bind_number(&bind, *number);
    return bind.stmt && bind_once_each(store, &bind, take, arg, err);
}

/* Of the runs of a day the rows are found by their run: nothing is read that
 * is older. */
static bool read_all(struct store *store, int64_t midnight, struct glance *out,
    struct error *err)
{
    static const char runs[] =
        "SELECT id, started_at, coalesce(ended_at, 0), exit,"
        " coalesce(script, '') FROM run ORDER BY id DESC LIMIT 1";
    static const char released[] =
        "SELECT count(*) FROM release WHERE run IN"
        " (SELECT id FROM run WHERE started_at >= ?) AND state = 'confirmed'";
    static const char open[] =
        "SELECT state, count(*), min(first_at) FROM release"
        " WHERE state <> 'confirmed' GROUP BY state";
    static const char conflicts[] =
        "SELECT count(*), coalesce(min(first_at), 0) FROM conflict"
        " WHERE " SQL_CONFLICT_LASTS;
    static const char usual[] =
        "SELECT coalesce(max(gap), 0) FROM (SELECT started_at"
        " - lag(started_at) OVER (ORDER BY id) AS gap FROM run"
        " ORDER BY id DESC LIMIT ?)";
    static const char bytes[] = "SELECT page_count * page_size"
                                " FROM pragma_page_count, pragma_page_size";
    const int64_t compared = RUNS_COMPARED;

    return ask(store, runs, NULL, take_run, out, err) &&
           ask(store, released, &midnight, take_number, &out->released, err) &&
           ask(store, open, NULL, take_open, out, err) &&
           ask(store, conflicts, NULL, take_conflicts, out, err) &&
           ask(store, usual, &compared, take_number, &out->usual_ms, err) &&
           ask(store, bytes, NULL, take_number, &out->bytes, err);
}

static void forget(struct glance *out)
{
    *out = (struct glance){.exit = -1};
}

bool glance(
    const char *path, int64_t midnight, struct glance *out, struct error *err)
{
    struct view view;

    forget(out);
    if (!view_open(&view, path, err))
        return false;
    bool ok = read_all(&view.store, midnight, out, err);
    if (!view_settled(&view)) {
        forget(out);
        ok =
            view_again(&view, err) && read_all(&view.store, midnight, out, err);
    }
    view_close(&view);
    return ok;
}
