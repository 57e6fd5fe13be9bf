/* fault_text.h: how a fault is asked for, and the help about it; both come
 * from the table of faults. */
#ifndef MOCK_FAULT_TEXT_H
#define MOCK_FAULT_TEXT_H

#include "base/buf.h"
#include "mock/mock.h"

/* Adds a comma list of NAME[:NUMBER]=RATE and NAME[:NUMBER]@ITEM[*TIMES] to
 * the options' faults. False with a message that names the fault and its
 * form; the options are then as before. */
bool fault_text_read(
    const char *text, struct mock_options *options, struct error *err);

/* A line for each fault. False when there is no memory. */
bool fault_text_help(struct buf *out);

#endif
