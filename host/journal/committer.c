#include "journal/committer.h"

#include "base/clock.h"
#include "journal/bus.h"
#include "journal/store.h"

#include <signal.h>
#include <string.h>

/* As many frames in the WAL start a checkpoint. A WAL that is reused syncs in
 * half the time of one that grows. */
enum { CHECKPOINT_PAGES = 1000 };

/* Runs the list as one transaction. */
static int commit_group(struct op_set *ops, struct journal_op *op)
{
    int rc = op_begin(ops);

    for (; rc == SQLITE_OK && op; op = op->next)
        rc = op_run(ops, op);
    return rc == SQLITE_OK ? op_commit(ops) : rc;
}

static void fail_with(struct journal *journal, int rc)
{
    struct error why;

    store_fail(&journal->file.store, rc, &why);
    queue_fail(&journal->queue, &why);
}

bool committer_fail_astray(
    struct journal *journal, const struct files_fault *fault)
{
    atomic_store(&journal->astray, true);
    queue_fail(&journal->queue, &fault->why);
    return false;
}

bool committer_look(struct journal *journal)
{
    struct files_fault fault;

    if (!files_look(&journal->files, &fault))
        return committer_fail_astray(journal, &fault);
    atomic_store(&journal->looked_us, clock_monotonic_us());
    return true;
}

void committer_leave(struct journal *journal)
{
    struct error why;

    journal->left = true;
    bus_fail(journal->name, &why);
    queue_fail(&journal->queue, &why);
}

static void mark(struct journal_op *op, bool failed)
{
    for (; op; op = op->next) {
        op->failed = failed;
        if (failed)
            op->found = false;
    }
}

/* What a guard is around: some of it for one list. */
struct work {
    struct journal *journal;
    struct queue_list *list;
    bool done;
};

/* A file that was cut short is what SQLite stumbles over first. */
static void commit(void *arg)
{
    struct work *work = arg;
    struct journal *journal = work->journal;
    int rc = commit_group(journal->ops, work->list->first);

    if (rc == SQLITE_OK) {
        work->done = committer_look(journal);
        return;
    }
    if (committer_look(journal))
        fail_with(journal, rc);
    store_rollback(&journal->file.store);
}

static void do_group(struct journal *journal, struct queue_list *list)
{
    struct work work = {journal, list, false};

    if (!queue_failed(&journal->queue, NULL) && !bus_guard(commit, &work))
        committer_leave(journal);
    mark(list->first, !work.done);
}

static void copy_log(void *arg)
{
    struct journal *journal = arg;
    int rc = sqlite3_wal_checkpoint_v2(
        journal->file.store.db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY)
        fail_with(journal, rc);
}

/* After the group was given back: its operations are durable and the loop
 * goes on while pages are copied. Busy means that a reader needs the WAL as
 * it is. */
static void checkpoint(struct journal *journal)
{
    if (journal->frames < CHECKPOINT_PAGES ||
        queue_failed(&journal->queue, NULL))
        return;
    journal->frames = 0;
    if (!bus_guard(copy_log, journal))
        committer_leave(journal);
}

static void *journal_thread(void *arg)
{
    struct journal *journal = arg;
    struct queue_list list;

    while (queue_take(&journal->queue, &list)) {
        do_group(journal, &list);
        queue_give_back(&journal->queue, &list);
        checkpoint(journal);
    }
    return NULL;
}

/* Signals are the loop's: it reads them from a descriptor. But one that says
 * what this thread itself did is its own. */
bool committer_start(struct journal *journal, struct error *err)
{
    sigset_t all, before;
    int rc;

    sigfillset(&all);
    sigdelset(&all, SIGBUS);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&journal->thread, NULL, journal_thread, journal);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc != 0)
        return error_set(err, ERROR_OTHER,
            "cannot start the journal's thread: %s", strerror(rc));
    pthread_setname_np(journal->thread, "journal");
    journal->running = true;
    return true;
}

int committer_note_frames(
    void *arg, sqlite3 *db, const char *schema, int frames)
{
    int *noted = arg;

    (void)db;
    (void)schema;
    *noted = frames;
    return SQLITE_OK;
}
