/* delivery.h: from a release to its outcome.
 *
 * A state machine without I/O of its own: it is handed releases, finished
 * journal operations and replies, and hands out journal operations and
 * requests through struct delivery_ports. Each release goes
 *
 *   queued -> admitted (intent on its way to disk) -> ready (durable)
 *          -> flying (the request is out) -> recording (its outcome is on its
 *          way to disk) -> done
 *
 * or, when its item has a row already, from admitted to what judge.c says.
 * Of one item at most one release is on its way: a further one waits for it
 * and is then judged by the row that it finds. */
#ifndef DELIVERY_DELIVERY_H
#define DELIVERY_DELIVERY_H

#include "base/error.h"
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

enum { RELEASE_NAME_MAX = 255, RELEASE_MESSAGE_MAX = 900 };

struct release_result {
    enum verdict verdict;
    int64_t order_item_id;
    char code[JOURNAL_CODE_MAX + 1];
    bool update_stock;
    struct journal_mapping mapping;        // of CONFIRMED and ALREADY
    char message[RELEASE_MESSAGE_MAX + 1]; // of the others
};

/* A request on its way. The URL's item and the body; both borrowed until
 * `replied` was called. */
struct wire_call {
    int64_t order_item_id;
    const char *body;
    size_t body_len;
    void *owner; // delivery's
};

struct wire_reply {
    bool sent;     // let past the gate
    bool complete; // as outcome.h has it
    int curl;
    int status;
    const char *error; // libcurl's words, "" if none
    const char *body;
    size_t body_len;
    int64_t ms;
};

struct delivery_ports {
    void *self;
    /* Ends with a call of delivery_written. */
    void (*submit)(void *self, struct journal_op *op);
    /* Ends with a call of delivery_replied, never from inside. False: it
     * could not be started, and nothing left. */
    bool (*send)(void *self, struct wire_call *call, struct error *err);
    int64_t (*wall_ms)(void *self);
    int64_t (*ticks_us)(void *self); // monotonic
    /* An outcome that can no longer be written down: told while there is
     * still somebody to tell. */
    void (*lost)(
        void *self, const struct release_result *result, const char *outcome);
};

struct delivery_rules {
    int at_once; // requests in flight, 1 to 64
    int64_t retry_rejected_ms;
    const bool *not_done; // as outcome.h has it; borrowed
};

/* What came of the releases of this run. */
struct delivery_tally {
    int64_t releases; // accepted
    int64_t by_verdict[VERDICTS];
    int64_t attempts; // requests that were started
};

/* NULL: no memory. */
struct delivery *delivery_new(
    const struct delivery_ports *ports, const struct delivery_rules *rules);

/* Nothing may be on its way. */
void delivery_free(struct delivery *d);

/* Accepts a release of valid fields (valid.h); the strings are copied, names
 * cut to fit. `done` is called once, from delivery_written, and the caller
 * then owns the release. NULL: no memory, and nothing was accepted. */
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

/* Hands out what may be handed out now. */
void delivery_turn(struct delivery *d);

/* The journal has failed: nothing is sent any more. What is on its way comes
 * to its end, everything else ends as VERDICT_LOST. */
void delivery_halt(struct delivery *d);

/* A journal operation of its own has finished; a request of its own too. */
void delivery_written(struct journal_op *op);
void delivery_replied(struct wire_call *call, const struct wire_reply *reply);

/* Releases that are not done; of them, those whose intent is durable and
 * that no request was started for. */
size_t delivery_open(const struct delivery *d);
size_t delivery_ready(const struct delivery *d);

const struct delivery_tally *delivery_tally(const struct delivery *d);

#endif
