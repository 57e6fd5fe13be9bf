/* journal_rig.h: what the tests of the journal share: a folder of their own,
 * and one line for one operation. */
#ifndef TESTS_JOURNAL_RIG_H
#define TESTS_JOURNAL_RIG_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "journal/journal.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A child that is gone when its parent is, and does not hang either. */
static inline pid_t rig_fork(void)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        alarm(60);
    }
    return child;
}

struct rig {
    char folder[64];
    char path[80];
};

static inline void rig_fail(const struct error *err)
{
    fail_msg("%s", err->text);
}

static inline int rig_setup(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    struct error err;

    alarm(60); // whatever hangs
    if (!rig || !journal_init(&err))
        return -1;
    snprintf(rig->folder, sizeof rig->folder, "/tmp/journal_test.XXXXXX");
    if (!mkdtemp(rig->folder))
        return -1;
    snprintf(rig->path, sizeof rig->path, "%s/journal.db", rig->folder);
    *state = rig;
    return 0;
}

static inline int rig_teardown(void **state)
{
    struct rig *rig = *state;
    DIR *dir = opendir(rig->folder);
    struct dirent *entry;
    char name[400];

    alarm(0);
    chmod(rig->folder, 0700);
    while (dir && (entry = readdir(dir))) {
        snprintf(name, sizeof name, "%s/%s", rig->folder, entry->d_name);
        unlink(name);
    }
    if (dir)
        closedir(dir);
    rmdir(rig->folder);
    free(rig);
    return 0;
}

static inline const char *rig_beside(const struct rig *rig, const char *end)
{
    static char name[200];

    snprintf(name, sizeof name, "%s%s", rig->path, end);
    return name;
}

static inline bool rig_exists(const struct rig *rig, const char *end)
{
    struct stat st;

    return lstat(rig_beside(rig, end), &st) == 0;
}

/* How many names the folder has. */
static inline int rig_names(const struct rig *rig)
{
    DIR *dir = opendir(rig->folder);
    int n = -2; // "." and ".."

    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return n;
}

static inline void rig_make(const struct rig *rig)
{
    struct error err;

    if (!journal_make(rig->path, &err))
        rig_fail(&err);
}

static inline struct journal *rig_try(
    const char *path, const char *host, struct error *err)
{
    const struct journal_options options = {
        .path = path, .host = host, .script = "release.lua"};

    return journal_open(&options, err);
}

static inline struct journal *rig_open(const struct rig *rig)
{
    struct error err;
    struct journal *journal =
        rig_try(rig->path, "https://acme.omnitron.net", &err);

    if (!journal)
        rig_fail(&err);
    return journal;
}

static inline struct journal *rig_new(const struct rig *rig)
{
    rig_make(rig);
    return rig_open(rig);
}

/* Waits for all that was submitted; the operations in their order. */
static inline struct journal_op *rig_settle(struct journal *journal)
{
    struct journal_op *first = NULL, **end = &first;

    journal_flush(journal);
    while (journal_under_way(journal) > 0) {
        *end = journal_collect(journal);
        while (*end)
            end = &(*end)->next;
        poll(NULL, 0, 0);
    }
    return first;
}

static inline void rig_do(struct journal *journal, struct journal_op *op)
{
    journal_submit(journal, op);
    assert_ptr_equal(rig_settle(journal), op);
}

static inline struct journal_op rig_ask(
    enum journal_kind kind, int64_t item, const char *code, bool update_stock)
{
    struct journal_op op = {.kind = kind};

    op.ask.order_item_id = item;
    op.ask.code = code;
    op.ask.update_stock = update_stock;
    op.ask.source = "lines.csv:812";
    op.ask.name = "SO-1240/10";
    return op;
}

static inline struct journal_op rig_outcome(
    int64_t item, enum journal_state state)
{
    struct journal_op op = {.kind = JOURNAL_OUTCOME};

    op.ask.order_item_id = item;
    op.outcome.state = state;
    op.outcome.update_stock = true;
    op.outcome.sent = true;
    op.outcome.http_status = state == JOURNAL_CONFIRMED ? 201 : 400;
    op.outcome.ms = 12;
    op.outcome.outcome = state == JOURNAL_CONFIRMED ? "applied" : "refused";
    op.outcome.why = "because";
    op.outcome.message = "words";
    op.outcome.reply = "{\"pk\":7}";
    op.outcome.reply_len = 8;
    if (state == JOURNAL_CONFIRMED) {
        op.outcome.mapping.known = true;
        op.outcome.mapping.pk = 7000 + item % 1000000;
        op.outcome.mapping.content_type = 21;
        strcpy(op.outcome.mapping.integration_type, "orderitem");
    }
    return op;
}

static inline void rig_admit(
    struct journal *journal, int64_t item, const char *code)
{
    struct journal_op op = rig_ask(JOURNAL_ADMIT, item, code, true);

    rig_do(journal, &op);
    assert_false(op.failed);
    assert_false(op.found);
}

static inline void rig_end(
    struct journal *journal, int64_t item, enum journal_state state)
{
    struct journal_op op = rig_outcome(item, state);

    rig_do(journal, &op);
    assert_false(op.failed);
}

static inline struct journal_op rig_find(struct journal *journal, int64_t item)
{
    struct journal_op op = {.kind = JOURNAL_FIND};

    op.ask.order_item_id = item;
    rig_do(journal, &op);
    assert_false(op.failed);
    return op;
}

/* How many rows are unknown. */
static inline int64_t rig_unknown(struct journal *journal)
{
    struct journal_counts counts;
    struct error err;

    assert_true(journal_count(journal, &counts, &err));
    return counts.by_state[JOURNAL_UNKNOWN];
}

/* Runs SQL behind the journal's back. */
static inline void rig_sql(const struct rig *rig, const char *sql)
{
    char *words = NULL;
    sqlite3 *db;

    assert_int_equal(sqlite3_open(rig->path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 2000);
    if (sqlite3_exec(db, sql, NULL, NULL, &words) != SQLITE_OK)
        fail_msg("%s: %s", sql, words);
    sqlite3_close(db);
}

/* The first column of the first row, as text. */
static inline const char *rig_get(const struct rig *rig, const char *sql)
{
    static char text[400];
    sqlite3_stmt *stmt;
    sqlite3 *db;

    text[0] = '\0';
    assert_int_equal(sqlite3_open(rig->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_text(stmt, 0))
        snprintf(text, sizeof text, "%s",
            (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return text;
}

#endif
