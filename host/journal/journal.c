/* The file, and why a crash loses nothing.
 *
 * journal.db is an SQLite database in WAL mode, with its own application_id
 * and a user_version that counts the migrations in schema.c.
 *
 *   release   one row for each order item, for ever; it holds what was asked,
 *             its state and its latest attempt
 *   attempt   the attempts before the latest one
 *   audit     what changed a row other than an attempt's outcome
 *   conflict  what was asked and contradicts the row
 *   input     rows of an input that did not become a release
 *   run       one row for each run
 *   cursor    what scripts remember
 *   meta      one row: the Omnitron that the journal belongs to
 *
 * Every change is made in a transaction that is durable when it is reported:
 * in WAL mode with synchronous=FULL "the WAL file is synced after each
 * transaction commit" (SQLite, PRAGMA synchronous), and the first sync of a
 * new WAL syncs its folder as well. Both settings are asked for and then read
 * back; a journal that does not have them is not opened.
 *
 * An attempt has two transactions: A, `sending`, before a byte may leave;
 * B, its outcome, before the script hears of it. Whenever the process or the
 * machine stops:
 *
 *   before A is durable    no byte has left. The release is in the script's
 *                          input and comes again.
 *   between A and B        the row is found `sending`. Nobody can know, so
 *                          the next run makes it `unknown` and says so in an
 *                          audit row, in one transaction, before it sends.
 *   inside a transaction   the frames behind the last commit frame in the WAL
 *                          do not count: all of a group is there or none.
 *   inside a checkpoint    the WAL is synced before the database is written
 *                          and reset only after the database was synced; what
 *                          was copied is copied again.
 *
 * A sync that failed once proves nothing by succeeding later: the kernel may
 * have dropped the pages. So the first failure of any kind is the last thing
 * that this process does with the file: nothing more is written, not even the
 * checkpoint at closing, and each operation comes back `failed`.
 *
 * The process that has the lock (lock.c) is the only one that writes. Nothing
 * in it may open journal.db but SQLite: closing any other descriptor would
 * drop the POSIX locks that SQLite holds on the file. */
#include "journal/journal.h"

#include "base/clock.h"
#include "base/mem.h"
#include "journal/age.h"
#include "journal/heap.h"
#include "journal/lock.h"
#include "journal/op.h"
#include "journal/place.h"
#include "journal/queue.h"
#include "journal/run.h"
#include "journal/wal_file.h"
#include "journal/writer.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/* As many frames in the WAL start a checkpoint. A WAL that is reused syncs in
 * half the time of one that grows. */
enum { CHECKPOINT_PAGES = 1000 };

struct journal {
    char *name;         // as the caller calls it
    struct writer file; // its store is the thread's while it runs
    struct op_set *ops; // likewise
    int frames;         // in the WAL after the latest commit
    bool queued;        // the queue is there
    bool running;       // the thread is
    pthread_t thread;
    struct queue queue;
    struct queue_list submitted; // the caller's, like all that follows
    size_t waiting, under_way;
    int64_t run, orphans;
};

bool journal_init(struct error *err)
{
    static bool done;
    int rc;

    if (done)
        return true;
    rc = sqlite3_config(SQLITE_CONFIG_MALLOC, heap_methods());
    if (rc == SQLITE_OK)
        rc = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    if (rc == SQLITE_OK)
        rc = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (rc == SQLITE_OK)
        rc = sqlite3_initialize();
    if (rc == SQLITE_OK)
        rc = wal_file_init();
    if (rc == SQLITE_NOMEM)
        return error_memory(err);
    if (rc != SQLITE_OK)
        return error_set(
            err, ERROR_OTHER, "SQLite does not start: %s", sqlite3_errstr(rc));
    done = true;
    return true;
}

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

static void mark(struct journal_op *op, bool failed)
{
    for (; op; op = op->next) {
        op->failed = failed;
        if (failed)
            op->found = false;
    }
}

static void do_group(struct journal *journal, struct queue_list *list)
{
    bool failed = queue_failed(&journal->queue, NULL);

    if (!failed) {
        int rc = commit_group(journal->ops, list->first);

        failed = rc != SQLITE_OK;
        if (failed) {
            fail_with(journal, rc);
            store_rollback(&journal->file.store);
        }
    }
    mark(list->first, failed);
}

/* After the group was given back: its operations are durable and the loop
 * goes on while pages are copied. Busy means that a reader needs the WAL as
 * it is. */
