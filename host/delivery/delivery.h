/* delivery.h: from a release to its outcome.
 *
 * A state machine without I/O of its own: it is handed releases, finished
 * journal operations and replies, and hands out journal operations and
 * requests through struct delivery_ports. Each release goes
 *
 *   queued -> admitted (intent on its way to disk) -> ready (durable)
 *          -> flying (the request is out) -> recording (its outcome is on its
 *          way to disk) -> done, or again after a while
 *
 * or, when its item has a row already, from admitted to what judge.c says.
 * Of one item at most one release is on its way: a further one waits for it
 * and is then judged by the row that it finds.
 *
 * Before the first one goes, and again after an unknown outcome, permit.c
 * wants a first look; until then releases are looked up in the journal and
 * held in memory. Once stopped, what has not left is written as pending. */
#ifndef DELIVERY_DELIVERY_H
#define DELIVERY_DELIVERY_H

#include "base/account.h"
#include "base/error.h"
#include "delivery/governor.h"
#include "delivery/ruin.h"
#include "delivery/stop_reason.h"
#include "journal/journal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct delivery; // owns every release that is not done
struct release;  // one; owned by its caller once it is done

enum verdict {
    VERDICT_CONFIRMED,
    VERDICT_ALREADY,
    VERDICT_REJECTED,
    VERDICT_CONFLICT,
    VERDICT_UNKNOWN,
    VERDICT_PENDING,
    VERDICT_LOST, // the journal failed: what became of it is not on disk
    VERDICTS
};

/* "confirmed", "already" …: the words of summaries and of scripts. */
const char *verdict_name(enum verdict verdict);

enum {
    RELEASE_NAME_MAX = 255,
    RELEASE_ORDER_MAX = 64,
    RELEASE_MESSAGE_MAX = 900
};

struct release_result {
    enum verdict verdict;
    bool left; // the run had to end before it was sent: never told a script
    bool update_stock;
    int64_t order_item_id;
    int64_t kept_by; // the earlier run that left it; 0: it is of this one
    struct journal_mapping mapping; // of CONFIRMED and ALREADY
    char code[JOURNAL_CODE_MAX + 1];
    char message[RELEASE_MESSAGE_MAX + 1]; // of the others
};

struct wire_reply;

/* A request on its way. The URL's item and the body; both borrowed until
 * `replied` was called. */
struct wire_call {
    int64_t order_item_id;
    const char *body;
    size_t body_len;
    void *owner; // the sender's, like `replied`
    void (*replied)(struct wire_call *call, const struct wire_reply *reply);
};

struct wire_reply {
    bool sent;     // let past the gate
    bool complete; // as outcome.h has it
    int curl;
    int status;
    const char *error; // libcurl's words, "" if none
    const char *body;
    size_t body_len;
    const char *retry_after; // the header's value; NULL: none
    size_t retry_after_len;
    const char *location; // of a redirect, likewise
    size_t location_len;
    const char *kind; // as transfer_reply's; NULL: nothing was started
    int64_t ahead_ms; // this clock, of the host's; read for a visit alone
    bool timed_out;
    int64_t ms;
    int64_t wait_us; // from the request to the reply; 0: not known
};

struct delivery_ports {
    void *self;
    /* Ends with a call of the operation's `done`. */
    void (*submit)(void *self, struct journal_op *op);
    /* Ends with a call of the call's `replied`, never from inside. False: it
     * could not be started, and nothing left. */
    bool (*send)(void *self, struct wire_call *call, struct error *err);
    /* The first look: ends with delivery_looked, maybe from inside. */
    void (*look)(void *self);
    /* A log-in: ends with delivery_logged_in or delivery_token_known, maybe
     * from inside. What is sent afterwards has the new token. */
    void (*log_in)(void *self);
    int64_t (*wall_ms)(void *self);
    int64_t (*ticks_us)(void *self); // monotonic
    double (*draw)(void *self);      // at random, 0 to below 1
    /* An outcome that can no longer be written down: told while there is
     * still somebody to tell. */
    void (*lost)(
        void *self, const struct release_result *result, const char *outcome);
    /* One that an earlier run left has come to its end: no script waits for
     * it. NULL: nobody is told. */
    void (*carried)(void *self, const struct release_result *result);
};

