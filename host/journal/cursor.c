#include "journal/cursor.h"

#include "base/clock.h"
#include "journal/bind.h"
#include "journal/rollback.h"
#include "journal/row.h"
#include "journal/sql.h"
#include "journal/view.h"
#include "journal/writer.h"

#include <string.h>

/* A person's is written in the same millisecond as its audit row. */
#define COLUMNS                                                                \
    "SELECT key, at, run, (SELECT who FROM audit WHERE order_item_id = 0"      \
    "  AND audit.at = cursor.at AND cursor.run = 0 ORDER BY id DESC LIMIT 1)," \
    " value FROM cursor"

/* What was read is kept until its statement is over: for each cursor a head,
 * then its key, who, and its value, each followed by a NUL. */
struct head {
    int64_t at, run;
    size_t len; // of the value
};

static int keep_text(struct buf *kept, sqlite3_stmt *stmt, int column)
{
    const char *text = row_text(stmt, column);

    return text && buf_add(kept, text, strlen(text) + 1) ? SQLITE_OK
                                                         : SQLITE_NOMEM;
}

static int keep_value(struct buf *kept, sqlite3_stmt *stmt, size_t len)
{
    const void *value = sqlite3_column_blob(stmt, 4);

    if (len > 0 && (!value || !buf_add(kept, value, len)))
        return SQLITE_NOMEM;
    return buf_putc(kept, '\0') ? SQLITE_OK : SQLITE_NOMEM;
}

static int keep(sqlite3_stmt *stmt, void *arg)
{
    struct buf *kept = arg;
    struct head head = {sqlite3_column_int64(stmt, 1),
        sqlite3_column_int64(stmt, 2), (size_t)sqlite3_column_bytes(stmt, 4)};
    int rc = buf_add(kept, &head, sizeof head) ? SQLITE_OK : SQLITE_NOMEM;

    if (rc == SQLITE_OK)
        rc = keep_text(kept, stmt, 0);
    if (rc == SQLITE_OK)
        rc = keep_text(kept, stmt, 3);
    return rc == SQLITE_OK ? keep_value(kept, stmt, head.len) : rc;
}

static bool ask(
    struct store *store, const char *key, struct buf *kept, struct error *err)
{
    struct bind bind = {
        .stmt = store_prepare(store,
            key ? COLUMNS " WHERE key = ?" : COLUMNS " ORDER BY key", err)};

    buf_clear(kept);
    if (!bind.stmt)
        return false;
    if (key)
        bind_whole(&bind, key, strlen(key));
    return bind_once_each(store, &bind, keep, kept, err);
}

static bool ask_settled(
    struct view *view, const char *key, struct buf *kept, struct error *err)
{
    bool ok = ask(&view->store, key, kept, err);

    if (view_settled(view))
        return ok;
    return view_again(view, err) && ask(&view->store, key, kept, err);
}

/* What is no value of ours was written by hand: shown as the text it is. */
static void take_memo(struct cursor *cursor, const char *value, size_t len)
{
    if (!cursor_value_read(value, len, &cursor->memo))
        cursor->memo = (struct cursor_value){
            .type = CURSOR_VALUE_TEXT, .text = value, .len = len};
}

static bool give(const struct buf *kept,
    bool (*each)(const struct cursor *cursor, void *arg), void *arg)
{
    const char *at = kept->data, *end = at + kept->len;

    while (at < end) {
        struct cursor cursor;
        struct head head;

        memcpy(&head, at, sizeof head);
        cursor.at = head.at;
        cursor.run = head.run;
        cursor.key = at + sizeof head;
        cursor.who = cursor.key + strlen(cursor.key) + 1;
        at = cursor.who + strlen(cursor.who) + 1;
        take_memo(&cursor, at, head.len);
        at += head.len + 1;
        if (!each(&cursor, arg))
            return false;
    }
    return true;
}

bool cursor_read(const char *path, const char *key,
    bool (*each)(const struct cursor *cursor, void *arg), void *arg,
    struct error *err)
{
    struct view view;
    struct buf kept = {0};

    if (!view_open(&view, path, err))
        return false;
    bool ok = ask_settled(&view, key, &kept, err);
    view_close(&view);
    if (ok && kept.len && !give(&kept, each, arg)) {
        err->text[0] = '\0';
        ok = false;
    }
    buf_free(&kept);
    return ok;
}

