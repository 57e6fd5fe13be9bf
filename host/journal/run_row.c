#include "journal/run_row.h"

#include "base/clock.h"
#include "journal/bind.h"
#include "journal/row.h"
#include "journal/sql.h"

#include <string.h>
#include <unistd.h>

/* A statement used once, its parameters not yet bound. */
static bool prepare(
    struct store *store, struct bind *bind, const char *sql, struct error *err)
{
    *bind = (struct bind){.stmt = store_prepare(store, sql, err)};
    return bind->stmt != NULL;
}

static bool write_host(struct store *store, const char *host, struct error *err)
{
    struct bind bind;

    if (!prepare(store, &bind, "UPDATE meta SET host = ?", err))
        return false;
    bind_text(&bind, host);
    return bind_once(store, &bind, err);
}

static bool other_host(const struct store *store, const char *mine,
    const char *host, struct error *err)
{
    return error_set(err, ERROR_USAGE,
        "%s belongs to %s, not to %s. Each Omnitron needs a journal of its "
        "own: look at the url and the journal in profile.lua, or name another "
        "with --journal.",
        store->name, mine, host);
}

bool run_host_fits(
    struct store *store, const char *host, bool *fresh, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(store, "SELECT host FROM meta", err);
    const char *mine;
    bool ok;
    int rc;

    if (!stmt)
        return false;
    rc = sqlite3_step(stmt);
    mine = rc == SQLITE_ROW ? row_text(stmt, 0) : NULL;
    if (!mine) {
        if (rc == SQLITE_ROW)
            rc = SQLITE_NOMEM;
        ok = store_fail(store, rc == SQLITE_DONE ? SQLITE_CORRUPT : rc, err);
    } else {
        *fresh = !mine[0];
        ok = *fresh || strcmp(mine, host) == 0;
        if (!ok)
            other_host(store, mine, host, err);
    }
    sqlite3_finalize(stmt);
    return ok;
}

static bool settle_host(
    struct store *store, const char *host, struct error *err)
{
    bool fresh = false;

    if (!host)
        return true;
    if (!run_host_fits(store, host, &fresh, err))
        return false;
    return !fresh || write_host(store, host, err);
}

/* A run that died between the two writes of an attempt: whether the request
 * left nobody knows, so `sent` is taken as true. Its run stays in the row,
 * for it says which script it was. */
bool run_turn_orphans(struct store *store, struct error *err)
{
    int64_t now = clock_wall_ms();
    struct bind bind;

    if (!prepare(store, &bind,
            "INSERT INTO audit (order_item_id, at, who, what, note)"
            " SELECT order_item_id, ?, 'omnitron', 'found sending',"
            " 'its run ended before the outcome was written:"
            " it may have been applied'"
            " FROM release WHERE state <> 'confirmed' AND state = 'sending'",
            err))
        return false;
    bind_number(&bind, now);
    if (!bind_once(store, &bind, err))
        return false;
    if (!prepare(store, &bind,
            "UPDATE release SET state = 'unknown', sent = 1,"
            " outcome = 'unknown',"
            " why = 'its run ended before the outcome was written',"
            " last_at = ? WHERE state <> 'confirmed' AND state = 'sending'",
            err))
        return false;
    bind_number(&bind, now);
    return bind_once(store, &bind, err);
}

static bool index_codes(struct store *store, bool wanted, struct error *err)
{
    return !wanted || store_exec(store,
                          "CREATE INDEX IF NOT EXISTS release_code"
                          " ON release (code)",
                          err);
}

static bool write_run(struct store *store,
    const struct journal_options *options, int64_t *run, struct error *err)
{
    struct bind bind;

    if (!prepare(store, &bind,
            "INSERT INTO run (started_at, script, script_hash, host, pid)"
            " VALUES (?, ?, nullif(?, ''), ?, ?)",
            err))
        return false;
    bind_number(&bind, clock_wall_ms());
    bind_text(&bind, options->script);
    bind_text(&bind, options->script_hash);
    bind_text(&bind, options->host);
    bind_number(&bind, getpid());
    if (!bind_once(store, &bind, err))
        return false;
    *run = sqlite3_last_insert_rowid(store->db);
    return true;
}

