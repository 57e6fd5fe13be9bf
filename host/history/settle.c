/* A decision is bound to the state that it was made about: a row that a run
 * has changed meanwhile is refused, and so is the whole order. The lock says
 * that no run is alive, so what is `sending` is unknown. */
#include "history/settle.h"

#include "base/buf.h"
#include "base/clock.h"
#include "journal/bind.h"
#include "journal/rollback.h"
#include "journal/row.h"
#include "journal/run_row.h"
#include "journal/sql.h"
#include "journal/writer.h"

#include <stdio.h>
#include <string.h>

enum statement {
    FIND,
    ALL,
    ARCHIVE,
    DONE,
    NOT_DONE,
    CANCEL,
    RESTORE,
    RETRY,
    AUDIT,
    CONFLICTS,
    NO_CONFLICTS,
    STATEMENTS
};

/* "message" is what the server said to an attempt that no longer counts; the
 * reply stays in the attempt. */
static const char *const texts[STATEMENTS] = {
    [FIND] = SQL_FIND,
    [ALL] = "SELECT order_item_id FROM release"
            " WHERE state <> 'confirmed' AND state = ?",
    [ARCHIVE] = SQL_ARCHIVE,
    [DONE] = "UPDATE release SET last_at = ?, state = 'confirmed',"
             " applied_stock = update_stock, mapping_pk = NULL,"
             " content_type = NULL, integration_type = NULL,"
             " message = NULL, resent = 0 WHERE order_item_id = ?",
    [NOT_DONE] = "UPDATE release SET last_at = ?, state = 'pending',"
                 " message = NULL, resent = 0 WHERE order_item_id = ?",
    [CANCEL] = "UPDATE release SET last_at = ?, state = 'cancelled'"
               " WHERE order_item_id = ?",
    [RESTORE] = "UPDATE release SET last_at = ?, state = 'confirmed',"
                " update_stock = applied_stock WHERE order_item_id = ?",
    [RETRY] = "UPDATE release SET last_at = ?, state = 'pending'"
              " WHERE order_item_id = ?",
    [AUDIT] = "INSERT INTO audit (order_item_id, at, who, what, note)"
              " VALUES (?, ?, ?, ?, ?)",
    [CONFLICTS] = "SELECT code, update_stock, source, name, run FROM conflict"
                  " WHERE order_item_id = ?",
    [NO_CONFLICTS] = "DELETE FROM conflict WHERE order_item_id = ?",
};

#define ONLY(state) (1U << (state))

/* What each order is for, what it writes, and how a refusal goes on. */
static const struct rule {
    unsigned states;
    enum statement change;
    const char *audit, *refusal;
    const char *conflict; // what becomes of those of an item; NULL: they stay
} rules[] = {
    [SETTLE_DONE] = {ONLY(JOURNAL_UNKNOWN) | ONLY(JOURNAL_REJECTED), DONE,
        "settled: done", "not unknown, rejected or in conflict", "settled"},
    [SETTLE_NOT_DONE] = {ONLY(JOURNAL_UNKNOWN) | ONLY(JOURNAL_REJECTED),
        NOT_DONE, "settled: not done", "not unknown or rejected", NULL},
    [SETTLE_CANCEL] = {ONLY(JOURNAL_PENDING) | ONLY(JOURNAL_REJECTED), CANCEL,
        "cancelled", "not pending, rejected or in conflict", "cancelled"},
    [SETTLE_RETRY] = {ONLY(JOURNAL_REJECTED), RETRY, "to be sent again",
        "not rejected", NULL},
};

struct settling {
    struct writer writer;
    const struct settle_order *order;
    const struct rule *rule;
    struct settle_result *result;
    sqlite3_stmt *stmt[STATEMENTS];
    struct buf items; // int64_t in a row, when all are meant
    int64_t now;
    size_t refusals;
    struct error refusal; // the first one
};

