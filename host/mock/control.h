/* control.h: a test breaks and heals a running mock, and asks what it got.
 * These routes need no token; no fault and no outage befalls them. */
#ifndef MOCK_CONTROL_H
#define MOCK_CONTROL_H

#include "call/call.h"

/* POST /__mock__/outage {"kind": "503"}, or null: it is over. */
void control_outage(struct call *call);

/* POST /__mock__/fault {"fault": "status:503=0.5,cut:20@46761"}, or null:
 * these in place of all faults before. */
void control_fault(struct call *call);

/* GET /__mock__/who: how a rehearsal knows whom it may write to
 * (scripts/lib/http_ours.lua). */
void control_who(struct call *call);

/* GET /__mock__/requests. */
void control_requests(struct call *call);

#endif
