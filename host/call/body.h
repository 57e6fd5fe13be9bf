/* body.h: a request's body as a JSON object, or why it is none. */
#ifndef CALL_BODY_H
#define CALL_BODY_H

#include "call/call.h"
#include "json/json.h"

struct body {
    struct json_value object; // borrows the call's bytes
    unsigned status;          // of the refusal: 400, 413, 415
    bool alien;               // JSON, but no object: `object` is it
    struct error why;         // 400: what is no JSON, and where
};

/* False: it is refused; body_answer says so. Answers nothing itself. */
bool body_read(const struct call *call, struct body *body);

/* The same, whatever the content type says: for the mock's own routes. */
bool body_read_own(const struct call *call, struct body *body);
void body_answer(struct call *call, const struct body *body);

#endif
