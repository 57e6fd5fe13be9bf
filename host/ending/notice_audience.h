/* notice_audience.h: who hears what a command has to say, and what was said
 * before.
 *
 * A person hears everything. Cron, which comes again soon, hears what is news;
 * the notes beside the journal know what that is. Where nothing can be noted,
 * cron hears everything, too. */
#ifndef ENDING_NOTICE_AUDIENCE_H
#define ENDING_NOTICE_AUDIENCE_H

#include "base/error.h"
#include "cli/arguments.h"
#include "ending/notice.h"

#include <stdbool.h>

/* No person looks on, not even through a pipe: no terminal and no TERM, as
 * cron and systemd start a program; and -v was not given. */
bool audience_by_cron(const struct arguments *args);

/* The script and its arguments as a number: what is wrong with one is not
 * with another. */
uint32_t audience_scope(const struct arguments *args);

/* Adds what was wrong with the journal at `path`. False: no memory. */
bool audience_read(const char *path, struct notices *t);

/* Notes what is wrong at `now_ms`. False: it is not on disk. */
bool audience_keep(const char *path, const struct notices *t, int64_t now_ms);

/* From now on cron hears what a script logs once a day (`path` as above). What
 * was logged is noted by audience_logged. */
void audience_listen(const struct arguments *args, const char *path);
void audience_logged(struct notices *t, int64_t now_ms);

/* An error that ended a run before it began, about `about`: logs it, but not
 * when cron has heard it within a day. `path` is the journal's, NULL: nothing
 * can be noted. */
void audience_fail(const struct arguments *args, const char *path,
    enum notice_kind kind, uint64_t about, const struct error *err);

/* What audience_fail's error is about: its text. */
uint64_t audience_about(const struct error *err);

#endif
