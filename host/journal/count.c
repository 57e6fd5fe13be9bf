#include "journal/count.h"

#include "journal/bind.h"
#include "journal/row.h"

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

bool count_states(struct store *store, const char *sql,
    int64_t by_state[JOURNAL_STATES], struct error *err)
{
    struct bind bind = {.stmt = store_prepare(store, sql, err)};

    return bind.stmt && bind_once_each(store, &bind, count_row, by_state, err);
}
