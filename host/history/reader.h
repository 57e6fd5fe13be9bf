/* reader.h: the journal for those who only look: list, show, plan, report.
 *
 * Opens read-only, works beside a run, reads in pages of 1,000 rows by key,
 * each its own statement (so that a long list never keeps the WAL from being
 * reused), never makes a journal, and leaves journal.db and journal.db-wal
 * byte for byte as they were. */
#ifndef HISTORY_READER_H
#define HISTORY_READER_H

#include "journal/journal.h"

struct reader;

/* The functions that readers hand in are called when all was read, and do not
 * ask the reader anything themselves.
 *
 * NULL, ERROR_USAGE: none there, not ours, newer; ERROR_DISK: corrupt. */
struct reader *reader_open(const char *path, struct error *err);
void reader_close(struct reader *reader);

/* A row with everything that is kept of it. Borrowed for the call. */
struct reader_row {
    struct journal_row row;
    const char *source, *name, *order_number, *script; // "" if none
    const char *script_hash; // of its run, hex digits; "" if none
    int64_t started_at, ms;  // of the latest attempt
    bool sent;
    int curl;
    const char *outcome, *why, *reply;
    size_t reply_len;
    const char *seen; // the row as the rule saw it, JSON; "" if none
};

/* Calls `each` for every row in order of order_item_id, or, with `state`,
 * for those in that state; stops when it returns false. A `sending` row is
 * given as it is. False: an error of the journal (err is filled), or `each`
 * returned false (err->text is ""). */
bool reader_list(struct reader *reader, const enum journal_state *state,
    bool (*each)(const struct reader_row *row, void *arg), void *arg,
    struct error *err);

struct reader_attempt {
    int n;
    int64_t run; // that was on when it was made, 0: none is known
    int64_t started_at, ms;
    const char *code;
    bool update_stock;
    bool sent;
    int curl, http_status;
    const char *reply;
    size_t reply_len;
    const char *outcome, *why; // "" while it is under way
};

struct reader_audit {
    int64_t at;
    const char *who, *what, *note;
};

/* What was asked and contradicts the row. */
struct reader_conflict {
    int64_t order_item_id;
    const char *code;
    bool update_stock;
    const char *source, *name; // "" if none
    int64_t run, first_at, last_at;
};

/* One item: its row, its attempts in order (the latest included), its audit
 * rows in order, its conflicts. False with err->text "" when there is no such
 * row. */
struct reader_story {
    bool (*row)(const struct reader_row *row, void *arg);
    bool (*attempt)(const struct reader_attempt *attempt, void *arg);
    bool (*audit)(const struct reader_audit *audit, void *arg);
    bool (*conflict)(const struct reader_conflict *conflict, void *arg);
    void *arg;
};
bool reader_show(struct reader *reader, int64_t order_item_id,
    const struct reader_story *story, struct error *err);

/* Every conflict that lasts, in order of order_item_id; stops when `each`
 * returns false. False as reader_list. */
bool reader_conflicts(struct reader *reader,
    bool (*each)(const struct reader_conflict *conflict, void *arg), void *arg,
    struct error *err);

/* Adds to `items` (int64_t in a row) those that `word` finds, READER_FOUND_MAX
 * at most: those that the latest run wrote first, of one run in their order.
 * Capital letters of ASCII count as small ones, but in a place. What words.h
 * has is looked up; the rows of later runs are read. */
enum { READER_FOUND_MAX = 1000, READER_BEGIN_LEAST = 3 };
enum reader_way {
    READER_NAMED,  // its code, name, order number or place is the word
    READER_WHOLE,  // or, behind these, a field of its row
    READER_BEGINS, // its code, name, order number or a field begins with it;
                   // of READER_BEGIN_LEAST bytes at least
};
bool reader_find(struct reader *reader, const char *word, enum reader_way way,
    struct buf *items, struct error *err);

/* A row of an input that did not become a release. */
struct reader_input {
    const char *source, *name, *item, *what, *message, *place; // "" if none
    const char *seen;       // as that of a row
    int64_t first_run, run; // the first and the latest that saw it
    int64_t first_at, last_at;
    int64_t times;                    // how many runs saw it
    const char *script, *script_hash; // of the latest
};

/* Those whose source, name or item is `word`, or, with `in_row`, of which a
 * field is; the oldest first, READER_FOUND_MAX at most. Of a name and a field
 * capitals do not count, and one that moved in its file is told once. Stops
 * when `each` returns false. False as reader_list. */
bool reader_inputs(struct reader *reader, const char *word, bool in_row,
    bool (*each)(const struct reader_input *input, void *arg), void *arg,
    struct error *err);

/* Those that the last run of their script that has ended found failed or
 * invalid, or waiting for more than a day; READER_FOUND_MAX at most; otherwise
 * the same. */
bool reader_inputs_open(struct reader *reader,
    bool (*each)(const struct reader_input *input, void *arg), void *arg,
    struct error *err);

struct reader_run {
    int64_t id, started_at;
    const char *script, *script_hash; // "" if none
    const char *summary;              // "" while it goes on
};

/* The run of that number, or, for 0, the latest that has ended. False with
 * err->text "": there is none, or `take` returned false. */
bool reader_run(struct reader *reader, int64_t id,
    bool (*take)(const struct reader_run *run, void *arg), void *arg,
    struct error *err);

/* Adds the Omnitron that the journal belongs to, "" before its first run. */
bool reader_host(struct reader *reader, struct buf *host, struct error *err);

/* Whether a run holds the journal now: what is `sending` then is. */
bool reader_run_alive(const struct reader *reader);

#endif
