/* why_seen.h: what the journal keeps of a row's fields, for people and for
 * machines. What is no JSON object, a hand's work, is as if it were not
 * there. */
#ifndef INSPECT_WHY_SEEN_H
#define INSPECT_WHY_SEEN_H

#include "base/buf.h"

/* Adds `erp_doc=SO-1240 qty="1,00 kg"`; nothing when nothing is kept. False:
 * no memory. */
bool why_seen_text(const char *seen, struct buf *out);

/* Adds the member "seen": the object, or null. */
bool why_seen_json(const char *seen, struct buf *out);

#endif
