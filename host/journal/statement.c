#include "journal/statement.h"

#include "journal/sql.h"

/* What an attempt begins with: nothing is known of it yet. */
#define LATEST_NONE                                                            \
    " attempts = attempts + 1, ms = NULL, sent = NULL, curl = NULL,"           \
    " http_status = NULL, outcome = NULL, why = NULL, message = NULL,"         \
    " reply = NULL,"

/* OUTCOME leaves `run` alone: the attempt was begun by the same run, and a
 * column that is not set costs its index nothing. */
static const char *const texts[STATEMENTS] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ADMIT] =
        "INSERT INTO release (order_item_id, code, update_stock,"
        " attempt_stock, state, attempts, started_at, first_at,"
        " last_at, source, name, order_number, seen, run)"
        " VALUES (?, ?, ?, ?, 'sending', 1, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (order_item_id) DO NOTHING",
    [STATEMENT_FIND] = SQL_FIND,
    [STATEMENT_ARCHIVE] = SQL_ARCHIVE,
    [STATEMENT_AGAIN] =
        "UPDATE release SET code = ?, update_stock = ?,"
        " attempt_stock = ?, started_at = ?, last_at = ?,"
        " source = coalesce(?, source), name = coalesce(?, name),"
        " order_number = coalesce(?, order_number),"
        " seen = CASE WHEN ?6 IS NULL THEN seen ELSE ? END,"
        " run = ?," LATEST_NONE
        " resent = ?, state = 'sending' WHERE order_item_id = ?",
    [STATEMENT_TAKE_UP] =
        "UPDATE release SET attempt_stock = update_stock,"
        " started_at = ?1, last_at = ?1, run = ?2," LATEST_NONE
        " resent = (state = 'unknown'), state = 'sending'"
        " WHERE order_item_id = ?3",
    [STATEMENT_KEEP] =
        "INSERT INTO release (order_item_id, code, update_stock, state,"
        " attempts, first_at, last_at, source, name, order_number, seen, run)"
        " VALUES (?, ?, ?, 'pending', 0, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (order_item_id) DO UPDATE SET"
        " code = excluded.code, update_stock = excluded.update_stock,"
        " state = excluded.state, last_at = excluded.last_at,"
        " source = coalesce(excluded.source, source),"
        " name = coalesce(excluded.name, name),"
        " order_number = coalesce(excluded.order_number, order_number),"
        " seen = CASE WHEN excluded.source IS NULL THEN seen"
        "  ELSE excluded.seen END, run = excluded.run",
    [STATEMENT_RESTORE] =
        "UPDATE release SET state = 'confirmed',"
        " update_stock = applied_stock, last_at = ?, run = ?"
        " WHERE order_item_id = ? AND applied_stock IS NOT NULL",
    [STATEMENT_SET_BACK] =
        "UPDATE release SET state = 'pending', update_stock = ?1,"
        " last_at = ?2, run = ?3 WHERE order_item_id = ?4"
        " AND (state = 'rejected'"
        "  OR (state = 'confirmed' AND update_stock < ?1))",
    [STATEMENT_LEFT] = "SELECT order_item_id FROM release"
                       " WHERE state <> 'confirmed' AND order_item_id > ?1"
                       " AND run <> ?2 AND (state = 'pending'"
                       "  OR (?3 AND state = 'unknown' AND NOT resent))"
                       " ORDER BY order_item_id LIMIT 256",
    [STATEMENT_TAKEN] = SQL_TAKEN,
    [STATEMENT_OUTCOME] =
        "UPDATE release SET state = ?1, update_stock = ?2,"
        " applied_stock = CASE ?1 WHEN 'confirmed' THEN ?2"
        "  ELSE applied_stock END,"
        " sent = ?3, curl = ?4, http_status = ?5, ms = ?6,"
        " outcome = ?7, why = ?8, message = ?9, reply = ?10,"
        " mapping_pk = coalesce(?11, mapping_pk),"
        " content_type = coalesce(?12, content_type),"
        " integration_type = coalesce(?13, integration_type),"
        " last_at = ?14, resent = ?15 WHERE order_item_id = ?16",
    [STATEMENT_CONFLICT] =
        "INSERT INTO conflict (order_item_id, code, update_stock,"
        " first_at, last_at, source, name, run)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (order_item_id, code, update_stock) DO UPDATE"
        " SET last_at = excluded.last_at, source = excluded.source,"
        " name = excluded.name, run = excluded.run",
    [STATEMENT_AUDIT] = "INSERT INTO audit (order_item_id, at, who, what, note)"
                        " VALUES (?, ?, 'omnitron', ?, ?)",
    [STATEMENT_REMEMBER] = "INSERT INTO cursor (key, value, at, run)"
                           " VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE"
                           " SET value = excluded.value, at = excluded.at,"
                           " run = excluded.run",
    [STATEMENT_RECALL] = SQL_RECALL,
    [STATEMENT_INPUT] =
        "INSERT INTO input (source, name, item, what, message, place, seen,"
        " first_run, run, first_at, last_at, times)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?9, 1)"
        " ON CONFLICT (source, name, item) DO UPDATE SET what = excluded.what,"
        " message = excluded.message, place = excluded.place,"
        " seen = excluded.seen, times = times + (run <> excluded.run),"
        " run = excluded.run, last_at = excluded.last_at",
    [STATEMENT_FEWER_INPUTS] =
        "DELETE FROM input WHERE rowid IN (SELECT rowid FROM input"
        " ORDER BY last_at, rowid"
        " LIMIT max(0, (SELECT count(*) FROM input) - ?))",
};

const char *statement_text(enum statement statement)
{
    return texts[statement];
}
