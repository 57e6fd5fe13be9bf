/* bind.h: a prepared statement's parameters, from left to right.
 *
 * `struct bind b = {.stmt = stmt}`, one bind_ call per `?`, then bind_done or
 * bind_row. The first failure is kept in `rc` and what follows does nothing,
 * so it is looked at once. Texts are borrowed until the statement is reset. */
#ifndef JOURNAL_BIND_H
#define JOURNAL_BIND_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

enum { BIND_TEXT_MAX = 1023 }; // bytes that bind_text keeps

struct bind {
    sqlite3_stmt *stmt;
    int at;
    int rc;
};

/* Each takes the next parameter. The first that fails is what bind_done and
 * bind_row give. Texts are borrowed until then. */
void bind_number(struct bind *bind, int64_t number);

/* NULL is SQL's NULL. A longer text is cut between two characters. */
void bind_text(struct bind *bind, const char *text);
void bind_text_of(struct bind *bind, const char *text, size_t max);

/* All of it, whatever its length. */
void bind_whole(struct bind *bind, const char *text, size_t len);
void bind_blob(struct bind *bind, const void *bytes, size_t len);

/* Runs a statement that answers no row and resets it: SQLITE_OK, or why
 * not. */
int bind_done(struct bind *bind);

/* Steps: SQLITE_ROW, SQLITE_DONE, or why not. The caller resets. */
int bind_row(struct bind *bind);

#endif
