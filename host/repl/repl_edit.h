/* repl_edit.h: libedit, which nobody else knows. */
#ifndef REPL_REPL_EDIT_H
#define REPL_REPL_EDIT_H

#include "repl/repl_input.h"

struct repl_edit;

/* `calls` is borrowed. NULL: the terminal cannot be used, or no memory. */
struct repl_edit *repl_edit_open(
    const struct repl_input_calls *calls, struct error *err);
void repl_edit_close(struct repl_edit *edit); // NULL is allowed

/* libedit's version; it can only be asked when this is built. */
const char *repl_edit_version(void);

/* As repl_input_read; the line is then in the history. */
enum repl_came repl_edit_read(
    struct repl_edit *edit, const char *prompt, struct buf *line);

#endif
