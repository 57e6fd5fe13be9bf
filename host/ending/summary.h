/* summary.h: a run as one flat JSON object (--summary, the journal). */
#ifndef ENDING_SUMMARY_H
#define ENDING_SUMMARY_H

#include "base/error.h"
#include "ending/run_result.h"

/* Fills result->summary; the host as people know it, the script by its path.
 * False: no memory. */
bool summary_write(
    const char *host, const char *script, struct run_result *result);

/* Whether each row, and each release with those of earlier runs, was counted
 * as one thing. False names the sum that is wrong. */
bool summary_adds_up(const struct run_result *result, struct error *err);

#endif
