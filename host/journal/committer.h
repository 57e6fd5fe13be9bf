/* committer.h: who commits: the journal's thread, and all that it works with.
 * For journal.c alone, which starts it and ends it. */
#ifndef JOURNAL_COMMITTER_H
#define JOURNAL_COMMITTER_H

#include "journal/files.h"
#include "journal/journal.h"
#include "journal/op.h"
#include "journal/queue.h"
#include "journal/writer.h"

#include <pthread.h>
#include <stdatomic.h>

struct journal {
    char *name;         // as the caller calls it
    struct writer file; // its store is the thread's while it runs
    struct op_set *ops; // likewise
    int frames;         // in the WAL after the latest commit
    struct files files; // likewise; nobody changes it once it is open
    bool left;          // in the middle of something: never touched again
    atomic_bool astray; // a file is not what it was
    atomic_int_fast64_t looked_us; // monotonic: when they were what they were
    bool queued;                   // the queue is there
    bool running;                  // the thread is
    pthread_t thread;
    struct queue queue;
    struct queue_list submitted; // the caller's, like all that follows
    size_t waiting, under_way;
    int64_t run;
};

/* Starts the thread: it has the store from now on. */
bool committer_start(struct journal *journal, struct error *err);

/* For sqlite3_wal_hook, with `frames`. SQLite's own automatic checkpoint keeps
 * its failures to itself, so this stands in its place and only notes how long
 * the WAL is. */
int committer_note_frames(
    void *arg, sqlite3 *db, const char *schema, int frames);

/* For who has the store: whether the files are still what they were. False:
 * the journal has failed. */
bool committer_look(struct journal *journal);

/* The journal has failed: a file is not what it was. False. */
bool committer_fail_astray(
    struct journal *journal, const struct files_fault *fault);

/* The journal has failed in the middle of something, and is never touched
 * again. */
void committer_leave(struct journal *journal);

#endif