struct delivery_rules {
    const char *host; // as people know it; borrowed
    int64_t run;      // the journal's number of this one
    int at_once;      // requests in flight, 1 to 64; 0: governor.h finds out
    struct governor_learned learned; // by an earlier run
    double per_second;               // requests started, 0: as many as go
    int tries;                       // of one release in this run
    bool first_look;
    bool logs_in; // there is a user, and no token before a log-in
    bool resend;  // when_unknown
    bool unique_codes;
    int64_t retry_rejected_ms;
    const bool *not_done;    // as outcome.h has it; borrowed
    struct account *account; // that releases are taken from; borrowed
};

/* What came of the releases of this run. */
struct delivery_tally {
    int64_t releases;                     // accepted
    int64_t carried;                      // of earlier runs, taken up
    int64_t by_verdict[VERDICTS];         // all of them
    int64_t carried_by_verdict[VERDICTS]; // of them, what was carried
    int64_t attempts;                     // requests that were started
    struct ruin_doubts doubts;            // confirmed in this run
};

/* NULL: no memory. */
struct delivery *delivery_new(
    const struct delivery_ports *ports, const struct delivery_rules *rules);

/* Nothing may be on its way. */
void delivery_free(struct delivery *d);

/* Whether there is memory for `count` more releases, so that `left` bytes of
 * the account stay free; then it is there until something else is taken. */
bool delivery_fits(const struct delivery *d, size_t count, size_t left);

/* The same, if need be without Lua's garbage. */
bool delivery_makes_room(const struct delivery *d, size_t count, size_t left);

/* Accepts a release of valid fields (valid.h); the strings are copied, names
 * cut to fit. `done` is called once, when its last word is written, and the
 * caller then owns the release. NULL: no memory, and nothing was accepted. */
struct release *delivery_release(struct delivery *d,
    const struct journal_ask *ask, void (*done)(struct release *r, void *arg),
    void *arg, struct error *err);

/* The caller is gone: the release goes on to its end all the same, is
 * counted, and frees itself; one that is done is freed at once. */
void release_abandon(struct release *r);

/* Borrowed, of a release that is done. */
const struct release_result *release_result(const struct release *r);

/* Gives back a release that is done. */
void release_free(struct release *r);

/* Takes up what earlier runs left, once; the port `carried` is told. */
void delivery_carry(struct delivery *d);

/* Hands out what may be handed out now. */
void delivery_turn(struct delivery *d);

/* The run has to end: what is out comes to its end, everything else is
 * written as pending and its result is `left`. */
void delivery_leave(struct delivery *d);

/* The journal has failed: nothing is sent any more. What is on its way comes
 * to its end, everything else ends as VERDICT_LOST. */
void delivery_halt(struct delivery *d);

/* The answer to the first look. */
void delivery_looked(struct delivery *d, const struct wire_reply *reply);

/* The answer to a log-in, and the number (token.h) of the token that was in
 * it and that what is sent from now on has; 0: none. */
void delivery_logged_in(
    struct delivery *d, const struct wire_reply *reply, int token_no);

/* No log-in was made for delivery, since one had been for something else, or
 * it would have been one too many. STOP_NONE in the note: what is sent from
 * now on has token `token_no`; else it says why there is none. */
void delivery_token_known(
    struct delivery *d, const struct stop_note *note, int token_no);

/* Releases that are not done, and whatever else has to come to an end. */
size_t delivery_open(const struct delivery *d);

/* Of them, those whose intent is durable and that no request was started
 * for, though one may. For tests. */
size_t delivery_ready(const struct delivery *d);

/* Whether these are so few that they may be gone before another commit has
 * brought more. */
bool delivery_runs_short(const struct delivery *d);

/* Requests that are out. */
size_t delivery_flying(const struct delivery *d);

/* µs on the monotonic clock at which a turn may find something to do without
 * any event; -1: never. */
int64_t delivery_due_us(const struct delivery *d);

/* STOP_NONE in it: this run still sends. */
const struct stop_note *delivery_stopped(const struct delivery *d);

/* What the next run may start from. False: nothing was learned. */
bool delivery_learned(
    const struct delivery *d, struct governor_learned *learned);

/* What became of the releases so far. Borrowed. */
const struct delivery_tally *delivery_tally(const struct delivery *d);

#endif
