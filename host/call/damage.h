/* damage.h: faults that change an answer before libmicrohttpd sends it, or
 * take it away: the `act` of rows in fault.c.
 *
 * Each works on what the handler answered, or in its place. `arg` is the
 * fault's number, unused by those without one. */
#ifndef CALL_DAMAGE_H
#define CALL_DAMAGE_H

#include "call/call.h"

/* No reply: the connection is closed, or reset. */
void damage_close(struct call *call, unsigned arg);
void damage_reset(struct call *call, unsigned arg);

/* Another answer: a status; 429 with Retry-After in seconds or as a date; a
 * redirect; 200 without a body or with HTML. */
void damage_status(struct call *call, unsigned status);
void damage_retry_after(struct call *call, unsigned seconds);
void damage_retry_date(struct call *call, unsigned seconds);
void damage_redirect(struct call *call, unsigned arg);
void damage_empty(struct call *call, unsigned arg);
void damage_html(struct call *call, unsigned arg);

/* The same answer, bent: cut in half, another echo, far too long. */
void damage_half_json(struct call *call, unsigned arg);
void damage_other_id(struct call *call, unsigned arg);
void damage_other_code(struct call *call, unsigned arg);
void damage_huge(struct call *call, unsigned arg);

/* The right answer, and an unasked one behind it. */
void damage_push(struct call *call, unsigned arg);

#endif
