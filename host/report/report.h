/* report.h: what a tally says, for people and for machines: the text, the
 * page, the JSON of `omnitron report`. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "history/tally.h"

struct overview {
    const struct tally *tally;
    const char *host;    // "acme.omnitron.net", as escape.h has it
    const char *journal; // its path
    const char *profile; // " --profile FILE", " --journal FILE" or ""
};

/* Each adds the whole of it; false: no memory. */

/* For a terminal of that many columns. `blocks`: it shows Unicode's block
 * elements; else bars are of '#'. */
bool report_text(
    const struct overview *o, int columns, bool blocks, struct buf *out);

/* One HTML page that loads nothing and runs nothing. It is XML as well, so
 * that its form can be checked to the letter. */
bool report_page(const struct overview *o, struct buf *out);

/* One JSON object, with its line end. */
bool report_json(const struct overview *o, struct buf *out);

#endif
