#include "history/tally_read.h"

#include "base/mem.h"
#include "journal/row.h"

#include <string.h>

bool tally_ask(struct store *store, const struct tally_question *question,
    struct error *err)
{
    struct bind bind = {.stmt = store_prepare(store, question->sql, err)};

    if (!bind.stmt)
        return false;
    for (int i = 0; i < question->count; i++)
        bind_number(&bind, question->numbers[i]);
    return bind_once_each(store, &bind, question->take, question->arg, err);
}

int tally_state(const struct tally *tally, sqlite3_stmt *stmt, int column,
    enum journal_state *state)
{
    const char *name = row_text(stmt, column);

    if (!name)
        return SQLITE_NOMEM;
    if (!journal_state_read(name, state))
        return SQLITE_CORRUPT;
    if (*state == JOURNAL_SENDING && !tally->run_alive)
        *state = JOURNAL_UNKNOWN;
    return SQLITE_OK;
}

static void free_row(struct tally_row *row)
{
    mem_free(row->code);
    mem_free(row->name);
    mem_free(row->source);
    mem_free(row->message);
}

static int read_row(struct tally_row *row, sqlite3_stmt *stmt)
{
    enum { ITEM, CODE, NAME, SOURCE, MESSAGE, STATE, STATUS, MS };
    struct {
        char **to;
        int column;
    } const texts[] = {{&row->code, CODE}, {&row->name, NAME},
        {&row->source, SOURCE}, {&row->message, MESSAGE}};
    const char *state = row_text(stmt, STATE);

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = row_text(stmt, texts[i].column);

        *texts[i].to = text ? mem_strdup(text) : NULL;
        if (!*texts[i].to)
            return SQLITE_NOMEM;
    }
    row->order_item_id = sqlite3_column_int64(stmt, ITEM);
    row->http_status = sqlite3_column_int(stmt, STATUS);
    row->ms = sqlite3_column_int64(stmt, MS);
    if (!state)
        return SQLITE_NOMEM;
    return journal_state_read(state, &row->state) ? SQLITE_OK : SQLITE_CORRUPT;
}

int tally_row_keep(
    struct tally_rows *rows, size_t most, sqlite3_stmt *stmt, int64_t at)
{
    struct tally_row row = {.at = at};
    int rc = SQLITE_NOMEM;

    if (!rows->list)
        rows->list = mem_calloc(most, sizeof *rows->list);
    if (rows->list)
        rc = read_row(&row, stmt);
    if (rc == SQLITE_OK)
        rows->list[rows->len++] = row;
    else
        free_row(&row);
    return rc;
}

void tally_rows_fini(struct tally_rows *rows)
{
    for (size_t i = 0; i < rows->len; i++)
        free_row(&rows->list[i]);
    mem_free(rows->list);
    memset(rows, 0, sizeof *rows);
}
