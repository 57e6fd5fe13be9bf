/* call.h: one API call: what came, and what goes back.
 *
 * The server makes one per request and owns it; handlers read the upper half
 * and fill the lower one through answer.h. */
#ifndef CALL_CALL_H
#define CALL_CALL_H

#include "base/buf.h"
#include "call/breaker.h"
#include "call/pause.h"

#include <stdint.h>

struct canned_reply;
struct MHD_Connection;
struct fault_row;
struct ledger_entry;
struct route;
struct site;

enum call_end { // what the client sees in the end
    CALL_REPLY, // the answer
    CALL_CLOSE, // an end without a byte
    CALL_RESET,
    CALL_SCRIPT, // the bytes of `script`
};

struct call {
    struct site *site; // borrowed
    struct MHD_Connection *connection;
    const char *method;        // the server's, while a handler runs
    const char *path;          // without the query
    const struct route *route; // NULL: there is nothing at this path
    int64_t id;                // the number in the path; -1: it is no number
    bool slash_missing;        // the path only lacks its last slash
    bool body_too_long;        // what was too much was thrown away
    struct buf body;

    struct buf out;     // the answer's body
    bool answered;      // its handler ran
    unsigned status;    // 0: there was no memory to say any
    const char *type;   // its Content-Type
    const char *header; // one more header, or NULL
    struct buf header_value;
    const struct canned_reply *canned; // whose headers go out as well
    unsigned delay_ms;                 // before the reply
    bool broken;                       // there was no memory: 500
    const struct fault_row *fault;     // what is to befall it, or NULL
    unsigned fault_arg;
    struct ledger_entry *entry; // what the ledger has of it, or NULL
    enum call_end end;
    struct breaker_slot script; // its bytes are the call's
    bool scripted;              // the breaker has had them
    bool push;                  // an unasked reply follows the answer
    struct pause_slot slot;
};

/* A header of the request, or one value of its query; NULL: absent. Borrowed
 * while the call lives. */
const char *call_header(const struct call *call, const char *name);
const char *call_query(const struct call *call, const char *name);

/* The query, percent-encoded, without one name: "a=b&c=d". False when there
 * is no memory. */
bool call_query_without(
    const struct call *call, const char *name, struct buf *out);

/* Whether the query is this one, names in this order; %41 is as good as A.
 * False when there is no memory. */
bool call_query_is(const struct call *call, const char *query, bool *is);

/* Adds the headers as a JSON object, their names in lower case. False when
 * there is no memory. */
bool call_put_headers(const struct call *call, struct buf *out);

#endif
