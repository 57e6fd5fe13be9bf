/* journal_own.h: the words of `omnitron journal`, one file each, and what
 * they share among them and with `omnitron why`. */
#ifndef INSPECT_JOURNAL_OWN_H
#define INSPECT_JOURNAL_OWN_H

#include "cli/command.h"
#include "cli/show.h"
#include "history/reader.h"

#include <limits.h>

/* Which journal is meant, and how a person names it in a command. */
struct journal_place {
    char path[PATH_MAX];
    char folder[PATH_MAX];     // to go to first, quoted; "" for the current
    char named[PATH_MAX + 24]; // " --profile FILE" or " --journal FILE",
                               // quoted; "" for what is found anyway
};

/* The journal that --journal names; or of `folder` (NULL: the current one), by
 * --profile or by the profile that is there; journal.db without one. False,
 * ERROR_USAGE: it is not there. */
bool journal_place_find(const struct arguments *args, const char *folder,
    struct journal_place *place, struct error *err);

/* Where a new one is to be made: likewise, but no journal need be there. */
bool journal_place_of_new(const struct arguments *args, const char *folder,
    struct journal_place *place, struct error *err);

/* Adds a row's members as JSON, without the brackets. */
bool journal_put_row(struct buf *out, const struct reader_row *row);
bool journal_put_time(struct buf *out, const char *name, int64_t ms);
bool journal_put_or_null(
    struct buf *out, const char *name, bool known, int64_t value);

/* --state: which one, if it was given. */
bool journal_read_state(const struct arguments *args, enum journal_state *state,
    bool *given, struct error *err);

/* Adds an element of attempts_made, with `most` bytes of the reply; of audit;
 * of conflicts. A run keeps far less of a reply than JOURNAL_REPLY_READ, which
 * is enough for people. */
enum { JOURNAL_REPLY_READ = 64 * 1024 };
bool journal_put_attempt(
    struct buf *out, const struct reader_attempt *attempt, size_t most);
bool journal_put_audit(struct buf *out, const struct reader_audit *audit);
bool journal_put_conflict(
    struct buf *out, const struct reader_conflict *conflict);

/* The view that scripts/cmd/item.lua wants: the host as people know it, which
 * journal is meant, how wide the terminal is, what time it is; and `word`,
 * NULL: none. */
bool journal_put_view(struct buf *out, const struct journal_place *place,
    const char *host, const char *word);

/* Gives journal_open.lua what the notes say is wrong and lasts, since when. */
bool journal_show_lasting(
    struct show *show, const char *path, struct error *err);

/* Adds the host as people know it, without its scheme; "the host" for "",
 * when no run has named one. False: no memory. */
bool journal_put_host(const char *url, struct buf *out);

/* Adds the journal's own likewise. */
bool journal_read_host(
    struct reader *reader, struct buf *out, struct error *err);

/* Whether a person said why, in one line. False: ERROR_USAGE. */
bool journal_check_note(
    const char *word, const char *note, const char *example, struct error *err);

/* The words. `count` and `words` are what follows the word. */
typedef bool journal_word(
    const struct arguments *args, int count, char **words, struct error *err);
journal_word journal_word_list, journal_word_open, journal_word_show,
    journal_word_settle, journal_word_cancel, journal_word_retry,
    journal_word_verify, journal_word_prune, journal_word_export,
    journal_word_backup, journal_word_import, journal_word_moved;

#endif
