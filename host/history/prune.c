/* Each table is swept once from its smallest key to its largest, a thousand
 * keys in one transaction; what is to go is decided by the statements of that
 * transaction, in their order. After each the WAL goes into the file, so that
 * it never holds more than one such step. */
#include "history/prune.h"

#include "history/compact.h"
#include "history/words.h"
#include "journal/bind.h"
#include "journal/rollback.h"
#include "journal/writer.h"

#include <stddef.h>
#include <string.h>

enum { STATEMENTS_MOST = 4 };

/* In every statement: ?1 < key <= ?2, and ?3 is the moment. */
#define CLOSED                                                                 \
    " order_item_id > ?1 AND order_item_id <= ?2 AND last_at < ?3"             \
    " AND (state = 'confirmed' OR state = 'cancelled')"                        \
    " AND order_item_id NOT IN (SELECT order_item_id FROM conflict)"
#define OF_CLOSED                                                              \
    " order_item_id > ?1 AND order_item_id <= ?2 AND order_item_id IN"         \
    " (SELECT order_item_id FROM release WHERE" CLOSED ")"

struct sweep {
    const char *next;  // the last key of the next thousand behind ?1
    const char *words; // the rows whose fields are found no more; or NULL
    struct {
        const char *sql;
        size_t count; // in the result
    } statements[STATEMENTS_MOST];
};

#define COUNT(member) offsetof(struct prune_result, member)

static const size_t uncounted = sizeof(struct prune_result);

/* The latest attempt is in the table too where the row has taken another code
 * since: only there it has the code that it was made with, so it stays. What
 * the program itself wrote in the audit explains attempts and goes with them;
 * a person's login may be "omnitron", too, so its words decide. */
static const struct sweep sweeps[] = {
    {"SELECT max(rowid) FROM (SELECT rowid FROM input WHERE rowid > ?1"
     " ORDER BY rowid LIMIT 1000)",
        NULL,
        {{"DELETE FROM input WHERE rowid > ?1 AND rowid <= ?2"
          " AND last_at < ?3",
            COUNT(inputs)}}},
    {"SELECT max(order_item_id) FROM (SELECT order_item_id FROM release"
     " WHERE order_item_id > ?1 ORDER BY order_item_id LIMIT 1000)",
        "SELECT " WORDS_COLUMNS " FROM release WHERE" CLOSED
        " AND seen IS NOT NULL",
        {{"DELETE FROM attempt WHERE" OF_CLOSED
          " AND n < (SELECT attempts FROM release"
          "  WHERE release.order_item_id = attempt.order_item_id)",
             COUNT(attempts)},
            {"UPDATE attempt SET reply = NULL, why = '" PRUNE_MARK "'"
             " WHERE" OF_CLOSED " AND why IS NOT '" PRUNE_MARK "'",
                uncounted},
            {"DELETE FROM audit WHERE" OF_CLOSED " AND who = 'omnitron'"
             " AND what IN ('found sending', 'sent again', 'kept as pending',"
             "  'set back')",
                COUNT(audits)},
            {"UPDATE release SET message = NULL, reply = NULL, seen = NULL,"
             " why = '" PRUNE_MARK "' WHERE" CLOSED
             " AND (why IS NOT '" PRUNE_MARK "' OR message IS NOT NULL"
             "  OR reply IS NOT NULL OR seen IS NOT NULL)",
                COUNT(releases)}}},
    /* The latest run stays: it says how old the journal is (rollback.h). */
    {"SELECT max(id) FROM (SELECT id FROM run WHERE id > ?1"
     " ORDER BY id LIMIT 1000)",
        NULL,
        {{"DELETE FROM run WHERE id > ?1 AND id <= ?2 AND started_at < ?3"
          " AND id < (SELECT max(id) FROM run)"
          " AND NOT EXISTS (SELECT 1 FROM release WHERE release.run = run.id)"
          " AND id NOT IN (SELECT run FROM conflict)"
          " AND id NOT IN (SELECT run FROM cursor)"
          " AND id NOT IN (SELECT run FROM input)"
          " AND id NOT IN (SELECT first_run FROM input)",
             COUNT(runs)},
            {"UPDATE run SET summary = NULL WHERE id > ?1 AND id <= ?2"
             " AND started_at < ?3 AND summary IS NOT NULL",
                COUNT(summaries)}}},
};

struct sweeping {
    struct store *store;
    const struct sweep *sweep;
    int64_t before;
    struct prune_result *result;
    sqlite3_stmt *next, *words, *stmt[STATEMENTS_MOST];
};

