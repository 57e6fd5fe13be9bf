/* journal.h: what was asked of Omnitron and what became of it, on disk.
 *
 * One SQLite file (WAL, synchronous=FULL) that one process writes. Reading
 * and opening happen on the caller's thread; once journal_open returned, a
 * thread of the journal's own runs SQLite and nothing else, and the caller
 * talks to it by operations: submitted, handed over in groups, committed as
 * one transaction, collected when durable. An operation belongs to the
 * caller, who must neither free nor touch it between submit and collect.
 *
 * The journal writes what it is told. What is right to write, given the row
 * that is there, is delivery's to judge. It knows no Lua and no network. */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    JOURNAL_CODE_MAX = 255,       // bytes of a code
    JOURNAL_TYPE_MAX = 63,        // bytes of integration_type that are kept
    JOURNAL_MESSAGE_MAX = 511,    // bytes of the server's words that are kept
    JOURNAL_SCRIPT_MAX = 200,     // bytes of a script's name in the lock file
    JOURNAL_VALUE_MAX = 16 << 20, // bytes of what is remembered
    JOURNAL_INPUTS_MAX = 20000    // rows that did not become a release
};

enum journal_state {
    JOURNAL_PENDING,
    JOURNAL_SENDING,
    JOURNAL_CONFIRMED,
    JOURNAL_REJECTED,
    JOURNAL_UNKNOWN,
    JOURNAL_CANCELLED,
    JOURNAL_STATES // how many there are
};

/* SQLite's version at run time. */
const char *journal_version(void);

/* "pending", "sending" …: the words in the file, in --json and in messages. */
const char *journal_state_name(enum journal_state state);
bool journal_state_read(const char *name, enum journal_state *state);

/* The mapping that Omnitron answered with. */
struct journal_mapping {
    bool known; // false: the rest means nothing
    int64_t pk;
    int64_t content_type; // 0: the reply had none
    char integration_type[JOURNAL_TYPE_MAX + 1];
};

/* One order item's row. */
struct journal_row {
    int64_t order_item_id;
    char code[JOURNAL_CODE_MAX + 1];
    bool update_stock;
    enum journal_state state;
    int attempts;
    int applied_stock; // -1: never confirmed; else the update_stock it was
                       // confirmed with, also while true is being asked for
    int http_status;   // of the latest attempt, 0: none
    struct journal_mapping mapping;
    char message[JOURNAL_MESSAGE_MAX + 1]; // the server's words, "": none
    int64_t first_at, last_at;             // wall clock, ms
    int64_t run;                           // that wrote it last
    bool resent;                           // its one resend is spent
};

/* What a script asked for. Borrowed until the operation was collected. Of
 * source and name 1,023 bytes are kept; where one is NULL, what the row has
 * stays, and so with the order's number; what was seen goes with the source. */
struct journal_ask {
    int64_t order_item_id;
    const char *code;
    bool update_stock;
    const char *source;       // "lines.csv:812", or NULL
    const char *name;         // "SO-1240/10", or NULL
    const char *order_number; // of the order as people know it, or NULL
    const char *seen;         // the row as the rule saw it, JSON, or NULL: not
                              // kept; the caller caps it
};

/* What the latest attempt came to. Borrowed likewise. */
struct journal_outcome {
    enum journal_state state; // the row's from now on
    bool update_stock;        // the row's from now on
    bool resent;              // the row's from now on
    bool sent;                // the gate let it past
    int curl;                 // CURLcode, 0: none
    int http_status;          // 0: none
    int64_t ms;               // from start to end
    const char *outcome;      // "applied", "refused", "unknown", "not sent" …
    const char *why;          // one line: why it was judged so
    const char *message;      // the server's words, "" if none
    const char *reply;        // the reply's first bytes, as they came
    size_t reply_len;         // the caller caps it
    struct journal_mapping mapping; // kept as it is when not known
};

/* A row of an input that did not become a release. Its key is (source, name,
 * item). */
struct journal_input {
    const char *source, *name, *item; // "": none
    const char *what;                 // failed invalid later skipped
    const char *message;              // one line
    const char *place;                // "rules.lua:6" of the failure, ""
    const char *seen;                 // as that of an ask
};

enum journal_kind {
    /* An item that has no row: one is written, `sending`, attempt 1, and
     * `found` is false. One that has: `row` is filled, `found` is true and
     * nothing is written. */
    JOURNAL_ADMIT,
    /* A further attempt of an existing row: its latest attempt, if any, goes
     * to the attempt table; the row takes the ask, `sending`, attempts + 1.
     * `note` (may be NULL) becomes an audit row. */
    JOURNAL_AGAIN,
    /* The ask is kept as `pending` without an attempt: a new row, or the
     * existing one takes it. `note` as above. */
    JOURNAL_KEEP,
    /* A further attempt of a row that an earlier run left, as it stands: one
     * that is `pending`, or with `resend` one that is `unknown` and not resent
     * yet. `row` is what it was; `found` false: it is neither any more, and
     * nothing is written. `note` as above. */
    JOURNAL_TAKE_UP,
    /* The latest attempt's outcome. */
    JOURNAL_OUTCOME,
    /* A row whose refusal was no judgement of it goes back to `pending` with
     * the update_stock of the ask; `note` as above. `found` false: it is no
     * longer refused, and nothing is written. */
    JOURNAL_SET_BACK,
    /* The ask contradicts the row: kept in the conflict table (once for each
     * different ask of an item), the row stays. */
    JOURNAL_CONFLICT,
    /* A row that was confirmed with update_stock false and from which more
     * was wanted goes back to that, `confirmed`; `note` as above. */
    JOURNAL_RESTORE,
    /* `text` := the items, as int64_t in a row, that earlier runs left to be
     * taken up, from the smallest above the ask's; some hundred at once, none
     * at the end. `resend` as above. */
    JOURNAL_LEFT,
    /* `row` and `found` only. */
    JOURNAL_FIND,
    /* `key` := `text`, of JOURNAL_VALUE_MAX bytes at most. */
    JOURNAL_REMEMBER,
    /* `text` := the value of `key`, `found`. */
    JOURNAL_RECALL,
    /* Each of `inputs` gets its row, or refreshes the one that it has. At
     * most JOURNAL_INPUTS_MAX rows are kept, of all runs: those that were
     * seen last. */
    JOURNAL_INPUTS,
};

