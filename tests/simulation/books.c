#include "books.h"

#include "check.h"
#include "journal/bind.h"
#include "journal/row.h"
#include "journal/writer.h"

#include <stdio.h>

enum statement { ROW, AUDITS, CONFLICT, STATEMENTS };

static const char *const texts[STATEMENTS] = {
    [ROW] = "SELECT " ROW_COLUMNS " FROM release WHERE order_item_id = ?",
    [AUDITS] = "SELECT count(*) FROM audit WHERE order_item_id = ?",
    [CONFLICT] = ("SELECT count(*) FROM conflict"
                  " WHERE order_item_id = ? AND code = ?"),
};

static struct {
    struct writer writer;
    struct op_set *ops[RUNS + 1]; // by the number of the run
    sqlite3_stmt *stmt[STATEMENTS];
} books;

static void must(struct world *w, bool ok, const struct error *err)
{
    if (!ok)
        world_fail(w, "%s", err->text);
}

bool books_open(void)
{
    struct error err;
    bool ok =
        journal_init(&err) &&
        writer_open_memory(&books.writer, "in memory", &err) &&
        store_exec(&books.writer.store,
            "CREATE INDEX IF NOT EXISTS release_code ON release (code)", &err);

    for (int i = 0; ok && i < STATEMENTS; i++) {
        books.stmt[i] = store_prepare(&books.writer.store, texts[i], &err);
        ok = books.stmt[i] != NULL;
    }
    if (!ok)
        fprintf(stderr, "%s\n", err.text);
    return ok;
}

void books_close(void)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(books.stmt[i]);
    for (int i = 0; i <= RUNS; i++)
        op_set_free(books.ops[i]);
    writer_close(&books.writer);
}

void books_clear(struct world *w)
{
    struct error err;

    store_rollback(&books.writer.store);
    must(w,
        store_exec(&books.writer.store,
            "BEGIN; DELETE FROM release; DELETE FROM attempt;"
            "DELETE FROM audit; DELETE FROM conflict; DELETE FROM run;"
            "DELETE FROM sqlite_sequence; UPDATE meta SET host = NULL; COMMIT",
            &err),
        &err);
}

/* Before a run begins, whatever is still being sent is in doubt; the audit
 * row that says so is not the one that a further attempt needs. */
static void doubt_orphans(struct world *w)
{
    struct journal_row row;

    for (int i = 0; i < w->item_count; i++)
        if (books_row(w, i, &row) && row.state == JOURNAL_SENDING) {
            w->items[i].doubt = true;
            w->items[i].doubt_variant = variant_of(w, i, row.code);
            w->items[i].doubt_stock = row.update_stock;
            w->items[i].doubt_run = w->run;
            w->items[i].doubt_audits = books_audits(w, i) + 1;
        }
}

struct op_set *books_begin_run(struct world *w)
{
    const struct journal_options options = {.host = "mock",
        .script = "simulated.lua",
        .unique_codes = w->rules.unique_codes};
    int64_t run = 0;
    struct error err;

    doubt_orphans(w);
    must(w, run_begin(&books.writer.store, &options, &run, &err), &err);
    if (run < 1 || run > RUNS)
        world_fail(w, "the run has the number %lld", (long long)run);
    w->run = (int)run;
    if (!books.ops[run])
        books.ops[run] = op_set_new(&books.writer.store, run, &err);
    must(w, books.ops[run] != NULL, &err);
    return books.ops[run];
}

void books_end_run(struct world *w)
{
    struct error err;

    must(w, run_end(&books.writer.store, w->run, "{}", 0, &err), &err);
}

bool books_write(struct world *w, struct journal_op **ops, int count)
{
    struct op_set *set = books.ops[w->run];
    int rc = op_begin(set);

    for (int i = 0; rc == SQLITE_OK && i < count; i++) {
        rc = op_run(set, ops[i]);
        if (rc != SQLITE_OK)
            world_fail(w, "operation %d of item %lld: %s", ops[i]->kind,
                (long long)ops[i]->ask.order_item_id, sqlite3_errstr(rc));
    }
    return rc == SQLITE_OK && op_commit(set) == SQLITE_OK;
}

bool books_row(struct world *w, int item, struct journal_row *row)
{
    struct bind bind = {.stmt = books.stmt[ROW]};
    int rc;

    bind_number(&bind, item_id(item));
    rc = bind_row(&bind);
    if (rc == SQLITE_ROW && row_read(bind.stmt, row) != SQLITE_OK)
        world_fail(
            w, "the row of item %lld is damaged", (long long)item_id(item));
    sqlite3_reset(bind.stmt);
    return rc == SQLITE_ROW;
}

static int64_t one_number(struct bind *bind)
{
    int64_t number = -1;

    if (bind_row(bind) == SQLITE_ROW)
        number = sqlite3_column_int64(bind->stmt, 0);
    sqlite3_reset(bind->stmt);
    return number;
}

