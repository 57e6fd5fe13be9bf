/* notice_store.h: what is wrong from one run to the next, and whether it has to
 * be said.
 *
 * A trouble is its kind and what it is about: this row, this token, this
 * outage, this lock. It is said when it is new, once a day while it lasts,
 * and when it is over; one that comes and goes is said at most three times a
 * day. Pure; the text that it is kept as is one line, for notes.h. */
#ifndef ENDING_NOTICE_STORE_H
#define ENDING_NOTICE_STORE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum trouble_say {
    TROUBLE_SILENT,
    TROUBLE_NEW,
    TROUBLE_AGAIN, // it lasts, and was not said for a day
};

enum trouble_kind {
    TROUBLE_ROW,     // a line of an input: failed, invalid, rejected, conflict
    TROUBLE_KEPT,    // a release of an earlier run that this one refused
    TROUBLE_CROWD,   // more such lines, or items (scope 0), than are told apart
    TROUBLE_UNKNOWN, // an item that may have been released
    TROUBLE_STOP,    // sending stops: an outage, the token …
    TROUBLE_HELD,    // another run holds the journal
    TROUBLE_DISK,    // the journal, or its disk
    TROUBLE_SETUP,   // no run begins: profile, token file, no journal
    TROUBLE_FAULT,   // the script does not come to its end
    TROUBLE_LOG,     // a warning, or what a script says
    TROUBLE_OTHER,   // an exit code that nothing else explains
    TROUBLE_KINDS
};

/* How many there may be of all kinds, and of rows and unknown items alone;
 * what does not fit, after the oldest of other scopes has made room, is new
 * each time. */
enum { TROUBLES_MOST = 1100, TROUBLES_ROWS_MOST = 1000 };

enum { TROUBLES_TEXT_MAX = 200, TROUBLES_DAY_MS = 24 * 60 * 60 * 1000 };

struct trouble {
    enum trouble_kind kind;
    uint32_t scope;       // the script and its arguments, 0: any
    uint64_t about;       // of trouble_about
    int64_t since, said;  // wall clock, ms (whole seconds when read)
    int64_t gone;         // since when it is over, 0: it lasts
    int64_t count;        // the caller's: releases kept
    int times;            // said as new, within a day; one more: hushed
    bool seen;            // by this run, and then:
    enum trouble_say say; // the answer that it got
    char text[TROUBLES_TEXT_MAX + 1]; // for people, ""
};

struct troubles { // {0} is an empty one; troubles_fini frees it
    struct trouble *list;
    size_t len, cap;
};

/* What changes from run to run, and makes no other trouble. */
enum trouble_likeness {
    TROUBLE_TO_THE_LETTER,
    TROUBLE_BUT_TIMES,  // dates, times, durations, addresses: liken.h
    TROUBLE_BUT_NUMBERS // any word with a digit in it: counts, request ids
};

/* What a trouble is about, as a number: the parts in order, NULL ends them. */
uint64_t trouble_about(
    enum trouble_likeness likeness, const char *const *parts);

/* Adds those of `text`, which troubles_write wrote; what is none is passed
 * over. False: no memory. */
bool troubles_read(struct troubles *t, const char *text);

/* Adds all that are worth keeping at `now_ms`, with no line end in it: not
 * what is over for a day, or belongs to a row or a script and was not said for
 * two. */
bool troubles_write(const struct troubles *t, int64_t now_ms, struct buf *out);

void troubles_fini(struct troubles *t);

/* This is wrong now. *which (may be NULL) is where it is kept, NULL when it
 * does not fit; borrowed until the next call. */
enum trouble_say troubles_see(struct troubles *t, enum trouble_kind kind,
    uint32_t scope, uint64_t about, int64_t now_ms, struct trouble **which);

/* Gives it a text, secrets masked, cut to fit. */
void trouble_name(struct trouble *trouble, const char *text);

/* All of a kind and scope that were not seen are over. `ended` (may be NULL)
 * is called for each whose end has to be said. */
void troubles_end(struct troubles *t, enum trouble_kind kind, uint32_t scope,
    int64_t now_ms, void (*ended)(const struct trouble *trouble, void *arg),
    void *arg);

/* How many of a kind and scope last. */
size_t troubles_lasting(
    const struct troubles *t, enum trouble_kind kind, uint32_t scope);

#endif
