#include "history/lookup.h"

#include "base/mem.h"
#include "journal/bind.h"
#include "journal/lock.h"
#include "journal/row.h"
#include "journal/sql.h"
#include "journal/view.h"

#include <string.h>

enum question {
    ROW,
    CODE,
    RECALL,
    UNKNOWN,
    UNKNOWN_OR_SENDING,
    REFUSED,
    REFUSED_OF,
    QUESTIONS
};

static const char *const texts[QUESTIONS] = {
    [ROW] = SQL_FIND,
    [CODE] = SQL_TAKEN,
    [RECALL] = SQL_RECALL,
    [UNKNOWN] = ("SELECT count(*) FROM release WHERE state <> 'confirmed'"
                 " AND state = 'unknown'"),
    [UNKNOWN_OR_SENDING] =
        ("SELECT count(*) FROM release WHERE state <> 'confirmed'"
         " AND state IN ('unknown', 'sending')"),
    [REFUSED] = ("SELECT (SELECT count(*) FROM release"
                 " WHERE state <> 'confirmed' AND state = 'rejected')"
                 " + (" SQL_CONFLICTS ")"),
    [REFUSED_OF] =
        ("SELECT (SELECT count(*) FROM release"
         " WHERE order_item_id = ?2 AND state = 'rejected')"
         " + (" SQL_CONFLICTS "  AND order_item_id = ?2 AND code = ?1)"),
};

struct lookup {
    struct view view;
    sqlite3_stmt *stmt[QUESTIONS]; // NULL: not asked yet
};

/* One question, its parameters, and who takes the row that answers it. */
struct asking {
    enum question question;
    const char *text; // the first parameter, or
    int64_t number;   // the next, without a text the first
    bool has_number;
    int (*take)(sqlite3_stmt *stmt, void *arg); // SQLITE_OK, or why not
    void *arg;
};

struct lookup *lookup_open(const char *path, struct error *err)
{
    struct lookup *lookup = mem_calloc(1, sizeof *lookup);

    if (!lookup) {
        error_memory(err);
        return NULL;
    }
    if (view_open(&lookup->view, path, err))
        return lookup;
    mem_free(lookup);
    return NULL;
}

static void forget_statements(struct lookup *lookup)
{
    for (int i = 0; i < QUESTIONS; i++) {
        sqlite3_finalize(lookup->stmt[i]);
        lookup->stmt[i] = NULL;
    }
}

void lookup_close(struct lookup *lookup)
{
    if (!lookup)
        return;
    forget_statements(lookup);
    view_close(&lookup->view);
    mem_free(lookup);
}

static int step(struct bind *bind, const struct asking *asking, bool *found)
{
    if (asking->text)
        bind_whole(bind, asking->text, strlen(asking->text));
    if (asking->has_number)
        bind_number(bind, asking->number);
    int rc = bind_row(bind);
    *found = rc == SQLITE_ROW;
    if (*found)
        return asking->take(bind->stmt, asking->arg);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static bool ask_once(struct lookup *lookup, const struct asking *asking,
    bool *found, struct error *err)
{
    sqlite3_stmt **stmt = &lookup->stmt[asking->question];

    if (!*stmt)
        *stmt =
            store_prepare(&lookup->view.store, texts[asking->question], err);
    if (!*stmt)
        return false;
    struct bind bind = {.stmt = *stmt};
    int rc = step(&bind, asking, found);
    sqlite3_reset(*stmt);
    return rc == SQLITE_OK || store_fail(&lookup->view.store, rc, err);
}

static bool ask(
    struct lookup *lookup, const struct asking *asking, struct error *err)
{
    bool found = false;
    bool ok = ask_once(lookup, asking, &found, err);

    if (!view_settled(&lookup->view)) {
        forget_statements(lookup);
        ok = view_again(&lookup->view, err) &&
             ask_once(lookup, asking, &found, err);
    }
    if (ok && !found)
        err->text[0] = '\0';
    return ok && found;
}

static int take_row(sqlite3_stmt *stmt, void *arg)
{
    return row_read(stmt, arg);
}

static int take_number(sqlite3_stmt *stmt, void *arg)
{
    int64_t *number = arg;

    *number = sqlite3_column_int64(stmt, 0);
    return SQLITE_OK;
}

static int take_text(sqlite3_stmt *stmt, void *arg)
{
    struct buf *text = arg;
    const char *value = row_text(stmt, 0);

    buf_clear(text);
    return value && buf_add(text, value, (size_t)sqlite3_column_bytes(stmt, 0))
               ? SQLITE_OK
               : SQLITE_NOMEM;
}

bool lookup_row(struct lookup *lookup, int64_t order_item_id,
    struct journal_row *row, struct error *err)
{
    return ask(lookup,
        &(struct asking){.question = ROW,
            .number = order_item_id,
            .has_number = true,
            .take = take_row,
            .arg = row},
        err);
}

bool lookup_code(struct lookup *lookup, const char *code, int64_t order_item_id,
    int64_t *other, struct error *err)
{
    *other = 0;
    return ask(lookup,
               &(struct asking){.question = CODE,
                   .text = code,
                   .number = order_item_id,
                   .has_number = true,
                   .take = take_number,
                   .arg = other},
               err) ||
           !err->text[0];
}

bool lookup_recall(struct lookup *lookup, const char *key, struct buf *value,
    struct error *err)
{
    return ask(lookup,
        &(struct asking){
            .question = RECALL, .text = key, .take = take_text, .arg = value},
        err);
}

bool lookup_unknown(struct lookup *lookup, int64_t *count, struct error *err)
{
    bool alive = lock_held(lookup->view.real);

    *count = 0;
    return ask(lookup,
        &(struct asking){.question = alive ? UNKNOWN : UNKNOWN_OR_SENDING,
            .take = take_number,
            .arg = count},
        err);
}

bool lookup_refused(struct lookup *lookup, int64_t *count, struct error *err)
{
    *count = 0;
    return ask(lookup,
        &(struct asking){
            .question = REFUSED, .take = take_number, .arg = count},
        err);
}

bool lookup_refused_of(struct lookup *lookup, const char *code,
    int64_t order_item_id, int64_t *count, struct error *err)
{
    *count = 0;
    return ask(lookup,
        &(struct asking){.question = REFUSED_OF,
            .text = code,
            .number = order_item_id,
            .has_number = true,
            .take = take_number,
            .arg = count},
        err);
}
