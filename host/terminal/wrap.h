/* wrap.h: text of others, for 80 columns. */
#ifndef TERMINAL_WRAP_H
#define TERMINAL_WRAP_H

#include "base/buf.h"

enum { WRAP_COLUMNS = 80 };

/* Adds `head` and the text behind it, broken at white space where it can be;
 * further lines are indented by the width of `head`. Control characters
 * become spaces, whatever else escape.h escapes becomes '?'. Ends with a line
 * end. False: no memory. */
bool wrap_put(struct buf *out, const char *head, const char *text, size_t len);

#endif
