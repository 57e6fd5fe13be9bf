/* report_paper.h: lines of text of a width. The first failure is kept in
 * `ok`, and what follows does nothing. */
#ifndef REPORT_REPORT_PAPER_H
#define REPORT_REPORT_PAPER_H

#include "base/buf.h"

struct paper { // {.out, .columns, .ok = true}, then paper_fini
    struct buf *out;
    int columns;
    bool blocks, ok;
    struct buf line;     // owns: what is being put together
    struct buf shown[3]; // owns: what paper_clean gave
    int next;
};

/* A line of words, broken where the paper ends; further lines are indented
 * like the first. */
void paper_say(struct paper *p, int indent, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same behind what the line begins with, and indented by its width. */
void paper_item(struct paper *p, const char *lead, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A line without breaking: commands, tables. */
void paper_line(struct paper *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* An empty line and a heading. */
void paper_head(struct paper *p, const char *text);

/* A text of others as escape.h has it, borrowed until the third call after
 * this one. */
const char *paper_clean(struct paper *p, const char *text, size_t most);

void paper_fini(struct paper *p);

#endif
