/* reply.h: what a reply's body says. Pure. */
#ifndef DELIVERY_REPLY_H
#define DELIVERY_REPLY_H

#include "delivery/delivery.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The echo: true when the body is a JSON object whose object_id is the item
 * (a number or its digits), whose code is the code that was sent, and whose
 * pk is an integer. *mapping is then filled; else *why says what is amiss. */
bool reply_echoes(const char *body, size_t len, int64_t item, const char *code,
    struct journal_mapping *mapping, const char **why);

/* The server's words of a refusal as one line: its detail, or its field
 * errors, the beginning of a plain text, or the name of the status. */
void reply_words(
    int status, const char *body, size_t len, char *out, size_t cap);

/* The same of a reply, or libcurl's words when none came; secrets masked. */
void reply_explain(const struct wire_reply *reply, char *out, size_t cap);

/* That of a log-in, which may hold a key even where none was found: only a
 * refusal is quoted. */
void reply_explain_login(const struct wire_reply *reply, char *out, size_t cap);

#endif