int64_t books_audits(struct world *w, int item)
{
    struct bind bind = {.stmt = books.stmt[AUDITS]};

    (void)w;
    bind_number(&bind, item_id(item));
    return one_number(&bind);
}

bool books_has_conflict(struct world *w, int item, const char *code)
{
    struct bind bind = {.stmt = books.stmt[CONFLICT]};

    (void)w;
    bind_number(&bind, item_id(item));
    bind_text(&bind, code);
    return one_number(&bind) > 0;
}

void books_count(struct world *w, struct journal_counts *counts)
{
    struct error err;

    must(w, run_count(&books.writer.store, w->run, counts, &err), &err);
}

int64_t books_number(struct world *w, const char *sql, int64_t bound)
{
    struct error err;
    struct bind bind = {.stmt = store_prepare(&books.writer.store, sql, &err)};

    must(w, bind.stmt != NULL, &err);
    if (sqlite3_bind_parameter_count(bind.stmt) > 0)
        bind_number(&bind, bound);
    int64_t number = one_number(&bind);
    sqlite3_finalize(bind.stmt);
    return number;
}

/* As settle.c writes it. */
static const struct act {
    const char *name, *change;
} acts[] = {
    {"settled: done",
        "state = 'confirmed', applied_stock = update_stock, mapping_pk = NULL,"
        " content_type = NULL, integration_type = NULL, message = NULL,"
        " resent = 0"},
    {"settled: not done", "state = 'pending', message = NULL, resent = 0"},
    {"cancelled", "state = 'cancelled'"},
    {"taken back", "state = 'confirmed', update_stock = applied_stock"},
    {"to be sent again", "state = 'pending'"},
};
enum { DONE, NOT_DONE, CANCEL, RESTORE, RETRY };

static void act(struct world *w, int item, const struct act *what)
{
    char sql[700];
    struct error err;

    world_log(
        w, "a person: item %lld %s", (long long)item_id(item), what->name);
    snprintf(sql, sizeof sql,
        "BEGIN; INSERT INTO attempt (order_item_id, n, started_at, ms, code,"
        " update_stock, sent, curl, http_status, reply, outcome, why)"
        " SELECT order_item_id, attempts, started_at, ms, code, attempt_stock,"
        " sent, curl, http_status, reply, outcome, why FROM release"
        " WHERE order_item_id = %lld AND started_at IS NOT NULL"
        "  AND state = 'unknown' ON CONFLICT DO NOTHING;"
        "UPDATE release SET last_at = %lld, %s WHERE order_item_id = %lld;"
        "INSERT INTO audit (order_item_id, at, who, what)"
        " VALUES (%lld, 1, 'ayse', '%s'); COMMIT",
        (long long)item_id(item), (long long)wall_now(w), what->change,
        (long long)item_id(item), (long long)item_id(item), what->name);
    must(w, store_exec(&books.writer.store, sql, &err), &err);
}

static void settle_unknown(
    struct world *w, int item, const struct journal_row *row)
{
    struct item *it = &w->items[item];
    int variant = variant_of(w, item, row->code);
    bool applied = it->applied[variant][row->update_stock];

    it->doubt = it->resent = false;
    it->person[variant][row->update_stock] |= applied;
    act(w, item, &acts[applied ? DONE : NOT_DONE]);
}

/* It is mapped in the panel, or may go again. */
static void settle_rejected(
    struct world *w, int item, const struct journal_row *row)
{
    bool done = dice_chance(w, 50);

    if (done)
        w->items[item]
            .person[variant_of(w, item, row->code)][row->update_stock] = true;
    act(w, item, &acts[done ? DONE : NOT_DONE]);
}

static void cancel_conflicts(struct world *w, int item)
{
    char sql[100];
    struct error err;

    world_log(w, "a person: conflicts of item %lld", (long long)item_id(item));
    snprintf(sql, sizeof sql, "DELETE FROM conflict WHERE order_item_id = %lld",
        (long long)item_id(item));
    must(w, store_exec(&books.writer.store, sql, &err), &err);
}

static void look_after(
    struct world *w, int item, const struct journal_row *row, bool busy)
{
    if (row->state == JOURNAL_UNKNOWN && dice_chance(w, busy ? 60 : 15))
        settle_unknown(w, item, row);
    else if (row->state == JOURNAL_REJECTED && dice_chance(w, 8))
        act(w, item, &acts[RETRY]);
    else if (row->state == JOURNAL_REJECTED && dice_chance(w, 4))
        settle_rejected(w, item, row);
    else if ((row->state == JOURNAL_REJECTED ||
                 row->state == JOURNAL_PENDING) &&
             dice_chance(w, 5))
        act(w, item, &acts[row->applied_stock < 0 ? CANCEL : RESTORE]);
}

void books_person(struct world *w)
{
    bool busy = dice_chance(w, 50);
    struct journal_row row;

    for (int i = 0; i < w->item_count; i++) {
        if (dice_chance(w, 5))
            cancel_conflicts(w, i);
        if (!books_row(w, i, &row))
            continue;
        look_after(w, i, &row, busy);
        check_item(w, i);
    }
}
