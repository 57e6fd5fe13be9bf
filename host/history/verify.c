#include "history/verify.h"

#include "history/prune.h"
#include "journal/bind.h"
#include "journal/lock.h"
#include "journal/rollback.h"
#include "journal/row.h"
#include "journal/run_row.h"
#include "journal/sql.h"
#include "journal/view.h"

#include <string.h>

enum { ITEMS_NAMED = 5 };

/* A person took it into the journal: no run has sent it. */
#define IMPORTED                                                               \
    "EXISTS (SELECT 1 FROM audit"                                              \
    " WHERE audit.order_item_id = release.order_item_id"                       \
    " AND what = 'imported: done already')"

/* Each statement answers the items that break a rule. */
static const struct rule {
    const char *fault, *sql;
} rules[] = {
    {"attempts are counted and none is there, or the other way round",
        "SELECT order_item_id FROM release"
        " WHERE (attempts = 0) <> (started_at IS NULL)"
        "  OR (started_at IS NULL) <> (attempt_stock IS NULL)"},
    {"the latest attempt has no outcome and is not on its way",
        "SELECT order_item_id FROM release WHERE started_at IS NOT NULL"
        " AND (state = 'sending') <> (outcome IS NULL)"},
    {"the state needs an attempt and there was none",
        "SELECT order_item_id FROM release WHERE attempts = 0"
        " AND state IN ('sending', 'confirmed', 'rejected', 'unknown')"
        " AND NOT (state = 'confirmed' AND " IMPORTED ")"},
    {"it is confirmed with another update_stock than it was applied with",
        "SELECT order_item_id FROM release"
        " WHERE state = 'confirmed' AND applied_stock IS NOT update_stock"},
    {"it is cancelled, but it was confirmed before",
        "SELECT order_item_id FROM release"
        " WHERE state = 'cancelled' AND applied_stock IS NOT NULL"},
    {"it is confirmed without a mapping, and nobody said so",
        "SELECT order_item_id FROM release"
        " WHERE state = 'confirmed' AND mapping_pk IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM audit"
        "  WHERE audit.order_item_id = release.order_item_id"
        "  AND (what LIKE 'settled%' OR what LIKE 'imported%'))"},
    /* From the first, or from the latest that was pruned. */
    {"attempts are missing, or there are more than were made",
        "WITH kept AS (SELECT order_item_id, attempts, CASE"
        " WHEN attempts > 0 AND why = '" PRUNE_MARK "' THEN attempts"
        " ELSE coalesce((SELECT max(n) FROM attempt"
        "  WHERE attempt.order_item_id = release.order_item_id"
        "  AND n < attempts AND why = '" PRUNE_MARK "'), 1)"
        " END AS first FROM release)"
        " SELECT order_item_id FROM kept"
        " WHERE (SELECT count(*) FROM attempt"
        "  WHERE attempt.order_item_id = kept.order_item_id"
        "  AND n >= first AND n < attempts) <> max(attempts - first, 0)"
        " OR EXISTS (SELECT 1 FROM attempt"
        "  WHERE attempt.order_item_id = kept.order_item_id"
        "  AND n > attempts)"},
    /* A clock that was set back between two attempts says nothing about what
     * came first. */
    {"it was sent again after an unknown attempt, and nothing says why",
        "WITH made AS ("
        " SELECT order_item_id, n, started_at, outcome FROM attempt"
        " UNION ALL SELECT order_item_id, attempts, started_at, outcome"
        "  FROM release WHERE started_at IS NOT NULL"
        "  AND order_item_id IN (SELECT order_item_id FROM attempt))"
        " SELECT DISTINCT a.order_item_id FROM attempt AS a"
        " JOIN made AS b ON b.order_item_id = a.order_item_id"
        "  AND b.n = a.n + 1 AND b.started_at >= a.started_at"
        " WHERE a.outcome = 'unknown' AND NOT EXISTS ("
        "  SELECT 1 FROM audit WHERE audit.order_item_id = a.order_item_id"
        "  AND what <> 'found sending'"
        "  AND at > a.started_at AND at <= b.started_at)"},
    /* SQLite leaves CHECKs out of a file that it opens to read alone. Times go
     * to the end of the year 9999. */
    {"a value of it can be none",
        "SELECT order_item_id FROM release"
        " WHERE order_item_id <= 0 OR run < 0 OR attempts < 0"
        "  OR max(update_stock, coalesce(attempt_stock, 0),"
        "   coalesce(applied_stock, 0), coalesce(sent, 0), resent) > 1"
        "  OR min(update_stock, coalesce(attempt_stock, 0),"
        "   coalesce(applied_stock, 0), coalesce(sent, 0), resent) < 0"
        "  OR curl < 0 OR ms < 0 OR http_status NOT BETWEEN 0 AND 999"
        "  OR length(CAST(code AS BLOB)) NOT BETWEEN 1 AND 255"
        "  OR instr(CAST(code AS BLOB), x'00') > 0"
        "  OR first_at NOT BETWEEN 0 AND 253402300799999"
        "  OR last_at NOT BETWEEN 0 AND 253402300799999"
        "  OR started_at NOT BETWEEN 0 AND 253402300799999"},
    {"a value of an attempt can be none",
        "SELECT DISTINCT order_item_id FROM attempt"
        " WHERE n < 1 OR curl < 0 OR ms < 0"
        "  OR http_status NOT BETWEEN 0 AND 999"
        "  OR update_stock NOT IN (0, 1) OR sent NOT IN (0, 1)"
        "  OR started_at NOT BETWEEN 0 AND 253402300799999"},
    {"attempts are kept of an item that has no row",
        "SELECT DISTINCT order_item_id FROM attempt"
        " WHERE order_item_id NOT IN (SELECT order_item_id FROM release)"},
    /* 0: of a cursor. With unique_codes the second item of a code has a
     * conflict and no row. */
    {"audit rows are kept of an item that has no row",
        "SELECT DISTINCT order_item_id FROM audit"
        " WHERE order_item_id <> 0 AND order_item_id NOT IN (SELECT "
        "order_item_id FROM release)"
        " AND what NOT LIKE 'conflict %'"},
    {"its run is not known",
        "SELECT order_item_id FROM release"
        " WHERE run NOT IN (SELECT id FROM run) AND NOT (run = 0 AND " IMPORTED
        ")"},
};

