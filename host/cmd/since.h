/* since.h: --since, as each command takes it. */
#ifndef CMD_SINCE_H
#define CMD_SINCE_H

#include "cmd/arguments.h"

/* So long before `now_ms`, such as 7d, or a moment, such as 2025-11-22, into
 * *since (wall clock, ms); `otherwise` when it was not given. False,
 * ERROR_USAGE: it is neither. */
bool since_read(const struct arguments *args, int64_t now_ms, int64_t otherwise,
    int64_t *since, struct error *err);

#endif
