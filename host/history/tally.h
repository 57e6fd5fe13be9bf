/* tally.h: what a journal says of a stretch of time, counted. For report.
 *
 * Opens as reader.h does: read-only, beside a run, leaving journal.db and
 * -wal as they are. All of it is read in one transaction, so that the numbers
 * are of one moment and agree with each other; a run beside goes on meanwhile
 * (a million releases in the stretch take it half a second). Nothing
 * that grows with the journal is kept in memory. */
#ifndef HISTORY_TALLY_H
#define HISTORY_TALLY_H

#include "history/calendar.h"
#include "history/histogram.h"
#include "history/tally_group.h"
#include "journal/journal.h"

enum {
    TALLY_SLOWEST = 8, // releases that took longest
    TALLY_OPEN = 8,    // rows shown of each kind that is open
    TALLY_STOPS = 12,  // the latest stretches in which sending was stopped
    TALLY_KILLED = -1, // in place of an exit code: a run that wrote none
    TALLY_NO_RUN = -2  // the same: there was no run
};

/* A row, for those who look it up. */
struct tally_row { // owns its texts; never NULL
    int64_t order_item_id;
    char *code, *name, *source, *message;
    enum journal_state state;
    int http_status;
    int64_t ms; // of the latest attempt
    int64_t at; // since when it is open, or when it was written last
};

struct tally_rows {
    struct tally_row *list; // owns
    size_t len;
};

/* What waits for a person, or for a run: the oldest of them, all counted. */
struct tally_open {
    int64_t count, oldest; // wall clock, ms
    struct tally_rows rows;
};

/* What became of releases: each counted where its row was written last. */
struct tally_cell {
    int64_t by_state[JOURNAL_STATES];
    struct histogram took; // the latest attempts that left
    int64_t runs;
    int exit; // the one that weighs most, or TALLY_…
};

/* Runs in a row that sent nothing, or not all, for one reason. */
struct tally_stop {
    char why[16]; // "token", "no answer" …: as in the summary
    int64_t from, to, runs;
    bool over; // a later run was not stopped
};

struct tally_exit {
    int code; // or TALLY_KILLED
    int64_t runs, last_at;
};

struct tally_runs {
    int64_t count, idle; // idle: exit 0, and nothing was sent
    int64_t longest_ms;
    struct tally_exit exits[16]; // the heaviest first
    size_t exit_count;
    int64_t last, last_at, last_ms; // the latest one that ended; 0: none
    int last_exit;
    struct tally_groups scripts; // words: its path; kind: which version
    struct tally_stop stops[TALLY_STOPS]; // the latest last
    size_t stop_count;
    int64_t stops_before; // that are not shown
};

struct tally {
    char *host;      // owns; "https://acme.omnitron.net", "" before a run
    bool run_alive;  // one holds the journal now
    bool from_start; // the journal is no older than the stretch
    struct calendar calendar;
    struct tally_cell *cells; // owns; one for each of the calendar's

    /* Written last in the stretch. */
    int64_t by_state[JOURNAL_STATES];
    struct histogram took;
    struct tally_rows slowest;
    struct tally_groups refused;   // words: the host's, alike; kind: the status
    struct tally_groups inputs;    // kind: failed invalid later skipped
    struct tally_groups decisions; // kind: who; words: what
    struct tally_groups tries;     // attempts that another followed; words:
                                   // the outcome
    struct tally_runs runs;

    /* In the whole journal, now. What is `sending` without a run counts as
     * unknown, here and above. */
    int64_t all[JOURNAL_STATES];
    struct tally_open unknown, rejected, conflicts, pending;
};

/* Counts what was written from `since` (as the calendar rounds it down) to
 * `now`, both wall clock, ms. False: as reader_open, and nothing to free. */
bool tally_take(struct tally *tally, const char *path, int64_t since,
    int64_t now, struct error *err);
void tally_fini(struct tally *tally);

/* Sums up the cells of a span; *out owns nothing. */
void tally_span(const struct tally *tally, size_t span, struct tally_cell *out);

#endif
