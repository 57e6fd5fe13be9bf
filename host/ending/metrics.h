/* metrics.h: a run as a text file of Prometheus's, for the collector that
 * node_exporter has for such files: how it ended, in any case, and what it
 * counted, where that is known. */
#ifndef ENDING_METRICS_H
#define ENDING_METRICS_H

#include "ending/run_result.h"

struct metrics { // borrowed
    const char *customer, *script;
    const char *host;                // "": not known
    const struct run_result *result; // NULL: its counts are not known
    int64_t started_at, ended_at;
    int exit_code;
};

/* Adds the text. Whatever the labels are, they are UTF-8 in it. False: no
 * memory. */
bool metrics_put(const struct metrics *metrics, struct buf *out);

#endif
