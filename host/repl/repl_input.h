/* repl_input.h: where the lines of a repl come from: a terminal, by way of
 * libedit, with history and completion; or else stdin as it is. */
#ifndef REPL_REPL_INPUT_H
#define REPL_REPL_INPUT_H

#include "base/buf.h"
#include "base/error.h"
#include "repl/repl_edit.h"

struct repl_input;

/* NULL: no memory, or there is no such terminal. */
struct repl_input *repl_input_open(
    const struct repl_calls *calls, struct error *err);
void repl_input_close(struct repl_input *input); // NULL is allowed

/* Whether a person types. */
bool repl_input_is_terminal(const struct repl_input *input);

/* What the screen shows; rows 0: no end, nobody looks. */
void repl_input_screen(const struct repl_input *input, int *columns, int *rows);

/* The next line, without its end, in *line. REPL_SIGNAL: one has come and is
 * left to be read. */
enum repl_came repl_input_read(
    struct repl_input *input, const char *prompt, struct buf *line);

#endif
