/* error.h: one failure on its way to whoever reports it.
 *
 * A function that can fail returns false (or NULL) and fills a struct error
 * with one lower-case line that names the thing and the way out. It returns
 * the failure or reports it, never both. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

enum error_kind {
    ERROR_OTHER,
    ERROR_USAGE,  // usage, profile, token file, permissions: the operator
    ERROR_HELD,   // another run holds the journal
    ERROR_DISK,   // the journal or its disk failed
    ERROR_MEMORY, // the host itself is out of memory
    ERROR_FULL,   // the account of a script is (account.h)
};

struct error {
    enum error_kind kind;
    char text[800];
};

/* Fills *err (cut to fit) and returns false, so a caller can return it. */
bool error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* "out of memory", ERROR_MEMORY; returns false. Allocates nothing. */
bool error_memory(struct error *err);

#endif
