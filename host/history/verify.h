/* verify.h: whether a journal is whole and means what it must. Reads only,
 * and works beside a run. */
#ifndef HISTORY_VERIFY_H
#define HISTORY_VERIFY_H

#include "base/buf.h"
#include "journal/journal.h"

struct verify_report {
    int64_t by_state[JOURNAL_STATES];
    int64_t stranded; // of those sending: their run is dead, so the next one
                      // calls them unknown
    int64_t attempts, runs, audits, conflicts;
    size_t faults;
    struct buf lines; // one for each fault, with its line end
};

/* False: it could not be looked at at all (as reader_open). The caller calls
 * verify_fini in either case. */
bool verify(const char *path, struct verify_report *report, struct error *err);
void verify_fini(struct verify_report *report);

#endif
