/* glance.h: one journal at a glance: its latest run, and what is open. Reads
 * only, beside a run, and never all of its rows. */
#ifndef HISTORY_GLANCE_H
#define HISTORY_GLANCE_H

#include "journal/journal.h"

struct glance {
    int64_t run;                  // the latest; 0: there was none
    int64_t started_at, ended_at; // wall clock, ms; 0: it has not ended
    int exit;                     // -1: it has not
    char script[JOURNAL_SCRIPT_MAX + 1];
    int64_t usual_ms; // the longest time between two of the latest runs; 0:
                      // there were too few
    int64_t released; // since `midnight`
    int64_t open[JOURNAL_STATES];
    int64_t oldest[JOURNAL_STATES]; // of them; 0: none
    int64_t conflicts, oldest_conflict;
    int64_t bytes; // of journal.db
};

/* False: as reader_open. */
bool glance(
    const char *path, int64_t midnight, struct glance *out, struct error *err);

#endif
