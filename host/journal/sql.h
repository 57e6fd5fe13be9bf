/* sql.h: statements that several files prepare, each text once. */
#ifndef JOURNAL_SQL_H
#define JOURNAL_SQL_H

#include "journal/row.h"

/* The row of an item, for row_read. */
#define SQL_FIND "SELECT " ROW_COLUMNS " FROM release WHERE order_item_id = ?"

/* Another item than the second parameter that has the code, or may have it. */
#define SQL_TAKEN                                                              \
    "SELECT order_item_id FROM release WHERE code = ?"                         \
    " AND order_item_id <> ? AND state IN ('pending', 'sending',"              \
    " 'confirmed', 'unknown') LIMIT 1"

/* Puts the latest attempt of an item's row into the table of attempts. */
#define SQL_ARCHIVE                                                            \
    "INSERT INTO attempt (order_item_id, n, started_at, ms, code,"             \
    " update_stock, sent, curl, http_status, reply, outcome, why)"             \
    " SELECT order_item_id, attempts, started_at, ms, code,"                   \
    " attempt_stock, sent, curl, http_status, reply, outcome, why"             \
    " FROM release WHERE order_item_id = ? AND started_at IS NOT NULL"         \
    " ON CONFLICT (order_item_id, n) DO NOTHING"

/* Of the table conflict: the item's row has not taken just that meanwhile. Nor
 * has a mended rule had its way with an item that had no row then, because
 * another has the code (unique_codes); its run is later as well, for a clock
 * alone may have been wrong. */
#define SQL_CONFLICT_LASTS                                                     \
    "NOT EXISTS (SELECT 1 FROM release"                                        \
    " WHERE release.order_item_id = conflict.order_item_id"                    \
    " AND (release.run > conflict.run"                                         \
    "   AND release.first_at > conflict.last_at"                               \
    "  OR release.code = conflict.code"                                        \
    "   AND release.update_stock = conflict.update_stock))"

/* How many conflicts a person has to look at. */
#define SQL_CONFLICTS "SELECT count(*) FROM conflict WHERE " SQL_CONFLICT_LASTS

/* What was remembered under a key. */
#define SQL_RECALL "SELECT value FROM cursor WHERE key = ?"

#endif
