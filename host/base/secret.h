/* secret.h: a text that must be seen nowhere: the token, a password, an ERP
 * key.
 *
 * Every secret that was read is remembered, so that secret_mask can take it
 * out of whatever is about to be printed. Its memory is wiped when freed. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/buf.h"
#include "base/error.h"

enum { SECRET_MAX = 4096 }; // bytes of one

struct secret; // owns its bytes

/* Sees to it that this process's memory never becomes a file: neither by a
 * core nor by another process of the same user. First thing in main. */
void secret_forbid_core(void);

/* Takes the value of an environment variable: copies it, overwrites it in
 * place and unsets it. NULL with err->text "" when the variable is not set;
 * NULL with a message when its value cannot be a secret. The caller frees. */
struct secret *secret_take_env(const char *name, struct error *err);

/* A secret from bytes that came another way (a log-in's key), under the same
 * rules; `name` is where messages say it came from. The caller frees it and
 * wipes the bytes. */
struct secret *secret_new(
    const char *name, const char *text, size_t len, struct error *err);

/* The text, NUL-terminated; borrowed. */
const char *secret_text(const struct secret *s);

/* Wipes and forgets it (NULL is allowed). */
void secret_free(struct secret *s);

/* Replaces each occurrence of each living secret of at least 4 bytes, as it
 * is or as a JSON string writes it, by "***", in place: the text never grows.
 * Occurrences that overlap become one. Any thread may call it. */
void secret_mask(char *text, size_t *len);

/* How many bytes at the end of a text could be the beginning of a secret, so
 * that what comes next has to be waited for; what lies before them can be
 * masked by itself. Any thread may call it. */
size_t secret_begun(const char *text, size_t len);

enum { SECRET_COPY_MAX = 1023 };

/* Copies a text, masked and then cut between two characters to at most `max`
 * (up to SECRET_COPY_MAX) bytes; `out` has room for a NUL behind them. The
 * bytes that are there now; *cut: there were more. A secret that the cut would
 * go through leaves no part of itself. */
size_t secret_copy(
    const char *text, size_t len, char *out, size_t max, bool *cut);

#endif