/* What is of no item: above 0 it is a fault. */
static const struct rule heads[] = {
    {"the one row that says whose journal it is (meta) is missing or not alone",
        "SELECT count(*) <> 1 OR max(id) <> 1 FROM meta"},
    {"a run has a value that can be none",
        "SELECT count(*) FROM run WHERE id < 1 OR pid < 0"
        "  OR started_at NOT BETWEEN 0 AND 253402300799999"
        "  OR ended_at NOT BETWEEN 0 AND 253402300799999"
        "  OR exit NOT BETWEEN 0 AND 255"},
    {"the number of the next run can be none",
        "SELECT count(*) FROM sqlite_sequence WHERE name = 'run'"
        " AND (typeof(seq) <> 'integer' OR seq > 1000000000000"
        "  OR seq < (SELECT coalesce(max(id), 0) FROM run))"},
    {"a row of an input has a value that can be none",
        "SELECT count(*) FROM input WHERE times < 1 OR run < 1 OR first_run < 1"
        "  OR what NOT IN ('failed', 'invalid', 'later', 'skipped')"
        "  OR first_at NOT BETWEEN 0 AND 253402300799999"
        "  OR last_at NOT BETWEEN 0 AND 253402300799999"},
};

static const struct count {
    const char *sql;
    size_t place; // in the report
} counts[] = {
    {"SELECT coalesce(sum(attempts), 0) FROM release",
        offsetof(struct verify_report, attempts)},
    {"SELECT count(*) FROM run", offsetof(struct verify_report, runs)},
    {"SELECT count(*) FROM audit", offsetof(struct verify_report, audits)},
    {SQL_CONFLICTS, offsetof(struct verify_report, conflicts)},
};

struct verifier {
    struct store *store;
    const char *real;
    struct verify_report *report;
};

/* What was found in all, and the first items by name. */
struct found {
    int64_t count;
    struct buf items;
};

static int find_item(sqlite3_stmt *stmt, void *arg)
{
    struct found *found = arg;

    if (found->count++ < ITEMS_NAMED &&
        !buf_printf(&found->items, "%s%lld", found->count > 1 ? ", " : "",
            (long long)sqlite3_column_int64(stmt, 0)))
        return SQLITE_NOMEM;
    return SQLITE_OK;
}

static bool add_found(
    struct verify_report *report, const char *fault, const struct found *found)
{
    bool ok = true;

    if (found->count == 0)
        return true;
    report->faults++;
    ok = buf_printf(&report->lines, "item%s %s", found->count > 1 ? "s" : "",
        buf_text(&found->items));
    if (ok && found->count > ITEMS_NAMED)
        ok = buf_printf(&report->lines, " and %lld more",
            (long long)found->count - ITEMS_NAMED);
    return ok && buf_printf(&report->lines, ": %s\n", fault);
}

