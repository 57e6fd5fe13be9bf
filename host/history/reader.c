#include "history/reader.h"

#include "base/mem.h"
#include "history/result_page.h"
#include "history/words.h"
#include "journal/bind.h"
#include "journal/lock.h"
#include "journal/sql.h"
#include "journal/view.h"

#include <string.h>

enum { PAGE_ROWS = 1000 };

struct reader {
    struct view view;
    struct page rows, attempts, audits, conflicts, others;
};

struct reader *reader_open(const char *path, struct error *err)
{
    struct reader *reader = mem_calloc(1, sizeof *reader);

    if (!reader) {
        error_memory(err);
        return NULL;
    }
    if (view_open(&reader->view, path, err))
        return reader;
    mem_free(reader);
    return NULL;
}

void reader_close(struct reader *reader)
{
    if (!reader)
        return;
    view_close(&reader->view);
    page_free(&reader->rows);
    page_free(&reader->attempts);
    page_free(&reader->audits);
    page_free(&reader->conflicts);
    page_free(&reader->others);
    mem_free(reader);
}

/* One statement whose rows all go into a page. */
struct question {
    const char *sql;
    int64_t key;                     // the first parameter
    const enum journal_state *state; // the second, or NULL
    int (*keep)(struct page *page, sqlite3_stmt *stmt);
    struct page *page;
    const char *word;        // in the place of the key, or NULL
    const char *const *more; // two texts behind it, or NULL
};

static int take_row(sqlite3_stmt *stmt, void *arg)
{
    const struct question *question = arg;

    return question->keep(question->page, stmt);
}

static bool ask(
    struct store *store, struct question question, struct error *err)
{
    struct bind bind = {.stmt = store_prepare(store, question.sql, err)};

    if (!bind.stmt)
        return false;
    if (question.word)
        bind_whole(&bind, question.word, strlen(question.word));
    else
        bind_number(&bind, question.key);
    for (int i = 0; question.more && i < 2; i++)
        bind_whole(&bind, question.more[i], strlen(question.more[i]));
    if (question.state)
        bind_text(&bind, journal_state_name(*question.state));
    return bind_once_each(store, &bind, take_row, &question, err);
}

static bool ask_each(struct store *store, const struct question *questions,
    size_t n, struct error *err)
{
    size_t i;

    for (i = 0; i < n; i++) {
        page_clear(questions[i].page);
        if (!ask(store, questions[i], err))
            return false;
    }
    return true;
}

/* Several questions are asked in one read transaction: together they are one
 * moment. Its end is prepared first and needs no memory then, for a
 * transaction left open would keep the WAL from being reused. */
static bool ask_all(struct store *store, const struct question *questions,
    size_t n, struct error *err)
{
    sqlite3_stmt *end;
    bool ok;

    if (n == 1)
        return ask_each(store, questions, n, err);
    end = store_prepare(store, "COMMIT", err);
    if (!end)
        return false;
    ok = store_exec(store, "BEGIN", err) && ask_each(store, questions, n, err);
    sqlite3_step(end);
    sqlite3_finalize(end);
    return ok;
}

static bool ask_settled(struct reader *reader, const struct question *questions,
    size_t n, struct error *err)
{
    bool ok = ask_all(&reader->view.store, questions, n, err);

    if (view_settled(&reader->view))
        return ok;
    return view_again(&reader->view, err) &&
           ask_all(&reader->view.store, questions, n, err);
}

/* The words that the index release_open is for have to stand in a statement
 * that is to use it. */
static const char *list_sql(const enum journal_state *state)
{
    if (!state)
        return "SELECT " PAGE_ROW_COLUMNS " FROM release"
               " WHERE order_item_id >= ? ORDER BY order_item_id LIMIT 1000";
    if (*state == JOURNAL_CONFIRMED)
        return "SELECT " PAGE_ROW_COLUMNS " FROM release"
               " WHERE order_item_id >= ? AND state = ?"
               " ORDER BY order_item_id LIMIT 1000";
    return "SELECT " PAGE_ROW_COLUMNS " FROM release"
           " WHERE order_item_id >= ? AND state <> 'confirmed' AND state = ?"
           " ORDER BY order_item_id LIMIT 1000";
}

static int64_t last_item(const struct page *page)
{
    struct reader_row row;

    memcpy(
        &row, page->entries.data + (page->count - 1) * sizeof row, sizeof row);
    return row.row.order_item_id;
}

