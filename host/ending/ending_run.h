/* ending_run.h: the run that has ended, for all who say something of it. */
#ifndef ENDING_ENDING_RUN_H
#define ENDING_ENDING_RUN_H

#include "delivery/delivery.h"
#include "lua/script.h"

#include <stdint.h>

/* An item that waits for a person in the journal. */
struct ending_item {
    int64_t order_item_id;
    bool told;    // said by an earlier run: left out
    bool in_line; // a line of this run says it, or the item is there before
};

struct notice_list;
struct problems;

/* The run that has ended, and what is known of who hears of it. */
struct ending_run {
    const char *label;  // "acme", "csv-drop": the script's folder
    const char *script; // "release.lua"
    const char *host;   // "acme.omnitron.net"
    const struct script_rows *rows;
    const struct delivery_tally *tally;
    const char *fault;       // why the script ended before its end, or NULL
    const struct away *away; // hosts that were away
    int quiet_runs;          // in a row in which cron does not hear of them
    const struct stop_note *stop; // why sending stopped
    const char *profile;          // its file, as it was named; NULL: beside
    bool has_proxy;               // that profile names one
    const char *token_place;      // where the token comes from
    const char *open;   // the command that shows what lasts: "omnitron journal
                        // open acme"
    const char *doctor; // likewise: "omnitron doctor acme"; NULL: none
    struct ending_item *unknown; // the first of them; borrowed
    size_t unknown_count;
    struct ending_item *refused; // rejected or in conflict: likewise
    size_t refused_count;
    int64_t refused_left;  // of all of those, that no line of this run has
    int64_t refused_since; // when the oldest of all was first asked for
    int64_t open_unknown, open_refused, open_pending; // in the journal
    int not_done; // the one status that all that is unknown was answered with,
                  // where a profile may call it not done; or 0
    int exit_code;
    int64_t run; // its number
    int64_t started_at, ended_at;
    bool terminal;   // a person looks on
    int columns;     // of lines, 0: 80
    bool everything; // long lists, too
    bool colour;
    bool left_alone;
    const struct only *only; // what came of --only; NULL: it was not given
    const struct notice_list *news; // what cron hears; NULL: a person does, and
                                    // hears everything
};

#endif
