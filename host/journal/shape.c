/* What is compared is the text of each CREATE statement, as SQLite keeps it in
 * sqlite_schema, but for its blanks: columns and their types, CHECK, DEFAULT,
 * COLLATE, generated columns, STRICT and WITHOUT ROWID all stand in it. */
#include "journal/shape.h"

#include "base/digest.h"
#include "base/escape.h"
#include "journal/row.h"

#include <string.h>

enum {
    STEP = 1000, // of SQLite's virtual machine
    STEPS = 50,  // a schema of ours is read in one
};

/* What may be there besides: the index of unique_codes, and what ANALYZE makes,
 * which changes in what order SQLite goes, not what comes of it. */
static const struct object {
    const char *name, *sql;
} extras[] = {
    {"release_code", "CREATE INDEX release_code ON release (code)"},
    {"sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"},
    {"sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"},
};

struct shape {
    struct store *store, *made;
    sqlite3_stmt *file, *ours;
};

static const char all[] =
    "SELECT name, type, coalesce(sql, '') FROM sqlite_schema"
    " ORDER BY name, type";

static const char *column(sqlite3_stmt *stmt, int n)
{
    const char *text = row_text(stmt, n);

    return text ? text : "";
}

static const char *next(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

static bool same_but_blanks(const char *a, const char *b)
{
    for (a = next(a), b = next(b); *a && *a == *b;
         a = next(a + 1), b = next(b + 1))
        ;
    return *a == *b;
}

static bool is_extra(sqlite3_stmt *stmt)
{
    for (size_t i = 0; i < sizeof extras / sizeof *extras; i++) {
        if (strcmp(extras[i].name, column(stmt, 0)) == 0)
            return same_but_blanks(extras[i].sql, column(stmt, 2));
    }
    return false;
}

static bool say(const struct shape *shape, sqlite3_stmt *stmt, const char *what,
    const char *how, const char *way, struct error *err)
{
    char name[80], type[16];

    escape_copy(column(stmt, 0), name, sizeof name);
    escape_copy(column(stmt, 1), type, sizeof type);
    return error_set(err, ERROR_USAGE,
        "the journal %s %s %s \"%s\"%s. Nothing was done with it. %s",
        shape->store->name, what, type, name, how, way);
}

static bool say_foreign(const struct shape *shape, struct error *err)
{
    bool vowel = column(shape->file, 1)[0] == 'i';

    return say(shape, shape->file, vowel ? "has an" : "has a",
        " that this program did not make",
        "Take it out with sqlite3 (DROP …), or put the last good copy back.",
        err);
}

/* -1: the file lacks ours; 1: it has one that is foreign; 0: the same name. */
static int order(const struct shape *shape, int rc_file, int rc_ours)
{
    int by_name;

    if (rc_file != SQLITE_ROW || rc_ours != SQLITE_ROW)
        return rc_file == SQLITE_ROW ? 1 : -1;
    by_name = strcmp(column(shape->file, 0), column(shape->ours, 0));
    if (by_name == 0)
        by_name = strcmp(column(shape->file, 1), column(shape->ours, 1));
    return by_name < 0 ? 1 : by_name > 0 ? -1 : 0;
}

static bool compare_one(
    const struct shape *shape, int ordered, struct error *err)
{
    static const char back[] = "Put the last good copy back.";

    if (ordered > 0)
        return is_extra(shape->file) || say_foreign(shape, err);
    if (ordered < 0)
        return say(shape, shape->ours, "lacks the", "", back, err);
    return same_but_blanks(column(shape->file, 2), column(shape->ours, 2)) ||
           say(shape, shape->file, "has the",
               " otherwise than this program made it", back, err);
}

static bool say_rc(struct store *store, int rc, struct error *err)
{
    if ((rc & 0xff) == SQLITE_INTERRUPT)
        return error_set(err, ERROR_USAGE,
            "the journal %s has far more tables than this program made. "
            "Nothing was done with it. Put the last good copy back.",
            store->name);
    return store_fail(store, rc, err);
}

/* A text that there was no memory for looks like an empty one. */
static bool lacks_memory(const struct shape *shape)
{
    return (sqlite3_errcode(shape->store->db) & 0xff) == SQLITE_NOMEM ||
           (sqlite3_errcode(shape->made->db) & 0xff) == SQLITE_NOMEM;
}

static bool compare(struct shape *shape, struct error *err)
{
    int file = sqlite3_step(shape->file), ours = sqlite3_step(shape->ours);

    while (file == SQLITE_ROW || ours == SQLITE_ROW) {
        if (file != SQLITE_ROW && file != SQLITE_DONE)
            break;
        int ordered = order(shape, file, ours);
        if (!compare_one(shape, ordered, err))
            return lacks_memory(shape) && error_memory(err);
        if (ordered >= 0)
            file = sqlite3_step(shape->file);
        if (ordered <= 0)
            ours = sqlite3_step(shape->ours);
    }
    if (file != SQLITE_DONE)
        return say_rc(shape->store, file, err);
    return ours == SQLITE_DONE || store_fail(shape->made, ours, err);
}

/* A text in UTF-16 is twice as long as the CHECK of a code has it. */
static bool check_encoding(struct store *store, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(store, "PRAGMA encoding", err);
    const char *name;
    bool utf8;
    int rc;

    if (!stmt)
        return false;
    rc = sqlite3_step(stmt);
    name = rc == SQLITE_ROW ? row_text(stmt, 0) : NULL;
    utf8 = name && strcmp(name, "UTF-8") == 0;
    sqlite3_finalize(stmt);
    if (!name)
        return store_fail(store, rc == SQLITE_ROW ? SQLITE_NOMEM : rc, err);
    return utf8 || error_set(err, ERROR_USAGE,
                       "the journal %s has its texts in UTF-16, and this "
                       "program made it with UTF-8. Put the last good copy "
                       "back.",
                       store->name);
}

static int count_steps(void *arg)
{
    int *left = arg;

    return --*left < 0;
}

static sqlite3_stmt *prepare(struct store *store, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(store->db, all, -1, &stmt, NULL);

    if (rc != SQLITE_OK)
        say_rc(store, rc, err);
    return stmt;
}

/* What the digest is of; not whole where it is longer than any of ours. */
struct text {
    char bytes[16384];
    size_t len;
};

static void add(struct text *text, const char *word)
{
    size_t len = strlen(word);

    if (len >= sizeof text->bytes - text->len)
        len = sizeof text->bytes - text->len - 1;
    memcpy(text->bytes + text->len, word, len);
    text->len += len;
    text->bytes[text->len++] = '\n';
}

static bool read_all(struct store *store, sqlite3_stmt *stmt, struct text *text,
    struct error *err)
{
    int rc;

    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        if (is_extra(stmt))
            continue;
        for (int i = 0; i < 3 && text->len < sizeof text->bytes; i++)
            add(text, column(stmt, i));
    }
    return rc == SQLITE_DONE || say_rc(store, rc, err);
}