static bool check_rule(
    struct verifier *v, const struct rule *rule, struct error *err)
{
    struct bind bind = {.stmt = store_prepare(v->store, rule->sql, err)};
    struct found found = {0};
    bool ok = bind.stmt &&
              bind_once_each(v->store, &bind, find_item, &found, err) &&
              (add_found(v->report, rule->fault, &found) || error_memory(err));

    buf_free(&found.items);
    return ok;
}

static int add_words(sqlite3_stmt *stmt, void *arg)
{
    struct verify_report *report = arg;
    const char *words = row_text(stmt, 0);

    if (!words)
        return SQLITE_NOMEM;
    if (strcmp(words, "ok") == 0)
        return SQLITE_OK;
    report->faults++;
    return buf_printf(&report->lines, "SQLite: %s\n", words) ? SQLITE_OK
                                                             : SQLITE_NOMEM;
}

static bool check_file(struct verifier *v, struct error *err)
{
    struct bind bind = {
        .stmt = store_prepare(v->store, "PRAGMA integrity_check(20)", err)};

    return bind.stmt &&
           bind_once_each(v->store, &bind, add_words, v->report, err);
}

static bool count_all(struct verifier *v, struct error *err)
{
    size_t i;

    for (i = 0; i < sizeof counts / sizeof *counts; i++) {
        int64_t number = 0;

        if (!store_number(v->store, counts[i].sql, &number, err))
            return false;
        memcpy((char *)v->report + counts[i].place, &number, sizeof number);
    }
    return run_count_states(v->store,
        "SELECT state, count(*) FROM release GROUP BY state",
        v->report->by_state, err);
}

static bool check_rules(struct verifier *v, struct error *err)
{
    size_t i;

    for (i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (!check_rule(v, &rules[i], err))
            return false;
    }
    return true;
}

static bool check_heads(struct verifier *v, struct error *err)
{
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        int64_t number = 0;

        if (!store_number(v->store, heads[i].sql, &number, err))
            return false;
        v->report->faults += number > 0;
        if (number > 0 &&
            !buf_printf(&v->report->lines, "%s\n", heads[i].fault))
            return error_memory(err);
    }
    return true;
}

/* Rules and counts look at one moment. */
static bool check_rows(struct verifier *v, struct error *err)
{
    bool ok;

    if (!store_exec(v->store, "BEGIN", err))
        return false;
    ok = check_rules(v, err) && check_heads(v, err) && count_all(v, err);
    store_rollback(v->store);
    return ok;
}

static bool add_words_of(
    struct verify_report *report, const struct error *what, struct error *err)
{
    report->faults++;
    return buf_printf(&report->lines, "%s\n", what->text) || error_memory(err);
}

/* An older copy is sound in itself. */
static bool check_age(struct verifier *v, struct error *err)
{
    struct error what;

    if (rollback_check(v->store, &what))
        return true;
    if (what.kind == ERROR_USAGE)
        return add_words_of(v->report, &what, err);
    *err = what;
    return false;
}

/* What is damaged so that it cannot be read is a fault like another. */
static bool check(struct verifier *v, struct error *err)
{
    struct error what;

    if (store_whole(v->store, v->real, &what) && check_file(v, &what) &&
        check_age(v, &what) && check_rows(v, &what))
        return true;
    if (what.kind == ERROR_DISK)
        return add_words_of(v->report, &what, err);
    *err = what;
    return false;
}

static bool check_settled(
    struct view *view, struct verify_report *report, struct error *err)
{
    struct verifier v = {&view->store, view->real, report};
    bool ok = check(&v, err);

    if (view_settled(view))
        return ok;
    verify_fini(report);
    return view_again(view, err) && check(&v, err);
}

bool verify(const char *path, struct verify_report *report, struct error *err)
{
    struct view view;
    bool ok;

    memset(report, 0, sizeof *report);
    if (!view_open(&view, path, err))
        return false;
    ok = check_settled(&view, report, err);
    if (report->by_state[JOURNAL_SENDING] > 0 && !lock_held(view.real))
        report->stranded = report->by_state[JOURNAL_SENDING];
    view_close(&view);
    return ok;
}

void verify_fini(struct verify_report *report)
{
    buf_free(&report->lines);
    memset(report, 0, sizeof *report);
}
