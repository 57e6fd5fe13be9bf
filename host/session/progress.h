/* progress.h: the line that grows on a terminal while a run works. */
#ifndef SESSION_PROGRESS_H
#define SESSION_PROGRESS_H

#include "cli/arguments.h"

#include <stdbool.h>

struct run_progress; // session/progress_line.h

/* Whether it is to be shown: stderr is a terminal that can draw a line anew,
 * and neither -q nor JSON was asked for. From then on the line gives way to
 * what is logged or written to stdout. */
bool progress_open(const struct arguments *args);

/* Draws it, ten times a second at most. */
void progress_show(const struct run_progress *progress);

/* Takes it off the screen for good; may be called without progress_open. */
void progress_close(void);

#endif
