/* health.h: whether a run could open a journal, without opening it for one:
 * nothing is written, and no lock is held longer than a look. */
#ifndef HISTORY_HEALTH_H
#define HISTORY_HEALTH_H

#include "base/error.h"
#include "journal/journal.h"

#include <stdbool.h>
#include <stdint.h>

struct journal_health {
    /* What a run would say, each on its own; text "": nothing. */
    struct error file; // none there, not ours, not writable, damaged, older
    struct error host; // it belongs to another
    struct error disk; // a network file system, too little room
    bool old;          // the next run brings it up to this version: no fault
    bool fresh;        // no run has opened it yet
    uint64_t free;     // bytes on its disk; 0: not known
    bool held;         // another run has it now
    struct journal_holder holder; // of that; process 0: not known
    int64_t runs;                 // that it knows
    int64_t latest_at;            // when the latest began, 0: none
};

/* `host` as a run would name it; NULL: not looked at. */
void journal_examine(
    const char *path, const char *host, struct journal_health *health);

/* The item and the time of the latest audit row with this note. False: there
 * is none, or the journal cannot be read. */
bool journal_noted(
    const char *path, const char *note, int64_t *item, int64_t *at);

#endif