static bool find(
    struct store *store, const char *key, struct buf *was, struct error *err)
{
    struct bind bind = {.stmt = store_prepare(store, SQL_RECALL, err)};
    int rc;

    if (!bind.stmt)
        return false;
    bind_whole(&bind, key, strlen(key));
    rc = bind_row(&bind);
    if (rc == SQLITE_ROW && !buf_add(was, sqlite3_column_blob(bind.stmt, 0),
                                (size_t)sqlite3_column_bytes(bind.stmt, 0)))
        rc = SQLITE_NOMEM;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        store_fail(store, rc, err);
    sqlite3_finalize(bind.stmt);
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

static bool put(struct store *store, const struct cursor_order *order,
    int64_t now, struct error *err)
{
    struct buf value = {0};
    struct bind bind = {
        .stmt = store_prepare(store,
            "INSERT INTO cursor (key, value, at, run) VALUES (?, ?, ?, 0)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value,"
            " at = excluded.at, run = 0",
            err)};
    bool ok = bind.stmt &&
              (cursor_value_put(&value, order->memo) || error_memory(err));

    if (ok) {
        bind_whole(&bind, order->key, strlen(order->key));
        bind_whole(&bind, value.data, value.len);
        bind_number(&bind, now);
        ok = bind_once(store, &bind, err);
    } else {
        sqlite3_finalize(bind.stmt);
    }
    buf_free(&value);
    return ok;
}

static bool drop(struct store *store, const char *key, struct error *err)
{
    struct bind bind = {
        .stmt = store_prepare(store, "DELETE FROM cursor WHERE key = ?", err)};

    if (!bind.stmt)
        return false;
    bind_whole(&bind, key, strlen(key));
    return bind_once(store, &bind, err);
}

/* "odoo: 17, was "2025-11-22"". */
static bool put_note(
    const struct cursor_order *order, const struct buf *was, struct buf *note)
{
    struct cursor_value memo;

    if (!buf_printf(note, "%s: ", order->key) ||
        !(order->memo ? cursor_value_show(note, order->memo)
                      : buf_puts(note, "forgotten")))
        return false;
    if (!was->len || !cursor_value_read(was->data, was->len, &memo))
        return true;
    return buf_puts(note, ", was ") && cursor_value_show(note, &memo);
}

static bool audit(struct store *store, const struct cursor_order *order,
    const struct buf *was, int64_t now, struct error *err)
{
    struct buf note = {0};
    struct bind bind = {
        .stmt = store_prepare(store,
            "INSERT INTO audit (order_item_id, at, who, what, note)"
            " VALUES (0, ?, ?, ?, ?)",
            err)};
    bool ok = bind.stmt && (put_note(order, was, &note) || error_memory(err));

    if (ok) {
        bind_number(&bind, now);
        bind_text(&bind, order->who);
        bind_text(&bind, order->memo ? "remembered" : "forgotten");
        bind_text(&bind, buf_text(&note));
        ok = bind_once(store, &bind, err);
    } else {
        sqlite3_finalize(bind.stmt);
    }
    buf_free(&note);
    return ok;
}

static bool change(struct store *store, const struct cursor_order *order,
    struct buf *was, struct error *err)
{
    int64_t now = clock_wall_ms();

    if (!find(store, order->key, was, err))
        return false;
    if (!order->memo && !was->len)
        return true; // nothing to be forgotten, nothing to be told
    return (order->memo ? put(store, order, now, err)
                        : drop(store, order->key, err)) &&
           audit(store, order, was, now, err);
}

static bool write_all(struct store *store, const struct cursor_order *order,
    struct buf *was, struct error *err)
{
    if (!rollback_check(store, err) ||
        !store_exec(store, "BEGIN IMMEDIATE", err))
        return false;
    if (change(store, order, was, err) && store_exec(store, "COMMIT", err))
        return true;
    store_rollback(store);
    return false;
}

bool cursor_write(const char *path, const struct cursor_order *order,
    struct buf *was, struct error *err)
{
    struct writer writer;
    bool ok = writer_open(&writer, path, order->script, order->wait_ms, err) &&
              write_all(&writer.store, order, was, err);

    if (!ok)
        writer_fail(&writer, err);
    writer_close(&writer);
    return ok;
}
