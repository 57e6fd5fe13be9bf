/* summary.h: a run as one flat JSON object (--summary, the journal). */
#ifndef RUNTIME_SUMMARY_H
#define RUNTIME_SUMMARY_H

#include "runtime/run.h"

/* Fills result->summary. False: no memory. */
bool summary_write(
    const struct run_options *options, struct run_result *result);

/* Whether each row, and each release with those of earlier runs, was counted
 * as one thing. False names the sum that is wrong. */
bool summary_adds_up(const struct run_result *result, struct error *err);

#endif