bool reader_list(struct reader *reader, const enum journal_state *state,
    bool (*each)(const struct reader_row *row, void *arg), void *arg,
    struct error *err)
{
    struct question question = {
        .sql = list_sql(state),
        .key = INT64_MIN,
        .state = state,
        .keep = page_keep_row,
        .page = &reader->rows,
    };

    for (;;) {
        int64_t last;

        if (!ask_settled(reader, &question, 1, err))
            return false;
        if (!page_give_rows(&reader->rows, each, arg)) {
            err->text[0] = '\0';
            return false;
        }
        if (reader->rows.count < PAGE_ROWS)
            return true;
        last = last_item(&reader->rows);
        if (last == INT64_MAX)
            return true;
        question.key = last + 1;
    }
}

static const char show_row[] =
    "SELECT " PAGE_ROW_COLUMNS " FROM release WHERE order_item_id = ?";

/* An attempt has no number of its run; one at a time is on. */
#define ATTEMPT_RUN(table)                                                     \
    "(SELECT max(id) FROM run WHERE run.started_at <= " table ".started_at), "

/* The latest attempt is in the row until a further one begins; where it is in
 * both, the table has it with the code that it was made with. */
static const char show_attempts[] =
    "SELECT n, update_stock, " ATTEMPT_RUN("attempt") PAGE_ATTEMPT_COLUMNS
    " FROM attempt WHERE order_item_id = ?1"
    " UNION ALL SELECT attempts, attempt_stock, " ATTEMPT_RUN("release")
        PAGE_ATTEMPT_COLUMNS
    " FROM release WHERE order_item_id = ?1 AND started_at IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM attempt"
    "  WHERE attempt.order_item_id = ?1 AND n = release.attempts)"
    " ORDER BY 1";

static const char show_audits[] =
    "SELECT " PAGE_AUDIT_COLUMNS
    " FROM audit WHERE order_item_id = ? ORDER BY id";

static const char show_conflicts[] =
    "SELECT " PAGE_CONFLICT_COLUMNS
    " FROM conflict WHERE order_item_id = ? ORDER BY last_at";

bool reader_show(struct reader *reader, int64_t order_item_id,
    const struct reader_story *story, struct error *err)
{
    const struct question questions[] = {
        {show_row, order_item_id, NULL, page_keep_row, &reader->rows, NULL,
            NULL},
        {show_attempts, order_item_id, NULL, page_keep_attempt,
            &reader->attempts, NULL, NULL},
        {show_audits, order_item_id, NULL, page_keep_audit, &reader->audits,
            NULL, NULL},
        {show_conflicts, order_item_id, NULL, page_keep_conflict,
            &reader->conflicts, NULL, NULL},
    };

    if (!ask_settled(reader, questions, 4, err))
        return false;
    if (reader->rows.count > 0 &&
        page_give_rows(&reader->rows, story->row, story->arg) &&
        page_give_attempts(&reader->attempts, story->attempt, story->arg) &&
        page_give_audits(&reader->audits, story->audit, story->arg) &&
        page_give_conflicts(&reader->conflicts, story->conflict, story->arg))
        return true;
    err->text[0] = '\0';
    return false;
}

/* Whole items: a page that ended inside one would have no key to go on
 * from. */
static const char list_conflicts[] =
    "SELECT " PAGE_CONFLICT_COLUMNS " FROM conflict WHERE order_item_id IN"
    " (SELECT DISTINCT order_item_id FROM conflict WHERE order_item_id >= ?"
    "  AND " SQL_CONFLICT_LASTS " ORDER BY order_item_id LIMIT 200)"
    " AND " SQL_CONFLICT_LASTS " ORDER BY order_item_id, last_at";

static int64_t last_conflict(const struct page *page)
{
    struct reader_conflict conflict;

    memcpy(&conflict, page->entries.data + (page->count - 1) * sizeof conflict,
        sizeof conflict);
    return conflict.order_item_id;
}

bool reader_conflicts(struct reader *reader,
    bool (*each)(const struct reader_conflict *conflict, void *arg), void *arg,
    struct error *err)
{
    struct question question = {.sql = list_conflicts,
        .key = INT64_MIN,
        .keep = page_keep_conflict,
        .page = &reader->conflicts};

    for (;;) {
        if (!ask_settled(reader, &question, 1, err))
            return false;
        if (!page_give_conflicts(&reader->conflicts, each, arg)) {
            err->text[0] = '\0';
            return false;
        }
        if (reader->conflicts.count == 0 ||
            last_conflict(&reader->conflicts) == INT64_MAX)
            return true;
        question.key = last_conflict(&reader->conflicts) + 1;
    }
}

