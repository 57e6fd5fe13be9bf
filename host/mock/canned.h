/* canned.h: recorded replies of other servers, an ERP say, told by a table:
 *
 *     { "POST /jsonrpc": "lines.json",
 *       "GET /orders?page=2": { "status": 503, "headers": { … } },
 *       "GET /jobs/7": [ { "json": { "done": false } }, "done.json" ] }
 *
 * A key is a method and a path; with a query it is for that query alone,
 * without one for any that has no key of its own. A reply is a file, or an
 * object of: status headers file body json delay close when. A reply with
 * `when` is for requests with that text in their body, and goes first. A list
 * is given one after the other, and then from its start; or, when strict, no
 * further.
 *
 * Read before the server starts; from then on its thread's own. */
#ifndef MOCK_CANNED_H
#define MOCK_CANNED_H

#include "base/buf.h"
#include "base/error.h"
#include "call/call.h"

struct canned;

/* The table `text`, its files in `folder`. `strict`: what has no reply is
 * answered 404 and noted as unmatched, and a delay is told in the header
 * "Test-Delay" in place of being waited for. NULL: no memory, or the error
 * names the key. */
struct canned *canned_read(const char *text, size_t len, const char *folder,
    bool strict, struct error *err);

/* The same from FOLDER/replies.json. */
struct canned *canned_load(const char *folder, struct error *err);

/* NULL is allowed. */
void canned_free(struct canned *canned);

/* Answers a call that is there with its whole body, and notes it. False: it
 * has no reply here, and is not noted. */
bool canned_answer(struct canned *canned, struct call *call);

/* Handler: [{"method","path","query","headers","body","unmatched"}], in order
 * of arrival; bytes that are no UTF-8 as U+FFFD. */
void canned_received(struct call *call);

#endif
