/* answer.h: how a handler answers, in the words of Django REST Framework.
 *
 * Nothing here fails on its own: without memory the call is marked broken and
 * the server answers 500 in its place. */
#ifndef CALL_ANSWER_H
#define CALL_ANSWER_H

#include "call/call.h"

/* Begins a JSON answer; what was answered before is forgotten. */
void answer_begin(struct call *call, unsigned status);

/* More of the body: as it is, formatted, or quoted as a JSON string. */
void answer_text(struct call *call, const char *text);
void answer_printf(struct call *call, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void answer_string(struct call *call, const char *text, size_t len);

/* One header beside Content-Type; `name` is a literal. */
void answer_header(struct call *call, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* {"detail": "…"}, cut to 300 bytes. */
void answer_detail(struct call *call, unsigned status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void answer_not_found(struct call *call);

/* 400 {"field": ["…"]}; called again, one field more. */
void answer_bad_field(
    struct call *call, const char *field, const char *message);

/* The HTML that Django itself answers where no API is. */
void answer_page(struct call *call, unsigned status, const char *title);

#endif
