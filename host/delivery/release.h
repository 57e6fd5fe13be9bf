/* release.h: what delivery keeps of one release on its way, and the lists it
 * stands in. For delivery's own files. */
#ifndef DELIVERY_RELEASE_H
#define DELIVERY_RELEASE_H

#include "base/buf.h"
#include "delivery/delivery.h"
#include "delivery/judge.h"
#include "delivery/outcome.h"

enum { RELEASE_REPLY_KEPT = 2048 }; // bytes of a reply that the journal keeps

enum release_phase {
    RELEASE_QUEUED,
    RELEASE_WAITING,   // for another release of the same item
    RELEASE_FINDING,   // its row is being looked up
    RELEASE_HELD,      // to be sent, as soon as anything may be
    RELEASE_ADMITTING, // its intent is on its way to disk
    RELEASE_READY,     // the intent is durable
    RELEASE_FLYING,    // the request is out
    RELEASE_TRYING,    // its outcome is on its way to disk, and then again
    RELEASE_BACKOFF,   // until due_us
    RELEASE_WRITING,   // the last word is on its way to disk
    RELEASE_DONE,
};

struct release {
    struct delivery *delivery;
    struct release *next;      // in a queue
    struct release *in_bucket; // of the table
    struct release *same;      // the next one of the same item
    size_t taken;              // bytes, of the account
    enum release_phase phase;
    bool carried;         // of an earlier run; nobody waits for it
    bool counted;         // in the tally
    bool doubted;         // this attempt is the resend of an unknown one
    bool rejected_before; // the row was
    bool set_back;        // its refusal was no judgement of it
    bool unwritable;      // there was no memory for its body
    int applied_stock;    // of the row it found, -1: none
    int tries;            // requests started in this run
    int token_no;         // that the latest one was made with
    int64_t answers_seen; // of the run, when its first request started
    int64_t since_us;     // start of the present measurement
    int64_t due_us;       // BACKOFF
    void (*done)(struct release *r, void *arg); // NULL: abandoned
    void *arg;
    struct wire_call call;
    struct buf body;
    struct buf seen; // the row that asked for it, JSON; empty: not kept
    struct journal_op op;
    struct release_result result;
    char source[RELEASE_NAME_MAX + 1];
    char name[RELEASE_NAME_MAX + 1];
    char order_number[RELEASE_ORDER_MAX + 1];
    char note[JUDGE_NOTE_MAX];
    char words[JOURNAL_MESSAGE_MAX + 1]; // the host's or libcurl's
    char reply[RELEASE_REPLY_KEPT];
};

/* Makes it a new one. False: no memory. */
bool release_fill(struct release *r, const struct journal_ask *ask);

/* Makes it one that an earlier run left; its row is not known yet. */
void release_fill_carried(struct release *r, int64_t item);

/* Takes what the row says as what is asked for. False: no memory. */
bool release_take_row(struct release *r, const struct journal_row *row);

/* Its operation, which borrows from it; core_write hands it over. */
struct journal_op *release_op(struct release *r, enum journal_kind kind);

/* The result's message. */
__attribute__((format(printf, 2, 3))) void release_say(
    struct release *r, const char *fmt, ...);

/* Frees it, in no queue and no table. */
void release_destroy(struct release *r);

/* Releases that wait, each in one queue at most; the queue owns none. */
struct release_queue {
    struct release *first, *last;
    size_t len;
};

void release_queue_put(struct release_queue *q, struct release *r);
struct release *release_queue_take(struct release_queue *q); // not empty

/* Ordered by due_us, the earliest first. */
void release_queue_put_due(struct release_queue *q, struct release *r);

enum { RELEASE_BUCKETS = 1024 };

/* The releases on their way, by item; of one item the first one. */
struct release_table {
    struct release *bucket[RELEASE_BUCKETS];
};

/* NULL: none of this item. */
struct release *release_table_find(struct release_table *t, int64_t item);
void release_table_put(struct release_table *t, struct release *r);
void release_table_remove(struct release_table *t, struct release *r);

#endif
