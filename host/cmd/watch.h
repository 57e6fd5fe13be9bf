/* watch.h: what machines that watch over runs are told of one: a metrics file
 * (--metrics), a dead-man switch (--ping). Nothing of it changes what a run
 * does, or how it ends. */
#ifndef CMD_WATCH_H
#define CMD_WATCH_H

#include "cli/arguments.h"
#include "ending/run_result.h"
#include "session/session.h"

struct watch {           // {0}, then watch_close in any case
    const char *metrics; // borrowed from the arguments; NULL: none
    const char *ping;
    const char *script; // "": none was named
    struct secret *url; // owns: the ping's is masked
    int64_t started_at;
};

/* Reads the options. A metrics file that cannot be written is said here,
 * before anything is sent, and then left alone. False, ERROR_USAGE: --ping is
 * no URL; the metrics are still told. */
bool watch_open(
    struct watch *watch, const struct arguments *args, struct error *err);

/* How it ended: last of all. `result` is NULL when it did not begin, or its
 * journal failed. A run that another one kept from beginning (EXIT_HELD) is
 * none: what the last one told stands. */
void watch_tell(const struct watch *watch,
    const struct session_options *session, const struct run_result *result,
    int exit_code);

void watch_close(struct watch *watch);

#endif
