/* notify.h: what a run says at its end, and to whom. */
#ifndef CMD_NOTIFY_H
#define CMD_NOTIFY_H

#include "cli/arguments.h"
#include "ending/run_result.h"
#include "session/session.h"

/* Borrowed, all of it. */
struct notify {
    const struct arguments *args;
    const struct session_options *session;
    struct run_result *result;
};

/* Says it on stderr, and in the log file. What cron heard is noted. */
void notify_say(const struct notify *ending);

#endif