bool run_begin(struct store *store, const struct journal_options *options,
    int64_t *run, struct error *err)
{
    if (store_exec(store, "BEGIN IMMEDIATE", err) &&
        settle_host(store, options->host, err) &&
        index_codes(store, options->unique_codes, err) &&
        run_turn_orphans(store, err) && write_run(store, options, run, err) &&
        store_exec(store, "COMMIT", err))
        return true;
    store_rollback(store);
    return false;
}

static int count_row(sqlite3_stmt *stmt, void *arg)
{
    int64_t *by_state = arg;
    const char *name = row_text(stmt, 0);
    enum journal_state state;

    if (!name)
        return SQLITE_NOMEM;
    if (!journal_state_read(name, &state))
        return SQLITE_CORRUPT;
    by_state[state] = sqlite3_column_int64(stmt, 1);
    return SQLITE_OK;
}

bool run_count_states(struct store *store, const char *sql,
    int64_t by_state[JOURNAL_STATES], struct error *err)
{
    struct bind bind = {.stmt = store_prepare(store, sql, err)};

    return bind.stmt && bind_once_each(store, &bind, count_row, by_state, err);
}

/* All states but one come from the small index release_open. */
static bool count_open(
    struct store *store, struct journal_counts *counts, struct error *err)
{
    return run_count_states(store,
        "SELECT state, count(*) FROM release WHERE state <> 'confirmed'"
        " GROUP BY state",
        counts->by_state, err);
}

/* The rest of all rows is confirmed; that would be the one long count. */
static bool count_confirmed(
    struct store *store, struct journal_counts *counts, struct error *err)
{
    int64_t rest = 0;
    int i;

    if (!store_number(store, "SELECT count(*) FROM release", &rest, err))
        return false;
    for (i = 0; i < JOURNAL_STATES; i++)
        rest -= counts->by_state[i];
    counts->by_state[JOURNAL_CONFIRMED] = rest;
    return true;
}

static bool count_repeated(struct store *store, int64_t run,
    struct journal_counts *counts, struct error *err)
{
    struct bind bind;
    int rc;

    if (!prepare(store, &bind,
            "SELECT count(*) FROM (SELECT 1 FROM release WHERE run = ?"
            " GROUP BY code HAVING count(*) > 1)",
            err))
        return false;
    bind_number(&bind, run);
    rc = bind_row(&bind);
    if (rc == SQLITE_ROW)
        counts->repeated_codes = sqlite3_column_int64(bind.stmt, 0);
    else
        store_fail(store, rc, err);
    sqlite3_finalize(bind.stmt);
    return rc == SQLITE_ROW;
}

/* The first state is for the small index. */
static bool find_refused(
    struct store *store, struct journal_counts *counts, struct error *err)
{
    return store_number(store, SQL_CONFLICTS, &counts->conflicts, err) &&
           store_number(store,
               "SELECT coalesce(min(first_at), 0) FROM (SELECT first_at"
               " FROM release WHERE state <> 'confirmed'"
               "  AND state = 'rejected' UNION ALL SELECT first_at"
               " FROM conflict WHERE " SQL_CONFLICT_LASTS ")",
               &counts->refused_since, err);
}

/* Of what came to no whole answer there is no one status. */
static bool find_unknown_status(
    struct store *store, struct journal_counts *counts, struct error *err)
{
    return store_number(store,
        "SELECT CASE WHEN min(status) = max(status) THEN max(status) ELSE 0 END"
        " FROM (SELECT CASE WHEN curl = 0 THEN coalesce(http_status, 0)"
        "  ELSE 0 END AS status FROM release"
        "  WHERE state <> 'confirmed' AND state = 'unknown')",
        &counts->unknown_status, err);
}

bool run_count(struct store *store, int64_t run, struct journal_counts *counts,
    struct error *err)
{
    memset(counts, 0, sizeof *counts);
    return count_open(store, counts, err) &&
           count_confirmed(store, counts, err) &&
           find_refused(store, counts, err) &&
           find_unknown_status(store, counts, err) &&
           count_repeated(store, run, counts, err);
}

bool run_end(struct store *store, int64_t run, const char *summary,
    int exit_code, struct error *err)
{
    struct bind bind;

    if (!prepare(store, &bind,
            "UPDATE run SET ended_at = ?, exit = ?, summary = ?"
            " WHERE id = ?",
            err))
        return false;
    bind_number(&bind, clock_wall_ms());
    bind_number(&bind, exit_code);
    bind_whole(&bind, summary, summary ? strlen(summary) : 0);
    bind_number(&bind, run);
    return bind_once(store, &bind, err);
}