static bool prepare(struct sweeping *s, struct error *err)
{
    s->next = store_prepare(s->store, s->sweep->next, err);
    if (!s->next)
        return false;
    if (s->sweep->words) {
        s->words = store_prepare(s->store, s->sweep->words, err);
        if (!s->words)
            return false;
    }
    for (int i = 0; i < STATEMENTS_MOST && s->sweep->statements[i].sql; i++) {
        s->stmt[i] = store_prepare(s->store, s->sweep->statements[i].sql, err);
        if (!s->stmt[i])
            return false;
    }
    return true;
}

static void finalize(struct sweeping *s)
{
    sqlite3_finalize(s->next);
    sqlite3_finalize(s->words);
    for (int i = 0; i < STATEMENTS_MOST; i++)
        sqlite3_finalize(s->stmt[i]);
}

/* `*to` is the end of the step that begins behind `from`, and `*more` false
 * where there is none. */
static bool find_step(struct sweeping *s, int64_t from, int64_t *to, bool *more,
    struct error *err)
{
    struct bind bind = {.stmt = s->next};
    int rc;

    bind_number(&bind, from);
    rc = bind_row(&bind);
    if (rc != SQLITE_ROW)
        return store_fail(s->store, rc, err);
    *more = sqlite3_column_type(s->next, 0) != SQLITE_NULL;
    *to = sqlite3_column_int64(s->next, 0);
    sqlite3_reset(s->next);
    return true;
}

static void add(struct prune_result *result, size_t place, int64_t n)
{
    int64_t count;

    if (place == uncounted)
        return;
    memcpy(&count, (char *)result + place, sizeof count);
    count += n;
    memcpy((char *)result + place, &count, sizeof count);
}

/* Before the fields are gone. */
static bool drop_words(
    struct sweeping *s, int64_t from, int64_t to, struct error *err)
{
    struct bind bind = {.stmt = s->words};

    if (!s->words)
        return true;
    bind_number(&bind, from);
    bind_number(&bind, to);
    bind_number(&bind, s->before);
    return words_forget(s->store, s->words, err);
}

static bool drop(struct sweeping *s, int64_t from, int64_t to,
    struct prune_result *result, struct error *err)
{
    for (int i = 0; i < STATEMENTS_MOST && s->stmt[i]; i++) {
        struct bind bind = {.stmt = s->stmt[i]};
        int rc;

        bind_number(&bind, from);
        bind_number(&bind, to);
        bind_number(&bind, s->before);
        rc = bind_done(&bind);
        if (rc != SQLITE_OK)
            return store_fail(s->store, rc, err);
        add(result, s->sweep->statements[i].count,
            sqlite3_changes64(s->store->db));
    }
    return true;
}

/* What a step that failed had dropped does not count. */
static bool take_step(
    struct sweeping *s, int64_t from, int64_t to, struct error *err)
{
    int64_t changed = sqlite3_total_changes64(s->store->db);
    struct prune_result result = *s->result;

    if (!store_exec(s->store, "BEGIN IMMEDIATE", err))
        return false;
    if (!drop_words(s, from, to, err) || !drop(s, from, to, &result, err) ||
        !store_exec(s->store, "COMMIT", err)) {
        store_rollback(s->store);
        return false;
    }
    *s->result = result;
    return sqlite3_total_changes64(s->store->db) == changed ||
           store_exec(s->store, "PRAGMA wal_checkpoint(PASSIVE)", err);
}

static bool sweep_all(struct sweeping *s, struct error *err)
{
    int64_t from = INT64_MIN, to = 0;
    bool more = true;

    while (find_step(s, from, &to, &more, err) && more) {
        if (!take_step(s, from, to, err))
            return false;
        from = to;
    }
    return !more;
}

static bool sweep_tables(struct store *store, int64_t before,
    struct prune_result *result, struct error *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < sizeof sweeps / sizeof *sweeps; i++) {
        struct sweeping s = {
            .store = store, .sweep = &sweeps[i], .before = before};

        s.result = result;
        ok = prepare(&s, err) && sweep_all(&s, err);
        finalize(&s);
    }
    return ok;
}

static bool prune_open(struct store *store, const struct prune_order *order,
    struct prune_result *result, struct error *err)
{
    struct compact_size size;

    if (!rollback_check(store, err) ||
        !compact_bytes(store, &result->bytes_before, err) ||
        !sweep_tables(store, order->before, result, err) ||
        !compact(store, &size, &result->bytes_needed, err))
        return false;
    result->bytes_after = size.bytes;
    result->bytes_free = size.free;
    return true;
}

bool prune(const char *path, const struct prune_order *order,
    struct prune_result *result, struct error *err)
{
    struct writer writer;
    bool ok;

    *result = (struct prune_result){0};
    ok = writer_open(&writer, path, order->script, order->wait_ms, err) &&
         prune_open(&writer.store, order, result, err);
    if (!ok)
        writer_fail(&writer, err);
    writer_close(&writer);
    return ok;
}
