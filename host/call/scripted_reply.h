/* scripted_reply.h: faults that write the reply's bytes themselves: the `act`
 * of rows in fault.c. Each fills the call's slot of the breaker.
 *
 * The whole reply, where one is meant, is the handler's answer with the head
 *
 *     HTTP/1.1 201 Created
 *     Content-Type: application/json
 *     Content-Length: 101
 *
 * so that a byte count means the same in every run. */
#ifndef CALL_SCRIPTED_REPLY_H
#define CALL_SCRIPTED_REPLY_H

#include "call/call.h"

/* Nothing at all, the connection stays open. */
void scripted_silence(struct call *call, unsigned arg);

/* The first `bytes` of the whole reply, then a close or a reset. */
void scripted_cut(struct call *call, unsigned bytes);
void scripted_cut_reset(struct call *call, unsigned bytes);

/* The whole reply: byte by byte; without Content-Length; with two. */
void scripted_drip(struct call *call, unsigned delay_ms);
void scripted_unframed(struct call *call, unsigned arg);
void scripted_lengths(struct call *call, unsigned arg);

/* Without an end: a chunked body, headers, 100 Continue. */
void scripted_endless(struct call *call, unsigned arg);
void scripted_headers(struct call *call, unsigned arg);
void scripted_continues(struct call *call, unsigned arg);

#endif
