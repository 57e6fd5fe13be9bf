/* bind.h: a prepared statement's parameters, from left to right.
 *
 * `struct bind b = {.stmt = stmt}`, one bind_ call per `?`, then bind_done,
 * bind_row or bind_each. The first failure is kept in `rc` and what follows
 * does nothing, so it is looked at once. Texts are borrowed until the statement
 * is reset. */
#ifndef JOURNAL_BIND_H
#define JOURNAL_BIND_H

#include "journal/store.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BIND_TEXT_MAX = 1023 }; // bytes that bind_text keeps

struct bind {
    sqlite3_stmt *stmt;
    int at;
    int rc;
};

/* Each takes the next parameter. The first that fails is what bind_done,
 * bind_row and bind_each give. Texts are borrowed until then. */
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

/* What is done with each row: SQLITE_OK, or why no further one is wanted. */
typedef int bind_take(sqlite3_stmt *stmt, void *arg);

/* Gives `take` the rows and resets: SQLITE_OK when it had all of them, else
 * why not. */
int bind_each(struct bind *bind, bind_take *take, void *arg);

/* Run a statement that was prepared for this once, without rows or with, and
 * finalize it. False with a message. */
bool bind_once(struct store *store, struct bind *bind, struct error *err);
bool bind_once_each(struct store *store, struct bind *bind, bind_take *take,
    void *arg, struct error *err);

#endif