static bool prepare(struct settling *s, struct error *err)
{
    int i;

    for (i = 0; i < STATEMENTS; i++) {
        s->stmt[i] = store_prepare(&s->writer.store, texts[i], err);
        if (!s->stmt[i])
            return false;
    }
    return true;
}

static int find(struct settling *s, int64_t item, struct journal_row *row)
{
    struct bind bind = {.stmt = s->stmt[FIND]};
    int rc;

    bind_number(&bind, item);
    rc = bind_row(&bind);
    if (rc == SQLITE_ROW)
        rc = row_read(bind.stmt, row);
    sqlite3_reset(bind.stmt);
    return rc;
}

/* For a statement that knows the item alone. */
static int run_on(struct settling *s, enum statement which, int64_t item)
{
    struct bind bind = {.stmt = s->stmt[which]};

    bind_number(&bind, item);
    return bind_done(&bind);
}

static int audit(struct settling *s, int64_t item, const char *what)
{
    struct bind bind = {.stmt = s->stmt[AUDIT]};

    bind_number(&bind, item);
    bind_number(&bind, s->now);
    bind_text(&bind, s->order->who);
    bind_whole(&bind, what, strlen(what));
    bind_text(&bind, s->order->note);
    return bind_done(&bind);
}

static int change(
    struct settling *s, enum statement which, int64_t item, const char *what)
{
    struct bind bind = {.stmt = s->stmt[which]};
    int rc;

    bind_number(&bind, s->now);
    bind_number(&bind, item);
    rc = bind_done(&bind);
    if (rc == SQLITE_OK && sqlite3_changes(s->writer.store.db) != 1)
        rc = SQLITE_CORRUPT;
    return rc == SQLITE_OK ? audit(s, item, what) : rc;
}

/* The conflicts of an item that go. */
struct dropping {
    struct settling *s;
    int64_t item, count;
};

/* The audit row keeps what had been asked. */
static int audit_conflict(sqlite3_stmt *stmt, void *arg)
{
    struct dropping *dropping = arg;
    const char *code = row_text(stmt, 0), *source = row_text(stmt, 2),
               *name = row_text(stmt, 3);
    struct buf what = {0};
    int rc = SQLITE_NOMEM;

    if (code && source && name &&
        buf_printf(&what,
            "conflict %s: asked was \"%s\", update_stock %s (%s%s%s, "
            "run %lld)",
            dropping->s->rule->conflict, code,
            sqlite3_column_int(stmt, 1) ? "true" : "false", source,
            name[0] ? ", " : "", name,
            (long long)sqlite3_column_int64(stmt, 4)))
        rc = audit(dropping->s, dropping->item, what.data);
    buf_free(&what);
    dropping->count += rc == SQLITE_OK;
    return rc;
}

static int drop_conflicts(struct settling *s, int64_t item, int64_t *dropped)
{
    struct bind bind = {.stmt = s->stmt[CONFLICTS]};
    struct dropping dropping = {s, item, 0};

    bind_number(&bind, item);
    int rc = bind_each(&bind, audit_conflict, &dropping);
    *dropped = dropping.count;
    return rc == SQLITE_OK ? run_on(s, NO_CONFLICTS, item) : rc;
}

static int settle_row(struct settling *s, const struct journal_row *row)
{
    int64_t item = row->order_item_id;
    int rc = SQLITE_OK;

    if (row->state == JOURNAL_UNKNOWN)
        rc = run_on(s, ARCHIVE, item);
    if (rc != SQLITE_OK)
        return rc;
    s->result->rows++;
    if (s->order->what != SETTLE_CANCEL || row->applied_stock < 0)
        return change(s, s->rule->change, item, s->rule->audit);
    s->result->restored++;
    return change(s, RESTORE, item, "taken back");
}

/* NULL: another one was refused before, whose words stand. */
static struct error *refuse(struct settling *s, size_t place)
{
    if (s->refusals++ > 0)
        return NULL;
    s->result->refused = place;
    return &s->refusal;
}

