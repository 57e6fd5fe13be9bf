/* reply.h: what a reply's body says. Pure. */
#ifndef DELIVERY_REPLY_H
#define DELIVERY_REPLY_H

#include "journal/journal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The echo: true when the body is a JSON object whose object_id is the item
 * (a number or its digits), whose code is the code that was sent, and whose
 * pk is an integer. *mapping is then filled; else *why says what is amiss. */
bool reply_echoes(const char *body, size_t len, int64_t item, const char *code,
    struct journal_mapping *mapping, const char **why);

/* The server's words of a refusal as one line: its detail, or its field
 * errors, or the beginning of what is not JSON. */
void reply_words(
    int status, const char *body, size_t len, char *out, size_t cap);

#endif
