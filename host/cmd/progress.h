/* progress.h: the line that grows on a terminal while a run works. */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include "delivery/delivery.h"
#include "lua/host.h"

/* Does nothing unless stderr is a terminal. */
void progress_show(
    const struct host_rows *rows, const struct delivery_tally *tally);

/* Takes the line off the screen. */
void progress_hide(void);

#endif