static bool compare_digest(
    struct store *store, const char *digest, bool *known, struct error *err)
{
    char mine[DIGEST_TEXT_MAX];
    struct text text = {.len = 0};
    sqlite3_stmt *stmt = prepare(store, err);
    bool ok =
        stmt && check_encoding(store, err) && read_all(store, stmt, &text, err);

    sqlite3_finalize(stmt);
    *known = ok && text.len < sizeof text.bytes &&
             digest_text(text.bytes, text.len, mine) &&
             strcmp(mine, digest) == 0;
    return ok;
}

/* The schema is read for the first statement that needs it, so this is the one
 * that can be much. */
bool shape_known(
    struct store *store, const char *digest, bool *known, struct error *err)
{
    int steps = STEPS;

    sqlite3_progress_handler(store->db, STEP, count_steps, &steps);
    bool ok = compare_digest(store, digest, known, err);
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    return ok;
}

bool shape_check(struct store *store, struct store *made, struct error *err)
{
    struct shape shape = {.store = store, .made = made};
    bool ok;

    shape.file = prepare(store, err);
    shape.ours = shape.file ? store_prepare(made, all, err) : NULL;
    ok = shape.ours && compare(&shape, err);
    sqlite3_finalize(shape.file);
    sqlite3_finalize(shape.ours);
    return ok;
}
