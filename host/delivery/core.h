/* core.h: delivery from inside, for its own files: delivery.c (the door and
 * the turn), admit.c (from the queue to a durable intent), flight.c (from
 * there to the outcome), ask.c (the first look and the log-in), core.c (what
 * these take the releases from, and give them to). */
#ifndef DELIVERY_CORE_H
#define DELIVERY_CORE_H

#include "delivery/brake.h"
#include "delivery/delivery.h"
#include "delivery/governor.h"
#include "delivery/leftover.h"
#include "delivery/pace.h"
#include "delivery/permit.h"
#include "delivery/release.h"

/* A refusal that turned out to be no judgement of its row. */
struct core_set_back {
    struct journal_op op;
    int64_t item;
    bool update_stock;
    bool carried;
};

struct delivery {
    struct delivery_ports ports;
    void (*written)(struct journal_op *op); // of a release
    struct delivery_rules rules;
    struct delivery_tally tally;
    struct permit permit;
    struct brake brake;
    struct pace pace;
    struct governor governor;
    struct leftover carry;
    struct release_queue queued; // not looked up
    struct release_queue held;   // to be sent, as soon as anything may be
    struct release_queue ready, backoff;
    struct release_table table;
    size_t open, finding, admitting, flying, trying, setting_back;
    bool halted;
    int64_t answers;             // definite ones, of this run
    int64_t commit_us, reply_us; // usual times
    int64_t turned_us;           // when the latest turn began
    struct core_set_back forbidden[BRAKE_FORBIDDEN - 1]; // in a row till now
    size_t forbidden_len;
    struct release *spare;
    size_t spares;
};

/* core.c */
int64_t core_now_us(const struct delivery *d);
void core_measure(int64_t *usual_us, int64_t us);

/* Has the journal do what a release's operation says: all of it, or a kind
 * that has no more to say. */
void core_write(struct delivery *d, struct journal_op *op);
void core_submit(
    struct release *r, enum journal_kind kind, enum release_phase phase);

/* One to be filled, that release_free gave back or a new one. NULL: no
 * memory. */
struct release *core_take_spare(struct delivery *d);
void core_free_spares(struct delivery *d);

/* Opens one that is filled: it is queued, or waits for one of its item. */
void core_enqueue(struct delivery *d, struct release *r);
void core_finish(struct release *r, enum verdict verdict);
void core_lose(struct release *r); // the journal failed
void core_drop(struct release *r); // a carried one that need not be sent

/* Sending ends; the first reason stays, with the words of the reply that it
 * was read from. */
void core_stop(
    struct delivery *d, enum stop_reason why, int status, const char *words);

/* admit.c: hands out look-ups and intents; takes the answers. */
void admit_turn(struct delivery *d);

/* When the next intent may be written, as far as the pace goes. */
int64_t admit_due_us(const struct delivery *d);
void admit_found(struct release *r);
void admit_written(struct release *r);

/* Its row, as KEEP or AGAIN found, would have a code that another has. */
void admit_conflict_taken(struct release *r);

/* Its result: pending, for the reason that sending stopped. */
void admit_explain(struct release *r);

/* flight.c: starts what is ready, or, once stopped, writes that it was not
 * sent; takes the outcomes. */
void flight_turn(struct delivery *d);
void flight_tried(struct release *r);    // its outcome is durable: once more
void flight_set_back(struct release *r); // its refusal is durable

/* ask.c: asks what permit.c wants to know. True: it was answered at once,
 * so that others may have something to do. */
bool ask_turn(struct delivery *d);

#endif
