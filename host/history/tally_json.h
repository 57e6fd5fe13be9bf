/* tally_json.h: a tally as JSON, for machines and for the words of report
 * (scripts/cmd/report.lua, report_page.lua). */
#ifndef HISTORY_TALLY_JSON_H
#define HISTORY_TALLY_JSON_H

#include "base/buf.h"
#include "history/tally.h"

/* Adds one object, whose keys are in commands.md; `host` as people know it.
 * False: no memory, and *out has a part. */
bool tally_json_put(
    const struct tally *tally, const char *host, struct buf *out);

#endif
