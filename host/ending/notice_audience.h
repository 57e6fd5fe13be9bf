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
#include "ending/notice_store.h"

#include <stdbool.h>

/* No person looks on, not even through a pipe: no terminal and no TERM, as
 * cron and systemd start a program; and -v was not given. */
bool heard_by_cron(const struct arguments *args);

/* The script and its arguments as a number: what is wrong with one is not
 * with another. */
uint32_t heard_scope(const struct arguments *args);

/* Adds what was wrong with the journal at `path`. False: no memory. */
bool heard_read(const char *path, struct troubles *t);

/* Notes what is wrong at `now_ms`. False: it is not on disk. */
bool heard_keep(const char *path, const struct troubles *t, int64_t now_ms);

/* From now on cron hears what a script logs once a day (`path` as above). What
 * was logged is noted by heard_logged. */
void heard_listen(const struct arguments *args, const char *path);
void heard_logged(struct troubles *t, int64_t now_ms);

/* An error that ended a run before it began, about `about`: logs it, but not
 * when cron has heard it within a day. `path` is the journal's, NULL: nothing
 * can be noted. */
void heard_fail(const struct arguments *args, const char *path,
    enum trouble_kind kind, uint64_t about, const struct error *err);

/* What heard_fail's error is about: its text. */
uint64_t heard_about(const struct error *err);

#endif
