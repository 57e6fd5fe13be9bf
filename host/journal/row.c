#include "journal/row.h"

#include "base/utf8.h"

#include <string.h>

enum {
    COLUMN_ITEM,
    COLUMN_CODE,
    COLUMN_UPDATE_STOCK,
    COLUMN_STATE,
    COLUMN_ATTEMPTS,
    COLUMN_APPLIED_STOCK,
    COLUMN_HTTP_STATUS,
    COLUMN_MAPPING_PK,
    COLUMN_CONTENT_TYPE,
    COLUMN_INTEGRATION_TYPE,
    COLUMN_MESSAGE,
    COLUMN_FIRST_AT,
    COLUMN_LAST_AT,
    COLUMN_RUN,
    COLUMN_RESENT
};

static const char *const state_names[JOURNAL_STATES] = {
    [JOURNAL_PENDING] = "pending",
    [JOURNAL_SENDING] = "sending",
    [JOURNAL_CONFIRMED] = "confirmed",
    [JOURNAL_REJECTED] = "rejected",
    [JOURNAL_UNKNOWN] = "unknown",
    [JOURNAL_CANCELLED] = "cancelled",
};

const char *journal_state_name(enum journal_state state)
{
    return state < JOURNAL_STATES ? state_names[state] : "?";
}

bool journal_state_read(const char *name, enum journal_state *state)
{
    int i;

    for (i = 0; i < JOURNAL_STATES; i++) {
        if (strcmp(state_names[i], name) == 0) {
            *state = (enum journal_state)i;
            return true;
        }
    }
    return false;
}

const char *row_text(sqlite3_stmt *stmt, int column)
{
    const unsigned char *text;

    if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
        return "";
    text = sqlite3_column_text(stmt, column);
    return (const char *)text;
}

int row_add_item(sqlite3_stmt *stmt, void *items)
{
    int64_t item = sqlite3_column_int64(stmt, 0);

    return buf_add(items, &item, sizeof item) ? SQLITE_OK : SQLITE_NOMEM;
}

static int read_cut(sqlite3_stmt *stmt, int column, char *out, size_t max)
{
    const char *text = row_text(stmt, column);
    size_t len;

    if (!text)
        return SQLITE_NOMEM;
    len = utf8_cut(text, strlen(text), max);
    memcpy(out, text, len);
    out[len] = '\0';
    return SQLITE_OK;
}

/* A code is compared and sent: one that does not fit, or has a NUL inside, is
 * damage and never cut. */
static int read_code(sqlite3_stmt *stmt, char *out)
{
    const char *text = row_text(stmt, COLUMN_CODE);
    size_t len;

    if (!text)
        return SQLITE_NOMEM;
    len = strlen(text);
    if (len == 0 || len > JOURNAL_CODE_MAX ||
        len != (size_t)sqlite3_column_bytes(stmt, COLUMN_CODE))
        return SQLITE_CORRUPT;
    memcpy(out, text, len + 1);
    return SQLITE_OK;
}

static int read_state(sqlite3_stmt *stmt, enum journal_state *state)
{
    const char *name = row_text(stmt, COLUMN_STATE);

    if (!name)
        return SQLITE_NOMEM;
    return journal_state_read(name, state) ? SQLITE_OK : SQLITE_CORRUPT;
}

static int read_mapping(sqlite3_stmt *stmt, struct journal_mapping *mapping)
{
    mapping->known =
        sqlite3_column_type(stmt, COLUMN_MAPPING_PK) != SQLITE_NULL;
    mapping->pk = sqlite3_column_int64(stmt, COLUMN_MAPPING_PK);
    mapping->content_type = sqlite3_column_int64(stmt, COLUMN_CONTENT_TYPE);
    return read_cut(stmt, COLUMN_INTEGRATION_TYPE, mapping->integration_type,
        JOURNAL_TYPE_MAX);
}

static void read_numbers(sqlite3_stmt *stmt, struct journal_row *row)
{
    row->order_item_id = sqlite3_column_int64(stmt, COLUMN_ITEM);
    row->update_stock = sqlite3_column_int(stmt, COLUMN_UPDATE_STOCK) != 0;
    row->attempts = sqlite3_column_int(stmt, COLUMN_ATTEMPTS);
    row->applied_stock = -1;
    if (sqlite3_column_type(stmt, COLUMN_APPLIED_STOCK) != SQLITE_NULL)
        row->applied_stock =
            sqlite3_column_int(stmt, COLUMN_APPLIED_STOCK) != 0;
    row->http_status = sqlite3_column_int(stmt, COLUMN_HTTP_STATUS);
    row->first_at = sqlite3_column_int64(stmt, COLUMN_FIRST_AT);
    row->last_at = sqlite3_column_int64(stmt, COLUMN_LAST_AT);
    row->run = sqlite3_column_int64(stmt, COLUMN_RUN);
    row->resent = sqlite3_column_int(stmt, COLUMN_RESENT) != 0;
}

int row_read(sqlite3_stmt *stmt, struct journal_row *row)
{
    int rc;

    memset(row, 0, sizeof *row);
    read_numbers(stmt, row);
    rc = read_code(stmt, row->code);
    if (rc == SQLITE_OK)
        rc = read_state(stmt, &row->state);
    if (rc == SQLITE_OK)
        rc = read_mapping(stmt, &row->mapping);
    if (rc == SQLITE_OK)
        rc = read_cut(stmt, COLUMN_MESSAGE, row->message, JOURNAL_MESSAGE_MAX);
    return rc;
}
