/* html.h: markup that is written piece by piece.
 *
 * The first failure (no memory) is kept in `ok`, and what follows does
 * nothing. A text of others goes through html_text, and nowhere else. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/buf.h"

#include <stdint.h>

struct html { // {.out, .ok = true}
    struct buf *out;
    bool ok;
};

/* Our own markup, and numbers in it. */
void html_put(struct html *h, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A text as it is to be read, in an element or in an attribute; at most `most`
 * bytes of it. */
void html_text(struct html *h, const char *text, size_t most);

/* <section> with a heading, which is at the id. */
void html_section(struct html *h, const char *id, const char *head);
void html_end_section(struct html *h);

/* <table> with its heads, of which those that begin with '#' are of numbers
 * (and lose the '#'); ends with NULL. */
void html_table(struct html *h, const char *const *heads);
void html_end_table(struct html *h);

/* Cells of a row. */
void html_cell(struct html *h, const char *text, size_t most);
void html_line(struct html *h, const char *text, size_t most); // stays one line
void html_count(struct html *h, int64_t n);       // with its separators
void html_quiet_count(struct html *h, int64_t n); // nothing for 0
void html_bar(struct html *h, int64_t n, int64_t most, const char *class);

#endif
