/* why_story.h: what there is to tell of one order item, or of one row of an
 * input that became none, as one record of JSON: `why --json` gives it, and
 * scripts/cmd/why.lua makes it a text. */
#ifndef INSPECT_WHY_STORY_H
#define INSPECT_WHY_STORY_H

#include "base/buf.h"
#include "history/reader.h"

struct why_story { // {.for_people =}, then why_story_fini in any case
    /* For why.lua: a row's fields in their order as a string besides, for a
     * table of Lua has none ("seen_text"); of replies what is enough. */
    bool for_people;
    bool has_row;
    int64_t item;                                  // of the row
    char name[256];                                // likewise
    struct buf row;                                // its members
    struct buf attempts, audit, conflicts, inputs; // elements, with commas
    struct buf runs;                               // int64_t, each once
    struct buf told_runs;                          // elements: those runs
};

void why_story_fini(struct why_story *story);

/* Each adds one thing; the ears of reader_show. False: no memory. */
bool why_story_row(const struct reader_row *row, void *story);
bool why_story_attempt(const struct reader_attempt *attempt, void *story);
bool why_story_audit(const struct reader_audit *audit, void *story);
bool why_story_conflict(const struct reader_conflict *conflict, void *story);

/* The same of a row that became no release. */
bool why_story_input(const struct reader_input *input, struct why_story *story);

/* Adds a run that has a part in it; the ear of reader_run. */
bool why_story_run(const struct reader_run *run, void *story);

/* Adds all but the runs: an object, without a line end; of a story without an
 * item, its first input. False: no memory. */
bool why_story_json(const struct why_story *story, struct buf *out);

/* The same for why.lua, {"story":…,"runs":[…],"alive":…,"brief":…}: `alive`, a
 * run holds the journal; `brief`, its first line is enough. */
bool why_story_record(
    const struct why_story *story, bool alive, bool brief, struct buf *out);

#endif
