#include "journal/count.h"

#include "journal/row.h"

static int count_row(sqlite3_stmt *stmt, int64_t by_state[JOURNAL_STATES])
{
    const char *name = row_text(stmt, 0);
    enum journal_state state;

    if (!name)
        return SQLITE_NOMEM;
    if (!journal_state_read(name, &state))
        return SQLITE_CORRUPT;
    by_state[state] = sqlite3_column_int64(stmt, 1);
    return SQLITE_OK;
}

bool count_states(struct store *store, const char *sql,
    int64_t by_state[JOURNAL_STATES], struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(store, sql, err);
    int rc = SQLITE_OK;

    if (!stmt)
        return false;
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        rc = count_row(stmt, by_state);
    if (rc != SQLITE_DONE)
        store_fail(store, rc, err);
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE;
}
