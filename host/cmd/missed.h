/* missed.h: what --only named and is nowhere: most likely a slip. */
#ifndef CMD_MISSED_H
#define CMD_MISSED_H

#include "lua/only.h"

/* Says each of them on stderr. `script` asked for no release of it. */
void missed_say(const struct only *only, const char *script);

#endif
