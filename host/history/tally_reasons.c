/* Why: what the host refused and in which words, which rows of an input came
 * to no release, what was tried again, what people decided. */
#include "base/buf.h"
#include "history/tally_own.h"
#include "history/tally_read.h"
#include "journal/row.h"

#include <string.h>

enum { OWN_NUMBER = 4 }; // digits: a status has 3

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

/* The bytes at `text` that are this row's own, and no reason: its code, or a
 * long number. */
static size_t own_at(const char *text, const char *code)
{
    size_t n = strlen(code);

    if (strncmp(text, code, n) == 0)
        return n;
    n = digits_at(text);
    return n >= OWN_NUMBER ? n : 0;
}

/* The host's words without what is of one row alone, so that the same reason
 * is the same text. */
static bool put_reason(struct buf *out, const char *words, const char *code)
{
    bool ok = true;

    while (ok && *words) {
        size_t own = own_at(words, code), n = digits_at(words);

        n = own ? own : n ? n : 1;
        ok = own ? buf_puts(out, "…") : buf_add(out, words, n);
        words += n;
    }
    return ok;
}

static int add(struct tally_groups *groups, const struct tally_one *one)
{
    bool whole = one->kind && one->words && one->example;

    return whole && tally_groups_add(groups, one) ? SQLITE_OK : SQLITE_NOMEM;
}

static int take_refused(sqlite3_stmt *stmt, void *arg)
{
    enum { STATUS, MESSAGE, EXAMPLE, ITEM, LAST_AT, CODE };
    const char *words = row_text(stmt, MESSAGE), *code = row_text(stmt, CODE);
    struct buf reason = {0};
    int rc = SQLITE_NOMEM;

    if (words && code && put_reason(&reason, words, code)) {
        const struct tally_one one = {.kind = row_text(stmt, STATUS),
            .words = buf_text(&reason),
            .example = row_text(stmt, EXAMPLE),
            .count = 1,
            .item = sqlite3_column_int64(stmt, ITEM),
            .last_at = sqlite3_column_int64(stmt, LAST_AT)};
        rc = add(arg, &one);
    }
    buf_free(&reason);
    return rc;
}

/* Columns: kind, words, example, how many, the latest. */
static int take_group(sqlite3_stmt *stmt, void *arg)
{
    const struct tally_one one = {.kind = row_text(stmt, 0),
        .words = row_text(stmt, 1),
        .example = row_text(stmt, 2),
        .count = sqlite3_column_int64(stmt, 3),
        .last_at = sqlite3_column_int64(stmt, 4)};

    return add(arg, &one);
}

/* The bare columns are those of the latest row, as SQLite promises for
 * max(). */
static const char inputs[] =
    "SELECT what, message, iif(name = '', source, name), count(*), max(last_at)"
    " FROM input WHERE last_at >= ? GROUP BY what, message";

static const char decisions[] =
    "SELECT who, what, '', count(*), max(at) FROM audit"
    " WHERE at >= ? AND who <> 'omnitron' GROUP BY who, what";

static const char tries[] =
    "SELECT iif(http_status > 0, http_status, ''),"
    " coalesce(outcome, 'unknown'), '', count(*), max(started_at)"
    " FROM attempt WHERE started_at >= ? GROUP BY 1, 2";

/* The words that the index release_open is for have to stand there. */
static const char refused[] =
    "SELECT iif(http_status > 0, http_status, ''), message,"
    " iif(coalesce(name, '') = '', source, name), order_item_id, last_at, code"
    " FROM release WHERE state <> 'confirmed' AND state = 'rejected'"
    " AND last_at >= ? ORDER BY order_item_id";

bool tally_reasons_take(
    struct store *store, struct tally *tally, struct error *err)
{
    const struct {
        const char *sql;
        int (*take)(sqlite3_stmt *stmt, void *arg);
        struct tally_groups *groups;
    } all[] = {{refused, take_refused, &tally->refused},
        {inputs, take_group, &tally->inputs},
        {decisions, take_group, &tally->decisions},
        {tries, take_group, &tally->tries}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const struct tally_question question = {
            all[i].sql, {tally->calendar.from}, 1, all[i].take, all[i].groups};

        if (!tally_ask(store, &question, err))
            return false;
        tally_groups_sort(all[i].groups);
    }
    return true;
}
