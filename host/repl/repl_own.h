/* repl_own.h: what the files of the repl share; for them alone. */
#ifndef REPL_REPL_OWN_H
#define REPL_REPL_OWN_H

#include "repl/repl.h"
#include "repl/repl_input.h"

struct repl {
    struct session session; // in front; its dry run's book and its fault are
                            // of the line that runs
    struct repl_input *input;
    struct buf text;       // of the lines that are not whole yet
    long line, first_line; // read so far; where the text begins
    struct buf shown;      // what the line that ran came to
    bool ended;            // the line has
    bool stopped;          // by Ctrl-C
    bool terminated;       // by SIGTERM: the program ends, too
    bool failed;           // a line or command was
    bool leaving;          // the program is
    bool disk_failed;      // the journal was
};

/* Prints to stdout, or to stderr, secrets masked, in order. */
void repl_say(const struct buf *text);
void repl_complain(struct repl *repl, const char *text);

enum repl_reading { REPL_READY, REPL_MORE, REPL_BAD };

/* Reads repl->text; REPL_BAD has been said. */
enum repl_reading repl_line_read(struct repl *repl);

/* Runs what was read until it ends or is stopped, and shows it. */
void repl_line_run(struct repl *repl);

/* What Tab puts behind `before`, and the list of what there is, each "" for
 * nothing. False: no memory. */
bool repl_line_complete(
    struct repl *repl, const char *before, struct buf *more, struct buf *list);

/* Collects all garbage, which may hold releases. */
void repl_line_collect(struct repl *repl);

/* Tells the script's side whether releases are real. */
bool repl_line_set_live(struct repl *repl, bool live, struct error *err);

/* Reads the signals that have come: `stopped`, `terminated`. */
void repl_line_listen(struct repl *repl);

/* Whether releases are real. */
bool repl_line_is_live(const struct repl *repl);

/* Shows what the line planned, and forgets it. */
void repl_plan_show(struct repl *repl);

/* ":live", ":help" …; false: it was the one that leaves. */
bool repl_command(struct repl *repl, const char *line);

/* Gives up what `:live` took; what was released is said. */
void repl_command_plan(struct repl *repl);

#endif