static void checkpoint(struct journal *journal)
{
    int rc;

    if (journal->frames < CHECKPOINT_PAGES ||
        queue_failed(&journal->queue, NULL))
        return;
    journal->frames = 0;
    rc = sqlite3_wal_checkpoint_v2(
        journal->file.store.db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY)
        fail_with(journal, rc);
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

/* Signals are the loop's: it reads them from a descriptor. */
static bool start_thread(struct journal *journal, struct error *err)
{
    sigset_t all, before;
    int rc;

    sigfillset(&all);
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

/* SQLite's own automatic checkpoint keeps its failures to itself, so this
 * hook stands in its place and only notes how long the WAL is. */
static int note_frames(void *arg, sqlite3 *db, const char *schema, int frames)
{
    int *noted = arg;

    (void)db;
    (void)schema;
    *noted = frames;
    return SQLITE_OK;
}

static bool open_file(struct journal *journal,
    const struct journal_options *options, struct error *err)
{
    if (!options->path)
        return writer_open_memory(&journal->file, journal->name, err);
    if (!writer_open(&journal->file, journal->name, options->script, 0, err) ||
        !age_check(&journal->file.store, err))
        return false;
    sqlite3_wal_hook(journal->file.store.db, note_frames, &journal->frames);
    return true;
}

static bool open_all(struct journal *journal,
    const struct journal_options *options, struct error *err)
{
    journal->name = mem_strdup(options->path ? options->path : "in memory");
    journal->queued = queue_init(&journal->queue);
    if (!journal->name || !journal->queued)
        return error_memory(err);
    journal->queue.wake = options->wake;
    journal->queue.wake_arg = options->wake_arg;
    if (!open_file(journal, options, err) ||
        !run_begin(&journal->file.store, options, &journal->run,
            &journal->orphans, err))
        return false;
    age_keep(&journal->file.store, options->path ? journal->run : 0);
    journal->ops = op_set_new(&journal->file.store, journal->run, err);
    return journal->ops && start_thread(journal, err);
}

struct journal *journal_open(
    const struct journal_options *options, struct error *err)
{
    struct journal *journal = mem_calloc(1, sizeof *journal);

    if (!journal) {
        error_memory(err);
        return NULL;
    }
    journal->file.lock_fd = -1;
    if (open_all(journal, options, err))
        return journal;
    writer_fail(&journal->file, err);
    journal_close(journal);
    return NULL;
}

bool journal_holder(const char *path, struct journal_holder *holder)
{
    char real[PATH_MAX];
    struct error ignored;

    return place_find(path, real, &ignored) && lock_holder(real, holder);
}

int64_t journal_run(const struct journal *journal)
{
    return journal->run;
}

int64_t journal_orphans(const struct journal *journal)
{
    return journal->orphans;
}

void journal_submit(struct journal *journal, struct journal_op *op)
{
    queue_append(&journal->submitted, op);
    journal->waiting++;
}

size_t journal_waiting(const struct journal *journal)
{
    return journal->waiting;
}

size_t journal_under_way(const struct journal *journal)
{
    return journal->under_way;
}

static void stamp(struct journal_op *op)
{
    int64_t now = clock_wall_ms();

    for (; op; op = op->next)
        op->at = now;
}

void journal_flush(struct journal *journal)
{
    if (journal->waiting == 0)
        return;
    stamp(journal->submitted.first);
    queue_hand_over(&journal->queue, &journal->submitted);
    journal->under_way += journal->waiting;
    journal->waiting = 0;
}

struct journal_op *journal_collect(struct journal *journal)
{
    struct journal_op *first, *op;

    if (journal->under_way == 0)
        return NULL;
    first = queue_collect(&journal->queue);
    for (op = first; op; op = op->next)
        journal->under_way--;
    return first;
}

bool journal_failed(struct journal *journal, struct error *err)
{
    return queue_failed(&journal->queue, err);
}

/* Makes the store the caller's until the next flush. False: it has failed. */
static bool borrow_store(struct journal *journal, struct error *err)
{
    journal_flush(journal);
    queue_wait(&journal->queue);
    return !queue_failed(&journal->queue, err);
}

static bool keep_failure(struct journal *journal, struct error *err)
{
    queue_fail(&journal->queue, err);
    err->kind = ERROR_DISK;
    return false;
}

bool journal_count(
    struct journal *journal, struct journal_counts *counts, struct error *err)
{
    return borrow_store(journal, err) &&
           (run_count(&journal->file.store, journal->run, counts, err) ||
               keep_failure(journal, err));
}

bool journal_end_run(struct journal *journal, const char *summary,
    int exit_code, struct error *err)
{
    return borrow_store(journal, err) &&
           (run_end(
                &journal->file.store, journal->run, summary, exit_code, err) ||
               keep_failure(journal, err));
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    if (journal->running) {
        queue_end(&journal->queue);
        pthread_join(journal->thread, NULL);
    }
    op_set_free(journal->ops);
    if (journal->queued && queue_failed(&journal->queue, NULL))
        journal->file.sound = false;
    writer_close(&journal->file);
    if (journal->queued)
        queue_fini(&journal->queue);
    mem_free(journal->name);
    mem_free(journal);
}