static int keep_item(struct page *page, sqlite3_stmt *stmt)
{
    return row_add_item(stmt, &page->entries);
}

/* A line of a file is meant by what is kept of its path, by the end of that,
 * and by a path that ends with it. */
#define IS_SOURCE                                                              \
    "(source = ?1 OR substr(source, -length(?1) - 1) = '/' || ?1"              \
    " OR substr(?1, -length(source) - 1) = '/' || source)"

/* ?1 is the word, ?2 as words.h has it, ?3 what it is as a place. */
#define SAME "lower(?1)"
#define IS_NAME                                                                \
    "(lower(code) = " SAME " OR lower(name) = " SAME                           \
    " OR lower(order_number) = " SAME " OR " IS_SOURCE ")"
#define BEGINS(text) "substr(lower(" text "), 1, length(?1)) = " SAME

/* A field as words.h takes it. What is seen is JSON, but a hand may have been
 * at it. Only what has the word somewhere is taken apart, or may have it
 * escaped. */
#define HAS_FIELD(test)                                                        \
    "CASE WHEN json_valid(seen) AND (instr(lower(seen), " SAME ") > 0"         \
    "  OR ?1 GLOB '*[\"\\]*') THEN EXISTS (SELECT 1 FROM json_each(seen)"      \
    "  WHERE type IN ('text', 'integer', 'real') AND key <> '…'"             \
    "  AND length(CAST(value AS BLOB)) BETWEEN 2 AND 64"                       \
    "  AND CAST(value AS TEXT) <> CAST(order_item_id AS TEXT)"                 \
    "  AND " test ") END"

/* Of the rows that the words lead to, and those of runs that are not in them
 * yet, the ones that `rank` gives a number, the smallest first. */
#define FIND(words, rank)                                                      \
    "SELECT order_item_id FROM (SELECT order_item_id, run, " rank " AS rank"   \
    "  FROM release WHERE order_item_id IN (" words                            \
    "   UNION ALL SELECT order_item_id FROM word WHERE value = ?3"             \
    "   UNION ALL SELECT order_item_id FROM release"                           \
    "    WHERE run > (SELECT words_run FROM meta)))"                           \
    " WHERE rank > 0 ORDER BY rank, run DESC, order_item_id LIMIT 1000"
#define WHOLE "SELECT order_item_id FROM word WHERE value = ?2"
#define BEGUN                                                                  \
    "SELECT order_item_id FROM (SELECT order_item_id FROM word"                \
    "  WHERE value >= ?2 AND value < ?2 || char(1114111)"                      \
    "  ORDER BY value LIMIT 5000)"

#define IS_BEGUN                                                               \
    "(" BEGINS("code") " OR " BEGINS("name") " OR " BEGINS("order_number") ")"

static const char *const finds[] = {
    [READER_NAMED] = FIND(WHOLE, "CASE WHEN " IS_NAME " THEN 1 END"),
    [READER_WHOLE] = FIND(WHOLE, "CASE WHEN " IS_NAME " THEN 1 WHEN " HAS_FIELD(
                                     "lower(value) = " SAME) " THEN 2 END"),
    [READER_BEGINS] =
        FIND(BEGUN, "CASE WHEN " IS_BEGUN
                    " THEN 1 WHEN " HAS_FIELD(BEGINS("value")) " THEN 2 END"),
};

bool reader_find(struct reader *reader, const char *word, enum reader_way way,
    struct buf *items, struct error *err)
{
    const char *end = words_end_of_path(word);
    char folded[WORDS_MOST + 1], place[WORDS_MOST + 1];
    const char *const more[] = {folded, place};
    const struct question question = {
        .sql = finds[way],
        .word = word,
        .more = more,
        .keep = keep_item,
        .page = &reader->others,
    };
    const struct buf *found = &reader->others.entries;

    if (way == READER_BEGINS && strlen(word) < READER_BEGIN_LEAST)
        return true;
    words_fold(word, strlen(word), folded);
    words_fold(end, strlen(end), place);
    return ask_settled(reader, &question, 1, err) &&
           (found->len == 0 || buf_add(items, found->data, found->len) ||
               error_memory(err));
}

/* A line of an ERP that moves in its file is one all the same: of those of one
 * name and file the one that was seen last stands for the earlier ones. Two of
 * one run are two. */