/* What both threads touch each time stands together, in few cache lines. */
struct journal_op {
    /* The journal's own. */
    struct journal_op *next;
    /* The caller's own, untouched: whom the operation belongs to, and what
     * the one who collects it calls. */
    void *owner;
    void (*done)(struct journal_op *op);
    enum journal_kind kind;
    bool resend; // AGAIN: spends the row's one resend
    bool unique; // ADMIT AGAIN KEEP: look for the code
    /* The answer, with `taken` and `row`. */
    bool failed; // the journal has failed: nothing is known to be on disk
    bool found;
    int64_t taken;    // with `unique`: the item that has the code already, and
                      // nothing was written; or 0
    int64_t at;       // wall clock, ms; set by journal_flush
    const char *note; // AGAIN KEEP TAKE_UP RESTORE SET_BACK
    struct journal_ask ask;         // OUTCOME, FIND, TAKE_UP and LEFT use its
                                    // order_item_id alone
    struct journal_outcome outcome; // OUTCOME
    const char *key;                // REMEMBER RECALL, borrowed
    struct buf text;                // REMEMBER in, RECALL LEFT out; the
                                    // caller's
    const struct journal_input *inputs; // INPUTS, borrowed
    size_t input_count;
    struct journal_row row; // filled when found
};

struct journal; // owns the file, the lock and the thread

struct journal_options {
    const char *path;   // NULL: a throw-away one, in memory
    const char *host;   // "https://acme.omnitron.net" or "mock": written by
                        // the first run, compared by each later one;
                        // NULL: neither
    const char *script; // of this run
    const char *script_hash; // the digest of its file, as digest.h has it;
                             // NULL or "": none
    bool unique_codes;       // operations will ask for `unique`
    /* Called on the journal's thread when finished operations wait and the
     * caller may be asleep. */
    void (*wake)(void *arg);
    void *wake_arg;
};

/* Once in a process, before any other: SQLite's allocator and its shape. */
bool journal_init(struct error *err);

/* Makes a new, empty journal (mode 0600) at `path`, which must not exist;
 * nothing is left behind on failure. */
bool journal_make(const char *path, struct error *err);

/* Opens for a run, takes the lock, turns `sending` into `unknown` (with an
 * audit row), writes the run's row and starts the thread. NULL:
 * ERROR_USAGE: there is none (it is never made here), a network file system,
 *   not ours, newer than this program, of another host, not writable;
 * ERROR_HELD: another process has the lock (the message says who, since when);
 * ERROR_DISK: less than 64 MiB free, corrupt, I/O. */
struct journal *journal_open(
    const struct journal_options *options, struct error *err);

/* After ERROR_HELD: who has the lock on the journal at `path`, as far as he
 * wrote it down. For --wait, and for whether cron has to hear of it. */
struct journal_holder {
    long process;
    int64_t started_at; // wall clock, ms
    char script[JOURNAL_SCRIPT_MAX + 1];
};
bool journal_holder(const char *path, struct journal_holder *holder);

/* The number of this run, from 1. */
int64_t journal_run(const struct journal *journal);

/* Appends one operation to those that will be handed over together. */
void journal_submit(struct journal *journal, struct journal_op *op);

/* How many are submitted and not handed over; how many are handed over and
 * not collected. */
size_t journal_waiting(const struct journal *journal);
size_t journal_under_way(const struct journal *journal);

/* Hands over what was submitted. Never blocks on the disk. */
void journal_flush(struct journal *journal);

/* The finished operations, in the order of their submission, linked by
 * `next`; NULL: none. Those with `failed` false are durable. */
struct journal_op *journal_collect(struct journal *journal);

/* True once the journal has failed; *err then says why. It stays so: every
 * later operation comes back `failed`. */
bool journal_failed(struct journal *journal, struct error *err);

/* Whether a request may leave: the journal has not failed, and its name and
 * that of its lock lead to the open files, by a look that is at most a
 * millisecond old. What is amiss makes it fail. */
bool journal_may_send(struct journal *journal);

/* What the end of a run has to know. */
struct journal_counts {
    int64_t by_state[JOURNAL_STATES];
    int64_t conflicts;      // asked, contradicting, not settled
    int64_t refused_since;  // the oldest of those and of what is rejected was
                            // first asked for; wall clock, ms; 0: none
    int64_t unknown_status; // that all that is unknown was answered with,
                            // 0: they were not
    int64_t repeated_codes; // codes that stand for more than one item among
                            // the rows that this run wrote
};

/* Both wait for what is under way, then run on the caller's thread. False:
 * ERROR_DISK. `summary` is one JSON object. */
bool journal_count(
    struct journal *journal, struct journal_counts *counts, struct error *err);
bool journal_end_run(struct journal *journal, const char *summary,
    int exit_code, struct error *err);

/* Lends the store to `use`, likewise, between two transactions. */
struct store;
bool journal_lend(struct journal *journal,
    bool (*use)(struct store *store, void *arg, struct error *err), void *arg,
    struct error *err);

/* Ends the thread (after what was handed over), closes, gives up the lock. */
void journal_close(struct journal *journal);

#endif
