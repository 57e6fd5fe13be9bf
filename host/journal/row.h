/* row.h: a release's row out of a statement.
 *
 * What comes from the file is checked here again: a CHECK can be taken off by
 * hand. */
#ifndef JOURNAL_ROW_H
#define JOURNAL_ROW_H

#include "journal/journal.h"

#include <sqlite3.h>

/* The first columns of a statement that row_read understands. */
#define ROW_COLUMNS                                                            \
    "order_item_id, code, update_stock, state, attempts, applied_stock,"       \
    " http_status, mapping_pk, content_type, integration_type, message,"       \
    " first_at, last_at, run, resent"
enum { ROW_COLUMN_COUNT = 15 };

/* SQLITE_OK, SQLITE_NOMEM, or SQLITE_CORRUPT for what can be no row. */
int row_read(sqlite3_stmt *stmt, struct journal_row *row);

/* Adds the item in the first column to `items`, a struct buf of int64_t:
 * SQLITE_OK or SQLITE_NOMEM. */
int row_add_item(sqlite3_stmt *stmt, void *items);

/* The text of a column, "" for NULL; NULL: out of memory. Borrowed until the
 * next step. */
const char *row_text(sqlite3_stmt *stmt, int column);

#endif
