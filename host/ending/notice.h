/* notice.h: what is wrong from one run to the next, and whether it has to
 * be said.
 *
 * A trouble is its kind and what it is about: this row, this token, this
 * outage, this lock. It is said when it is new, once a day while it lasts,
 * and when it is over; one that comes and goes is said at most three times a
 * day. Pure; the text that it is kept as is one line, for sidecar.h. */
#ifndef ENDING_NOTICE_H
#define ENDING_NOTICE_H

#include "base/buf.h"
#include "ending/fingerprint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum notice_say {
    NOTICE_SILENT,
    NOTICE_NEW,
    NOTICE_AGAIN, // it lasts, and was not said for a day
};

enum notice_kind {
    NOTICE_ROW,     // a line of an input: failed, invalid, rejected, conflict
    NOTICE_KEPT,    // a release of an earlier run that this one refused
    NOTICE_CROWD,   // more such lines, or items (scope 0), than are told apart
    NOTICE_UNKNOWN, // an item that may have been released
    NOTICE_STOP,    // sending stops: an outage, the token …
    NOTICE_HELD,    // another run holds the journal
    NOTICE_DISK,    // the journal, or its disk
    NOTICE_SETUP,   // no run begins: profile, token file, no journal
    NOTICE_AWAY,    // a host that scripts ask is away
    NOTICE_FAULT,   // the script does not come to its end
    NOTICE_LOG,     // a warning, or what a script says
    NOTICE_OTHER,   // an exit code that nothing else explains
    NOTICE_REFUSED, // an item that is rejected or in conflict; 0: many of them
    NOTICE_KINDS
};

/* How many there may be of all kinds, and of rows and unknown items alone;
 * what does not fit, after the oldest of other scopes has made room, is new
 * each time. */
enum { NOTICES_MOST = 1100, NOTICES_ROWS_MOST = 1000 };

enum { NOTICES_TEXT_MAX = 200, NOTICES_DAY_MS = 24 * 60 * 60 * 1000 };

struct notice {
    enum notice_kind kind;
    uint32_t scope;      // the script and its arguments, 0: any
    uint64_t about;      // of notice_about
    int64_t since, said; // wall clock, ms (whole seconds when read)
    int64_t gone;        // since when it is over, 0: it lasts
    int64_t count;       // the caller's: releases kept; runs in a row
    int times;           // said as new, within a day; one more: hushed
    bool seen;           // by this run, and then:
    enum notice_say say; // the answer that it got
    char text[NOTICES_TEXT_MAX + 1]; // for people, ""
};

struct notices { // {0} is an empty one; notices_fini frees it
    struct notice *list;
    size_t len, cap;
};

/* What a trouble is about, as a number: the parts in order, NULL ends them. */
uint64_t notice_about(
    enum fingerprint_likeness likeness, const char *const *parts);

/* Adds those of `text`, which notices_write wrote; what is none is passed
 * over. False: no memory. */
bool notices_read(struct notices *t, const char *text);

/* Adds all that are worth keeping at `now_ms`, with no line end in it: not
 * what is over for a day, or belongs to a row or a script and was not said for
 * two. */
bool notices_write(const struct notices *t, int64_t now_ms, struct buf *out);

void notices_fini(struct notices *t);

/* This is wrong now. *which (may be NULL) is where it is kept, NULL when it
 * does not fit; borrowed until the next call. */
enum notice_say notices_see(struct notices *t, enum notice_kind kind,
    uint32_t scope, uint64_t about, int64_t now_ms, struct notice **which);

/* Gives it a text, secrets masked, cut to fit. */
void notice_name(struct notice *trouble, const char *text);

/* All of a kind and scope that were not seen are over. `ended` (may be NULL)
 * is called for each whose end has to be said. */
void notices_end(struct notices *t, enum notice_kind kind, uint32_t scope,
    int64_t now_ms, void (*ended)(const struct notice *trouble, void *arg),
    void *arg);

/* How many of a kind and scope last. */
size_t notices_lasting(
    const struct notices *t, enum notice_kind kind, uint32_t scope);

/* What is over of a kind and was seen in `most` runs at most, as `count` has
 * it, was never there. */
void notices_forget(struct notices *t, enum notice_kind kind, int64_t most);

#endif
