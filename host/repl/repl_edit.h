/* repl_edit.h: libedit, which nobody else knows. */
#ifndef REPL_REPL_EDIT_H
#define REPL_REPL_EDIT_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>

struct repl_edit;

/* What the input asks of the repl; all may be called while it reads. */
struct repl_calls {
    void *arg;
    int signal_fd;
    /* What is to be put behind `before`, and the list of what there is. */
    bool (*complete)(
        void *arg, const char *before, struct buf *more, struct buf *list);
    bool (*is_busy)(void *arg); // something goes on while nobody types
    void (*turn)(void *arg);    // a turn of it; ends at input
};

enum repl_came { REPL_LINE, REPL_END, REPL_SIGNAL };

/* `calls` is borrowed. NULL: the terminal cannot be used, or no memory. */
struct repl_edit *repl_edit_open(
    const struct repl_calls *calls, struct error *err);
void repl_edit_close(struct repl_edit *edit); // NULL is allowed

/* libedit's version; it can only be asked when this is built. */
const char *repl_edit_version(void);

/* As repl_input_read; the line is then in the history. */
enum repl_came repl_edit_read(
    struct repl_edit *edit, const char *prompt, struct buf *line);

#endif
