/* run_result.h: what a run came to, for all who tell it. */
#ifndef ENDING_RUN_RESULT_H
#define ENDING_RUN_RESULT_H

#include "base/buf.h"
#include "base/exit_code.h"
#include "ending/problems.h"

struct run_result { // run_result_fini frees what it has
    enum exit_code exit;
    struct script_rows rows;
    struct away away;
    struct delivery_tally tally;
    struct journal_counts counts;
    int64_t run; // its number
    int64_t started_at, ended_at;
    bool left_alone;
    bool missed;              // --only named what is in no line
    struct stop_note stop;    // why sending stopped
    enum exit_code left_with; // at a signal or the deadline; EXIT_DONE: not
    char fault[2000];         // why the script ended before its end, or ""
    char held[300];           // what had to be stopped for it to end, or ""
    struct problems problems;
    struct buf summary; // one JSON object
};

/* What the process ends with, as far as rows, releases and the journal tell:
 * EXIT_DONE when they are all right. */
enum exit_code run_result_exit(const struct run_result *result);

void run_result_fini(struct run_result *result);

#endif
