/* inputs.h: the rows of a run's input that did not become a release, gathered
 * for the journal.
 *
 * Of each kind ("failed", "invalid", "later", "skipped") the first INPUTS_KEPT
 * of a run are kept. They go to the journal in groups, and nobody waits for
 * them: what a crash loses of them is in the input still. Living secrets are
 * masked before a text is cut. */
#ifndef JOURNAL_INPUTS_H
#define JOURNAL_INPUTS_H

#include "journal/journal.h"

enum { INPUTS_KEPT = 1000 };

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
