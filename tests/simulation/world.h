/* world.h: a simulated world around delivery: its script, its journal, its
 * server, its clock and its dice, all from one seed.
 *
 * The journal is a real one in memory, written by the journal's own
 * operations at simulated times; the server keeps the truth of what was
 * applied. Whatever must always hold is checked as the world goes on; the
 * first thing that does not hold ends the seed. */
#ifndef SIMULATION_WORLD_H
#define SIMULATION_WORLD_H

#include "delivery/delivery.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    ITEMS = 300,
    ASKS = 700,
    FLIGHTS = 256,
    OPS = 4096,
    RUNS = 12, // of one seed at most
    VARIANTS = 3,
    STATUSES = 600,
    MS = 1000, // in µs
    SECOND = 1000000
};

/* What an attempt came to, as the one who made the reply knows it. */
enum truth {
    TRUTH_NOT_SENT,
    TRUTH_APPLIED,
    TRUTH_REFUSED,
    TRUTH_NO_LOGIN,
    TRUTH_THROTTLED,
    TRUTH_NOT_DONE,
    TRUTH_UNKNOWN
};

enum repeat { REPEAT_SAME, REPEAT_ACCEPT, REPEAT_REFUSE, REPEAT_OVERWRITE };

struct item {
    int variant; // of its code, that the script has now
    bool stock;  // that the script asks for now
    /* The server's. */
    int refuses; // it with this status, 0: no
    int mapped;  // the variant of its mapping, -1: none
    bool applied[VARIANTS][2];
    int bodies;
    /* What people and the journal may know. */
    bool person[VARIANTS][2]; // one said that it is applied
    bool doubt;               // an attempt is unknown, and nobody settled it
    bool resent;              // and it was sent once more since
    int doubt_variant;        // what that attempt asked for, -1: not known
    bool doubt_stock;
    int doubt_run;        // that it arose in
    int64_t doubt_audits; // audit rows when the doubt arose
    bool rejected_before; // as its release found it
    /* Of this run. */
    int tries;            // of the release on its way
    int64_t first_answer; // answers of the run at its first try
    bool set_back;
    bool abandoned; // one of its releases: nobody hears when it is over
};

struct ask { // one release, as its script sees it
    struct world *world;
    struct release *release;
    int item, variant;
    bool stock, done, abandoned;
};

struct flight {
    struct wire_call *call;
    int item, variant;
    bool stock;
    int kind;                  // of server.c's table
    int token;                 // that it was made with
    int64_t read_us, reply_us; // 0: never, or over
    int status;                // of the reply
    enum truth truth;
};

struct phase {
    int64_t from, until;
};

struct world {
    uint64_t seed, dice;
    bool logging, calm;
    jmp_buf *failed;
    int64_t now_us, wall_ms; // wall_ms: at now_us 0
    int64_t events;
    /* The profile and the run. */
    struct delivery_rules rules;
    bool not_done[STATUSES];
    struct delivery *delivery;
    int run;
    /* Script. */
    struct item items[ITEMS];
    int item_count;
    struct ask asks[ASKS];
    int ask_count, to_ask, open, window;
    int script[ASKS]; // the items, in the order of their releases
    bool leaving, carried, ghost;
    enum stop_reason stop; // of the latest run that ended
    bool messy;            // items come twice, and differ
    bool woken;            // the script has something to do
    int64_t leave_us, crash_event;
    int64_t told[VERDICTS];
    /* Disk. */
    struct journal_op *submitted[OPS], *group[OPS];
    int submitted_len, group_len;
    int64_t group_us;  // when the disk has done it, 0: idle
    int64_t report_us; // when the loop hears of it, 0: nothing to hear
    int64_t slow_us;
    int groups, fails_at;
    bool disk_failed, group_failed;
    int64_t taken_up;
    /* Server. */
    enum repeat repeat;
    int bad;       // of 1,000 requests, how many go wrong
    int only_kind; // what goes wrong is this, -1: anything
    struct phase outage, storm, forbidden, login_page, gone;
    struct flight flights[FLIGHTS];
    int flying;
    int64_t look_us, login_us;
    int token, good_token, token_uses; // -1: never used up
    int logins_bad;                    // of 100 log-ins
    int64_t started, starts, first_start_us, last_start_us, hold_us, gap_us;
    /* What delivery has to know by now. */
    bool need_look, alone, has_token, may_stop, must_stop;
    int unknown_row, forbidden_row, refused_row;
    int odd_rows; // of refusals, that a look was due after
    bool applied_any;
    int64_t answers;
};

/* Ends the seed. */
__attribute__((format(printf, 2, 3), noreturn)) void world_fail(
    struct world *w, const char *fmt, ...);

/* One line of what happens; only while a failed seed is shown again. */
__attribute__((format(printf, 2, 3))) void world_log(
    struct world *w, const char *fmt, ...);
void world_show_log(const struct world *w); // and why it ended

/* From the seed. Chances are of 100. */
int64_t dice_below(struct world *w, int64_t n);
int64_t dice_between(struct world *w, int64_t low, int64_t high);
bool dice_chance(struct world *w, int percent);

int64_t item_id(int item);
int item_of(int64_t id);
/* A static text. */
const char *code_of(int item, int variant);
int variant_of(struct world *w, int item, const char *code);
int64_t wall_now(const struct world *w);
bool world_in(const struct world *w, const struct phase *phase);

#endif
