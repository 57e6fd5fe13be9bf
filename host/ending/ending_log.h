/* ending_log.h: the end of a run as log lines, one for each thing to know:
 * for a machine, and for the log file. */
#ifndef ENDING_ENDING_LOG_H
#define ENDING_ENDING_LOG_H

#include "ending/ending.h"

/* Writes them: to the log file all of them; with `aside` to it alone, else
 * what is news to stderr as well. False: no memory. */
bool ending_log(
    const struct problems *problems, const struct ending_run *run, bool aside);

#endif
