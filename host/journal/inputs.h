/* inputs.h: what a row of a run's input comes to; and those that did not become
 * a release, gathered for the journal.
 *
 * Of each kind but INPUT_RELEASED the first INPUTS_KEPT
 * of a run are kept. They go to the journal in groups, and nobody waits for
 * them: what a crash loses of them is in the input still. Living secrets are
 * masked before a text is cut. */
#ifndef JOURNAL_INPUTS_H
#define JOURNAL_INPUTS_H

#include "journal/journal.h"

enum { INPUTS_KEPT = 1000 };

/* How a row ended; each comes to one of these. */
enum input_end {
    INPUT_RELEASED, // with releases, whatever became of them
    INPUT_SKIPPED,
    INPUT_LATER, // it waits: it has to be read again
    INPUT_FAILED,
    INPUT_INVALID,
    INPUT_ENDS
};

/* "released", "skipped" …: the word of the journal, of summaries, metrics and
 * scripts. */
const char *input_end_name(enum input_end end);

/* False: the word is none of these. */
bool input_end_read(const char *name, enum input_end *end);

/* Whether a person has to act. */
bool input_end_needs_person(enum input_end end);

struct inputs; // owns its copies and its operations; borrows the journal

/* NULL: no memory. To be freed when the journal is closed. */
struct inputs *inputs_new(struct journal *journal);
void inputs_free(struct inputs *inputs);

/* Whether a further row of the kind is to be kept; counts it. */
bool inputs_wants(struct inputs *inputs, const char *what);

/* Copies a row that was wanted. Without memory it is not kept. */
void inputs_add(struct inputs *inputs, const struct journal_input *input);

/* Submits what was gathered. */
void inputs_submit(struct inputs *inputs);

#endif
