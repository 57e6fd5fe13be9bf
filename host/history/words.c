#include "history/words.h"

#include "base/utf8.h"
#include "journal/bind.h"
#include "journal/journal.h"
#include "journal/row.h"
#include "json/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEP_ROWS = 4000, // of one transaction
    FIELD_LEAST = 2,  // bytes of a field's value
    FEW = 100         // rows of which each word is counted
};

struct word {
    size_t at; // in `texts`
    size_t len;
    int64_t item;
    bool is_field; // else it is one of the release's own names
};

/* The words of some rows. */
struct words {
    struct buf list;  // struct word
    struct buf texts; // one after the other
    struct buf value; // of a field, unescaped
    char item[24];    // the digits of the row's
    size_t item_len;
    int64_t last_run, last_item;
    size_t rows;
    bool fields_only, names_only;
};

struct filling {
    struct store *store;
    const struct words_order *order;
    struct words words;
    sqlite3_stmt *next, *count, *add, *move;
};

size_t words_fold(const char *text, size_t len, char out[WORDS_MOST + 1])
{
    len = utf8_cut(text, len, WORDS_MOST);
    for (size_t i = 0; i < len; i++)
        out[i] =
            (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
    out[len] = '\0';
    return len;
}

const char *words_end_of_path(const char *text)
{
    const char *slash = strrchr(text, '/');

    return slash && slash[1] ? slash + 1 : text;
}

static bool add_word(
    struct words *words, const char *text, size_t len, bool is_field)
{
    char folded[WORDS_MOST + 1];
    struct word word = {words->texts.len, words_fold(text, len, folded),
        words->last_item, is_field};

    return word.len == 0 || memchr(folded, '\0', word.len) ||
           (buf_add(&words->texts, folded, word.len) &&
               buf_add(&words->list, &word, sizeof word));
}

/* The value of one field. */
static bool add_value(struct words *words, const struct json_value *value)
{
    const char *text = value->text;
    size_t len = value->len;

    if (value->type == JSON_STRING) {
        buf_clear(&words->value);
        if (!json_string(value, &words->value))
            return false;
        text = buf_text(&words->value);
        len = words->value.len;
    } else if (value->type != JSON_NUMBER) {
        return true;
    }
    if (len == words->item_len && memcmp(text, words->item, len) == 0)
        return true;
    return len < FIELD_LEAST || len > WORDS_MOST ||
           add_word(words, text, len, true);
}

/* What is no object, a hand's work, has no fields. "…" is how many more there
 * were. */
static bool add_fields(struct words *words, const char *seen)
{
    struct json_value object, name, value;
    struct json_iter it;
    struct error ignored;

    if (!seen[0] || !json_parse(seen, strlen(seen), &object, &ignored))
        return true;
    json_iter_init(&it, &object);
    while (json_iter_next(&it, &name, &value))
        if (!json_is_text(&name, "…") && !add_value(words, &value))
            return false;
    return true;
}

/* A row of WORDS_COLUMNS. */
static int take_row(sqlite3_stmt *stmt, void *arg)
{
    enum { ITEM, RUN, CODE, NAME, ORDER, SOURCE, SEEN };
    struct words *words = arg;
    const char *text[SEEN + 1] = {0};

    words->last_item = sqlite3_column_int64(stmt, ITEM);
    words->last_run = sqlite3_column_int64(stmt, RUN);
    words->rows++;
    words->item_len = (size_t)snprintf(
        words->item, sizeof words->item, "%" PRId64, words->last_item);
    for (int i = CODE; i <= SEEN; i++) {
        text[i] = row_text(stmt, i);
        if (!text[i])
            return SQLITE_NOMEM;
    }
    text[SOURCE] = words_end_of_path(text[SOURCE]);
    bool ok = words->names_only || add_fields(words, text[SEEN]);
    for (int i = CODE; ok && !words->fields_only && i <= SOURCE; i++)
        ok = add_word(words, text[i], strlen(text[i]), false);
    return ok ? SQLITE_OK : SQLITE_NOMEM;
}

static void clear(struct words *words)
{
    buf_clear(&words->list);
    buf_clear(&words->texts);
    words->rows = 0;
}

static void free_words(struct words *words)
{
    buf_free(&words->list);
    buf_free(&words->texts);
    buf_free(&words->value);
}

static int compare(const void *left, const void *right, void *texts)
{
    const struct word *a = left, *b = right;
    const char *data = texts;
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(data + a->at, data + b->at, len);

    if (order == 0 && a->len != b->len)
        order = a->len < b->len ? -1 : 1;
    return order ? order : (a->item > b->item) - (a->item < b->item);
}

/* In the order of the table, whose pages are met once each then. */
static void sort(struct words *words)
{
    if (words->list.len)
        qsort_r(words->list.data, words->list.len / sizeof(struct word),
            sizeof(struct word), compare, words->texts.data);
}

static bool is_same(
    const struct words *words, const struct word *a, const struct word *b)
{
    const char *texts = words->texts.data;

    return a->len == b->len &&
           memcmp(texts + a->at, texts + b->at, a->len) == 0;
}

/* Runs `stmt` for a word. */
static int use_word(
    const struct words *words, sqlite3_stmt *stmt, const struct word *word)
{
    struct bind bind = {.stmt = stmt};

    bind_whole(&bind, words->texts.data + word->at, word->len);
    bind_number(&bind, word->item);
    return bind_done(&bind);
}

/* How many releases have it, as far as it matters. */
static int count_word(
    struct filling *f, const struct word *word, int64_t *count)
{
    struct bind bind = {.stmt = f->count};

    bind_whole(&bind, f->words.texts.data + word->at, word->len);
    int rc = bind_row(&bind);
    *count = rc == SQLITE_ROW ? sqlite3_column_int64(f->count, 0) : 0;
    sqlite3_reset(f->count);
    return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

/* Adds `n` of the same value; of fields, as long as not many have it. Most
 * values are of one row, and to count these would cost as much as to add
 * them. */
static int add_same(struct filling *f, const struct word *word, size_t n)
{
    int64_t count = n > 1 || f->words.rows < FEW ? -1 : 0;
    int rc = SQLITE_OK;

    for (size_t i = 0; rc == SQLITE_OK && i < n; i++) {
        if (word[i].is_field && count < 0)
            rc = count_word(f, word, &count);
        if (rc != SQLITE_OK || (word[i].is_field && count >= WORDS_SAME))
            continue;
        rc = use_word(&f->words, f->add, &word[i]);
        count += count >= 0;
    }
    return rc;
}

static bool add_all(struct filling *f, struct error *err)
{
    const struct word *word = (const void *)f->words.list.data;
    size_t n = f->words.list.len / sizeof *word;
    int rc = SQLITE_OK;

    sort(&f->words);
    for (size_t i = 0, same; rc == SQLITE_OK && i < n; i += same) {
        same = 1;
        while (i + same < n && is_same(&f->words, &word[i], &word[i + same]))
            same++;
        rc = add_same(f, &word[i], same);
    }
    return rc == SQLITE_OK || store_fail(f->store, rc, err);
}

static bool prepare(struct filling *f, struct error *err)
{
    return (f->next = store_prepare(f->store,
                "SELECT " WORDS_COLUMNS " FROM release"
                " WHERE (run, order_item_id) > (?, ?)"
                " ORDER BY run, order_item_id LIMIT ?",
                err)) &&
           (f->count = store_prepare(f->store,
                "SELECT count(*) FROM (SELECT 1 FROM word WHERE value = ?"
                " LIMIT 1000)",
                err)) &&
           (f->add = store_prepare(f->store, WORDS_ADD, err)) &&
           (f->move = store_prepare(f->store,
                "UPDATE meta SET words_run = ?1 WHERE words_run < ?1", err));
}

static void finalize(struct filling *f)
{
    sqlite3_finalize(f->next);
    sqlite3_finalize(f->count);
    sqlite3_finalize(f->add);
    sqlite3_finalize(f->move);
    free_words(&f->words);
}

/* The thousand rows behind (run, item). */
static bool read_step(
    struct filling *f, int64_t run, int64_t item, struct error *err)
{
    struct bind bind = {.stmt = f->next};

    clear(&f->words);
    f->words.last_run = run;
    f->words.last_item = item;
    bind_number(&bind, run);
    bind_number(&bind, item);
    bind_number(&bind, STEP_ROWS);
    int rc = bind_each(&bind, take_row, &f->words);
    return rc == SQLITE_OK || store_fail(f->store, rc, err);
}

static bool move_to(struct filling *f, int64_t run, struct error *err)
{
    struct bind bind = {.stmt = f->move};

    bind_number(&bind, run);
    int rc = bind_done(&bind);
    return rc == SQLITE_OK || store_fail(f->store, rc, err);
}

/* Of a run that is read to the end of a step, more may follow. */
static bool take_step(struct filling *f, struct error *err)
{
    int64_t done = f->words.last_run - (f->words.rows == STEP_ROWS);

    if (!store_exec(f->store, "BEGIN IMMEDIATE", err))
        return false;
    if (!add_all(f, err) || !move_to(f, done, err) ||
        !store_exec(f->store, "COMMIT", err)) {
        store_rollback(f->store);
        return false;
    }
    return f->words.rows < STEP_ROWS ||
           store_exec(f->store, "PRAGMA wal_checkpoint(PASSIVE)", err);
}

static bool is_told_to_stop(const struct words_order *order)
{
    return order->stops && order->stops(order->arg);
}

static bool fill(struct filling *f, struct error *err)
{
    const struct words_order *order = f->order;
    int64_t first = 0, run, item = INT64_MAX, taken = 0;
    bool more = true;

    if (!store_number(f->store, "SELECT words_run FROM meta", &first, err))
        return false;
    run = first;
    while (more && !is_told_to_stop(order)) {
        int64_t before = run;
        if (!read_step(f, run, item, err))
            return false;
        more = f->words.rows == STEP_ROWS;
        run = f->words.last_run;
        item = f->words.last_item;
        taken += (int64_t)f->words.rows;
        if (run > first && !take_step(f, err))
            return false;
        if (order->enough && taken > order->enough && run > before)
            more = false;
    }
    return true;
}

/* The values of some columns come in no order, and meet every page of a large
 * table: more of them than usual stay in memory. */
static bool fill_store(struct store *store, void *arg, struct error *err)
{
    struct filling f = {.store = store, .order = arg};
    bool ok = store_exec(store, "PRAGMA cache_size = -16000", err) &&
              prepare(&f, err) && fill(&f, err);

    finalize(&f);
    return ok;
}

bool words_fill(
    struct journal *journal, const struct words_order *order, struct error *err)
{
    struct words_order copy = *order;

    return journal_lend(journal, fill_store, &copy, err);
}

/* Runs `sql` for each of them. */
static bool for_each(struct store *store, const struct words *words,
    const char *sql, struct error *err)
{
    const struct word *word = (const void *)words->list.data;
    size_t n = words->list.len / sizeof *word;
    sqlite3_stmt *stmt = store_prepare(store, sql, err);
    int rc = SQLITE_OK;

    if (!stmt)
        return false;
    for (size_t i = 0; rc == SQLITE_OK && i < n; i++)
        rc = use_word(words, stmt, &word[i]);
    sqlite3_finalize(stmt);
    return rc == SQLITE_OK || store_fail(store, rc, err);
}

/* What is a field's value and the code's or the name's, too, stays: of the
 * rows that are in the table these are put back. */
bool words_forget(struct store *store, sqlite3_stmt *rows, struct error *err)
{
    struct words words = {.fields_only = true}, names = {.names_only = true};
    struct bind bind = {.stmt = rows}, again = {.stmt = rows};
    int rc = bind_each(&bind, take_row, &words);

    if (rc == SQLITE_OK)
        rc = bind_each(&again, take_row, &names);
    bool ok = rc == SQLITE_OK || store_fail(store, rc, err);
    sort(&words);
    ok = ok &&
         for_each(store, &words,
             "DELETE FROM word WHERE value = ? AND order_item_id = ?", err) &&
         for_each(store, &names, WORDS_ADD, err);
    free_words(&words);
    free_words(&names);
    return ok;
}
