/* report.h: what a run has to tell people, collected while it works and
 * said once at its end. */
#ifndef RUNTIME_REPORT_H
#define RUNTIME_REPORT_H

#include "base/buf.h"
#include "delivery/delivery.h"
#include "lua/host.h"

#include <stdint.h>

struct report_line { // owns its texts
    char *what, *at, *name, *item, *message;
};

struct report {
    struct report_line *lines; // owns; the first 1,000
    size_t len, cap;
    size_t more; // that were not kept
};

/* Keeps a copy; when there is no memory it is counted in `more`. */
void report_add(struct report *report, const struct host_problem *problem);
void report_fini(struct report *report);

/* What the report is about. */
struct report_run {
    const char *label; // "acme", "csv-drop": the script's folder
    const char *host;  // "acme.omnitron.net"
    const struct host_rows *rows;
    const struct delivery_tally *tally;
    const char *fault; // why the script ended before its end, or NULL
    const struct stop_note *stop; // why sending stopped
    const char *profile;          // its file, as it was named; NULL: beside
    bool has_proxy;               // that profile names one
    const char *token_place;      // where the token comes from
    int64_t open_unknown, open_pending; // in the journal
    int exit_code;
    int64_t ms;    // that it took
    bool terminal; // a person looks on
    bool left_alone;
};

/* Adds the text of the end of a run, the lines put in order; nothing when there
 * is no news and nobody looks on. False: no memory. */
bool report_write(
    struct report *report, const struct report_run *run, struct buf *out);

/* "9 released, 1 rejected, 2 invalid". */
bool report_counts(const struct host_rows *rows,
    const struct delivery_tally *tally, struct buf *out);

#endif
