/* call.h: one API call: what came, and what goes back.
 *
 * The server makes one per request and owns it; handlers read the upper half
 * and fill the lower one through answer.h. */
#ifndef MOCK_CALL_H
#define MOCK_CALL_H

#include "base/buf.h"
#include "mock/fault.h"
#include "mock/pause.h"

#include <stdint.h>

struct MHD_Connection;
struct route;
struct site;

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
    bool broken;           // there was no memory: 500
    enum fault_kind fault; // what is to befall it
    bool drop;             // close without a reply
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

#endif
