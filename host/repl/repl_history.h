/* repl_history.h: the lines that were typed, in a file of the user's own:
 * $XDG_STATE_HOME/omnitron/history, else under ~/.local/state; mode 0600, a
 * line each, secrets masked. Best effort: without a home there is none. */
#ifndef REPL_REPL_HISTORY_H
#define REPL_REPL_HISTORY_H

struct repl_history;

enum { REPL_HISTORY_LINES = 1000 };

/* Opens it, and calls `each` with every line of it, the oldest first. NULL:
 * there is none. */
struct repl_history *repl_history_open(
    void (*each)(void *arg, const char *line), void *arg);

/* Appends a line, at once. NULL is allowed. */
void repl_history_add(struct repl_history *history, const char *line);

void repl_history_close(struct repl_history *history); // NULL is allowed

#endif
