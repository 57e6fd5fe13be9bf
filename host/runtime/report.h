/* report.h: what a run has to tell people, collected while it works and
 * said once at its end. */
#ifndef RUNTIME_REPORT_H
#define RUNTIME_REPORT_H

#include "base/buf.h"
#include "delivery/delivery.h"
#include "lua/host.h"

#include <stdint.h>

struct report_line { // owns its texts, which are plain (plain.h) and cut
    uint64_t seen;   // the fields of one without name and item, as a number; 0
    char *what, *at, *name, *item, *message;
    int64_t kept_by; // the earlier run that left it; 0: it is of this one
    bool told;       // said by an earlier run: left out
};

struct report {
    struct report_line *lines; // owns; the first 1,000
    size_t len, cap;
    size_t more; // that were not kept
};

/* Keeps a copy; when there is no memory it is counted in `more`. Of lines
 * that only wait, a few with different messages are kept. */
void report_add(struct report *report, const struct host_problem *problem);
void report_fini(struct report *report);

/* Those that earlier runs left get their place and name, which are in the
 * journal at `path`, as far as it can be read. */
void report_name_kept(struct report *report, const char *path);

/* An item that is unknown in the journal. */
struct report_item {
    int64_t order_item_id;
    bool told; // said by an earlier run: left out
};

struct news;

/* What the report is about. */
struct report_run {
    const char *label;  // "acme", "csv-drop": the script's folder
    const char *script; // "release.lua"
    const char *host;   // "acme.omnitron.net"
    const struct host_rows *rows;
    const struct delivery_tally *tally;
    const char *fault; // why the script ended before its end, or NULL
    const struct stop_note *stop; // why sending stopped
    const char *profile;          // its file, as it was named; NULL: beside
    bool has_proxy;               // that profile names one
    const char *token_place;      // where the token comes from
    const char *open;   // the command that shows what lasts: "omnitron journal
                        // open acme"
    const char *doctor; // likewise: "omnitron doctor acme"; NULL: none
    struct report_item *unknown; // the first of them; borrowed
    size_t unknown_count;
    int64_t open_unknown, open_pending; // in the journal
    int exit_code;
    int64_t run; // its number
    int64_t started_at, ended_at;
    bool terminal;   // a person looks on
    int columns;     // of lines, 0: 80
    bool everything; // long lists, too
    bool colour;
    bool left_alone;
    const struct only *only; // what came of --only; NULL: it was not given
    const struct news *news; // what cron hears; NULL: a person does, and hears
                             // everything
};

/* Adds the text of the end of a run, the lines put in order; nothing when
 * there is no news and nobody looks on. False: no memory. */
bool report_write(
    struct report *report, const struct report_run *run, struct buf *out);

/* "9 released, 1 rejected, 2 invalid". */
bool report_counts(const struct host_rows *rows,
    const struct delivery_tally *tally, bool colour, struct buf *out);

/* "2 lines: 1 released, 1 invalid. Of 2 kept by earlier runs: 2 released". */
bool report_totals(const struct host_rows *rows,
    const struct delivery_tally *tally, bool colour, struct buf *out);

/* Whether the line waits for a person, not for a later run. */
bool report_needs_person(const struct report_line *line);

#endif