static int refuse_missing(struct settling *s, size_t place, int64_t item)
{
    struct error *err = refuse(s, place);

    if (err)
        error_set(err, ERROR_USAGE, "%s has no item %lld", s->writer.store.name,
            (long long)item);
    return SQLITE_OK;
}

static int refuse_state(
    struct settling *s, size_t place, const struct journal_row *row)
{
    struct error *err = refuse(s, place);

    if (err)
        error_set(err, ERROR_USAGE, "item %lld is %s, %s",
            (long long)row->order_item_id, journal_state_name(row->state),
            s->rule->refusal);
    return SQLITE_OK;
}

/* With unique_codes an item may be in conflict and have no row. */
static int settle_item(struct settling *s, size_t place, int64_t item)
{
    int64_t dropped = 0;
    struct journal_row row;
    int found = find(s, item, &row), rc = SQLITE_OK;

    if (found != SQLITE_OK && found != SQLITE_DONE)
        return found;
    if (s->rule->conflict && !s->order->all)
        rc = drop_conflicts(s, item, &dropped);
    s->result->conflicts += dropped;
    if (rc != SQLITE_OK)
        return rc;
    if (found == SQLITE_OK && s->rule->states & ONLY(row.state))
        return settle_row(s, &row);
    if (dropped > 0)
        return SQLITE_OK;
    return found == SQLITE_DONE ? refuse_missing(s, place, item)
                                : refuse_state(s, place, &row);
}

static int collect(struct settling *s)
{
    struct bind bind = {.stmt = s->stmt[ALL]};

    bind_text(&bind, journal_state_name(s->order->state));
    return bind_each(&bind, row_add_item, &s->items);
}

static bool find_all(struct settling *s, struct error *err)
{
    int rc = s->order->all ? collect(s) : SQLITE_OK;

    return rc == SQLITE_OK || store_fail(&s->writer.store, rc, err);
}

/* The refusal of some is the refusal of all. */
static bool judge(const struct settling *s, struct error *err)
{
    char more[48] = "";

    if (s->refusals == 0)
        return true;
    if (s->refusals > 1)
        snprintf(more, sizeof more, " (and %zu more)", s->refusals - 1);
    return error_set(
        err, ERROR_USAGE, "%s%s. Nothing was changed.", s->refusal.text, more);
}

static bool settle_items(struct settling *s, struct error *err)
{
    const struct settle_order *order = s->order;
    size_t i, n = order->all ? s->items.len / sizeof(int64_t) : order->count;

    for (i = 0; i < n; i++) {
        int64_t item;
        int rc;

        memcpy(&item,
            order->all ? s->items.data + i * sizeof item
                       : (const char *)&order->items[i],
            sizeof item);
        rc = settle_item(s, i, item);
        if (rc != SQLITE_OK)
            return store_fail(&s->writer.store, rc, err);
    }
    return judge(s, err);
}

static bool settle_open(struct settling *s, struct error *err)
{
    struct store *store = &s->writer.store;

    if (!rollback_check(store, err) || !prepare(s, err) ||
        !store_exec(store, "BEGIN IMMEDIATE", err))
        return false;
    s->now = clock_wall_ms();
    if (run_turn_orphans(store, err) && find_all(s, err) &&
        settle_items(s, err) && store_exec(store, "COMMIT", err))
        return true;
    store_rollback(store);
    return false;
}

bool settle(const char *path, const struct settle_order *order,
    struct settle_result *result, struct error *err)
{
    struct settling s = {
        .order = order, .rule = &rules[order->what], .result = result};
    bool ok;
    int i;

    *result = (struct settle_result){.refused = order->count};
    ok = writer_open(&s.writer, path, order->script, order->wait_ms, err) &&
         settle_open(&s, err);
    if (!ok)
        writer_fail(&s.writer, err);
    for (i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(s.stmt[i]);
    buf_free(&s.items);
    writer_close(&s.writer);
    return ok;
}
