/* why_story.h: what there is to tell of one order item, or of one row of an
 * input that became none.
 *
 * Filled by what a reader gives, then told once, as text of 80 columns or as
 * one line of JSON. */
#ifndef INSPECT_WHY_STORY_H
#define INSPECT_WHY_STORY_H

#include "base/buf.h"
#include "history/reader.h"

struct why_story { // {.json =, .host =}, then why_story_fini in any case
    bool json;
    const char *host; // as people know it; borrowed
    bool alive;       // a run holds the journal
    bool has_row, has_conflict;
    int64_t item; // of the row
    enum journal_state state;
    char name[256], source[256]; // of the row
    char code[JOURNAL_CODE_MAX + 1];
    bool update_stock;
    struct buf head; // its first line; or its members
    struct buf more; // the lines behind that
    struct buf attempts, audit, conflicts, inputs; // as JSON
    struct buf events;                             // struct event, as text
    struct buf texts;                              // theirs
    struct buf runs;                               // int64_t, each once
};

void why_story_fini(struct why_story *story);

/* Each adds one thing; the ears of reader_show. False: no memory. */
bool why_story_row(const struct reader_row *row, void *story);
bool why_story_attempt(const struct reader_attempt *attempt, void *story);
bool why_story_audit(const struct reader_audit *audit, void *story);
bool why_story_conflict(const struct reader_conflict *conflict, void *story);

/* The same of a row that became no release; the first is what the story is
 * about when it has no item. */
bool why_story_input(const struct reader_input *input, struct why_story *story);

/* Adds a line about a run that has a part in it; the ear of reader_run. */
bool why_story_run(const struct reader_run *run, void *story);

/* Adds all of it. False: no memory. */
bool why_story_tell(struct why_story *story, struct buf *out);

#endif
