/* leave_signal.h: the signals that ask a run to end, in order.
 *
 * SIGINT is a person at the keyboard; SIGTERM, SIGHUP of a terminal that went
 * away, and SIGXCPU of a limit are the machine. Any of them as a signal's
 * default would end the process with releases in flight, which are unknown
 * then. Pure but for leave_signal_fill, which asks what nohup did. */
#ifndef ENDING_LEAVE_SIGNAL_H
#define ENDING_LEAVE_SIGNAL_H

#include "base/exit_code.h"

#include <signal.h>

/* The set of them. SIGHUP is not in it when it is ignored, as under nohup. */
void leave_signal_fill(sigset_t *set);

/* What a run that such a signal ended answers: EXIT_SIGINT, or EXIT_SIGTERM
 * for all the others. */
enum exit_code leave_signal_code(int number);

/* Of the set of signals that are pending, what the run will answer; EXIT_DONE
 * when none of them is there. */
enum exit_code leave_signal_pending(const sigset_t *pending);

#endif