#define INPUTS(found)                                                          \
    "SELECT min(first_run, coalesce(was_run, first_run)), run,"                \
    " min(first_at, coalesce(was_at, first_at)), last_at,"                     \
    " times + coalesce(was_times, 0), " PAGE_INPUT_TEXTS                       \
    " FROM input JOIN (SELECT rowid AS number, max(run) OVER line AS latest,"  \
    "  min(first_run) OVER earlier AS was_run,"                                \
    "  min(first_at) OVER earlier AS was_at,"                                  \
    "  sum(times) OVER earlier AS was_times FROM input WHERE " found           \
    "  WINDOW line AS (PARTITION BY name, item, rtrim(source, '0123456789'),"  \
    "   CASE name WHEN '' THEN rowid END),"                                    \
    "  earlier AS (line ORDER BY run"                                          \
    "   RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))"                   \
    " ON number = input.rowid WHERE run = latest"                              \
    " ORDER BY last_at, number LIMIT 1000"

static const char list_inputs[] =
    INPUTS("lower(name) = " SAME " OR item = ?1 OR " IS_SOURCE);

/* What is seen is JSON, but a hand may have been at it. */
static const char list_inputs_by_field[] =
    INPUTS("CASE WHEN instr(lower(seen), " SAME ") > 0 AND json_valid(seen)"
           " THEN EXISTS (SELECT 1 FROM json_each(seen)"
           "  WHERE lower(CAST(value AS TEXT)) = " SAME ") END");

static bool ask_inputs(struct reader *reader, const struct question *question,
    bool (*each)(const struct reader_input *input, void *arg), void *arg,
    struct error *err)
{
    if (!ask_settled(reader, question, 1, err))
        return false;
    if (page_give_inputs(&reader->others, each, arg))
        return true;
    err->text[0] = '\0';
    return false;
}

bool reader_inputs(struct reader *reader, const char *word, bool in_row,
    bool (*each)(const struct reader_input *input, void *arg), void *arg,
    struct error *err)
{
    const struct question question = {
        .sql = in_row ? list_inputs_by_field : list_inputs,
        .word = word,
        .keep = page_keep_input,
        .page = &reader->others,
    };

    return ask_inputs(reader, &question, each, arg, err);
}

bool reader_inputs_open(struct reader *reader,
    bool (*each)(const struct reader_input *input, void *arg), void *arg,
    struct error *err)
{
    const struct question question = {
        .sql = "SELECT " PAGE_INPUT_COLUMNS " FROM input"
               " WHERE (what = 'failed' OR what = 'invalid' OR"
               "  (what = 'later' AND last_at - first_at > 86400000))"
               " AND run IN"
               "  (SELECT max(id) FROM run WHERE id > ? AND exit IS NOT NULL"
               "   GROUP BY script)"
               " ORDER BY rowid LIMIT 1000",
        .keep = page_keep_input,
        .page = &reader->others,
    };

    return ask_inputs(reader, &question, each, arg, err);
}

bool reader_run(struct reader *reader, int64_t id,
    bool (*take)(const struct reader_run *run, void *arg), void *arg,
    struct error *err)
{
    const struct question question = {
        .sql = id ? "SELECT " PAGE_RUN_COLUMNS " FROM run WHERE id = ?"
                  : "SELECT " PAGE_RUN_COLUMNS " FROM run"
                    " WHERE id > ? AND summary <> '' ORDER BY id DESC LIMIT 1",
        .key = id,
        .keep = page_keep_run,
        .page = &reader->others,
    };

    if (!ask_settled(reader, &question, 1, err))
        return false;
    err->text[0] = '\0';
    return reader->others.count > 0 &&
           page_give_runs(&reader->others, take, arg);
}

static int keep_host(struct page *page, sqlite3_stmt *stmt)
{
    const char *host = row_text(stmt, 0);

    return host && buf_puts(&page->texts, host) ? SQLITE_OK : SQLITE_NOMEM;
}

bool reader_host(struct reader *reader, struct buf *host, struct error *err)
{
    const struct question question = {"SELECT host FROM meta WHERE id = ?", 1,
        NULL, keep_host, &reader->others, NULL, NULL};

    return ask_settled(reader, &question, 1, err) &&
           (buf_puts(host, buf_text(&reader->others.texts)) ||
               error_memory(err));
}

bool reader_run_alive(const struct reader *reader)
{
    return lock_held(reader->view.real);
}
