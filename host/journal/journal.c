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
 *   word      what releases are found by (history/words.h)
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
 * The process that has the locks is the only one that writes. Nothing in it
 * may open journal.db but SQLite, and before and after it lock.c: closing any
 * other descriptor would drop the POSIX locks that SQLite holds on the file.
 *
 * All this is worth nothing when the next run finds another file under the
 * name, or none. So after each commit, before anything that it wrote may be
 * sent or reported, the four names are looked at (files.c); and where a request
 * is about to leave later than a moment after that, the two that another run
 * would begin with are looked at once more. What then is amiss is a failure
 * like any other, but for one thing: the disk is sound, and what is still open
 * is all there. So at the end the log is copied into journal.db, wherever that
 * is by now, for a -wal without its name ends with the process; and where
 * something is lost all the same, it is noted (rollback.h), and the next run
 * does not send. */
#include "journal/journal.h"

#include "base/clock.h"
#include "base/mem.h"
#include "journal/bus.h"
#include "journal/committer.h"
#include "journal/place.h"
#include "journal/rollback.h"
#include "journal/run_row.h"
#include "journal/store.h"
#include "journal/vfs.h"

#include <string.h>

enum { FRESH_US = 1000 }; // so long a look at the files counts

bool journal_init(struct error *err)
{
    static bool done;
    int rc;

    if (done)
        return true;
    rc = sqlite3_config(SQLITE_CONFIG_MALLOC, store_memory());
    if (rc == SQLITE_OK)
        rc = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    if (rc == SQLITE_OK)
        rc = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    bus_listen();
    if (rc == SQLITE_OK)
        rc = sqlite3_initialize();
    if (rc == SQLITE_OK)
        rc = vfs_init();
    if (rc == SQLITE_NOMEM)
        return error_memory(err);
    if (rc != SQLITE_OK)
        return error_set(
            err, ERROR_OTHER, "SQLite does not start: %s", sqlite3_errstr(rc));
    done = true;
    return true;
}

bool journal_may_send(struct journal *journal)
{
    struct files_fault fault;
    int64_t now_us = clock_monotonic_us();

    if (queue_failed(&journal->queue, NULL))
        return false;
    if (now_us - atomic_load(&journal->looked_us) < FRESH_US)
        return true;
    if (!files_look_outside(&journal->files, &fault))
        return committer_fail_astray(journal, &fault);
    atomic_store(&journal->looked_us, now_us);
    return true;
}

static bool open_file(struct journal *journal,
    const struct journal_options *options, struct error *err)
{
    if (!options->path)
        return writer_open_memory(&journal->file, journal->name, err);
    if (!writer_open(&journal->file, journal->name, options->script, 0, err) ||
        !rollback_check(&journal->file.store, err))
        return false;
    sqlite3_wal_hook(
        journal->file.store.db, committer_note_frames, &journal->frames);
    return true;
}

/* What is done with the store on the caller's thread. */
struct errand {
    struct journal *journal;
    const struct journal_options *options; // to open
    struct journal_counts *counts;         // to count
    const char *summary;                   // to end
    int exit_code;
    bool (*use)(struct store *store, void *arg, struct error *err); // to lend
    void *arg;
    bool ok;
    struct error *err;
};

/* A file that was replaced before SQLite opened it is found here. */
static bool open_files(struct journal *journal, struct error *err)
{
    struct files_fault fault;

    if (!journal->file.real[0] ||
        files_open(&journal->files, &journal->file.store, journal->file.real,
            &journal->file.lock, &fault))
        return true;
    *err = fault.why;
    return false;
}

static void open_store(void *arg)
{
    struct errand *errand = arg;
    struct journal *journal = errand->journal;
    const struct journal_options *options = errand->options;
    struct store *store = &journal->file.store;

    if (!open_file(journal, options, errand->err) ||
        !run_begin(store, options, &journal->run, errand->err))
        return;
    rollback_keep(store, options->path ? journal->run : 0);
    journal->ops = op_set_new(store, journal->run, errand->err);
    errand->ok = journal->ops && open_files(journal, errand->err);
}

static bool do_errand(void (*use)(void *arg), struct errand *errand)
{
    if (bus_guard(use, errand))
        return errand->ok;
    committer_leave(errand->journal);
    return bus_fail(errand->journal->name, errand->err);
}

static bool open_all(struct journal *journal,
    const struct journal_options *options, struct error *err)
{
    struct errand errand = {.journal = journal, .options = options, .err = err};

    journal->name = mem_strdup(options->path ? options->path : "in memory");
    journal->queued = queue_init(&journal->queue);
    if (!journal->name || !journal->queued)
        return error_memory(err);
    journal->queue.wake = options->wake;
    journal->queue.wake_arg = options->wake_arg;
    return do_errand(open_store, &errand) && committer_start(journal, err);
}

struct journal *journal_open(
    const struct journal_options *options, struct error *err)
{
    struct journal *journal = mem_calloc(1, sizeof *journal);

    if (!journal) {
        error_memory(err);
        return NULL;
    }
    journal->file.lock = LOCK_NONE;
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
    if (!queue_failed(&journal->queue, NULL))
        (void)committer_look(journal);
    return !queue_failed(&journal->queue, err);
}

static void count(void *arg)
{
    struct errand *errand = arg;
    struct journal *journal = errand->journal;

    errand->ok = run_count(
        &journal->file.store, journal->run, errand->counts, errand->err);
}

static void end_run(void *arg)
{
    struct errand *errand = arg;
    struct journal *journal = errand->journal;

    errand->ok = run_end(&journal->file.store, journal->run, errand->summary,
        errand->exit_code, errand->err);
}

static bool borrow_for(void (*use)(void *arg), struct errand *errand)
{
    struct journal *journal = errand->journal;

    if (!borrow_store(journal, errand->err))
        return false;
    if (do_errand(use, errand))
        return true;
    queue_fail(&journal->queue, errand->err);
    errand->err->kind = ERROR_DISK;
    return false;
}

bool journal_count(
    struct journal *journal, struct journal_counts *counts, struct error *err)
{
    return borrow_for(count,
        &(struct errand){.journal = journal, .counts = counts, .err = err});
}

bool journal_end_run(struct journal *journal, const char *summary,
    int exit_code, struct error *err)
{
    return borrow_for(end_run, &(struct errand){.journal = journal,
                                   .summary = summary,
                                   .exit_code = exit_code,
                                   .err = err});
}

static void lend(void *arg)
{
    struct errand *errand = arg;

    errand->ok =
        errand->use(&errand->journal->file.store, errand->arg, errand->err);
}

bool journal_lend(struct journal *journal,
    bool (*use)(struct store *store, void *arg, struct error *err), void *arg,
    struct error *err)
{
    return borrow_for(
        lend, &(struct errand){
                  .journal = journal, .use = use, .arg = arg, .err = err});
}

/* Whether the log is whole in journal.db. */
static bool save_log(struct journal *journal)
{
    int log = 0, copied = -1;

    if (files_short(&journal->files))
        return false;
    return sqlite3_wal_checkpoint_v2(journal->file.store.db, "main",
               SQLITE_CHECKPOINT_PASSIVE, &log, &copied) == SQLITE_OK &&
           log == copied && !files_short(&journal->files);
}

/* Where the -wal or journal.db has gone its own way: what is in the log is
 * saved, and what the next run may not take for the journal is noted or, for
 * the log, put aside: an older log over a newer database is a damaged one. */
static void rescue(void *arg)
{
    struct journal *journal = arg;
    struct files_fault fault;

    if (files_look(&journal->files, &fault) || fault.which == FILES_LOCK ||
        fault.which == FILES_SHM)
        return;
    bool saved = save_log(journal) && (fault.which == FILES_MAIN ||
                                          files_clear_wal(&journal->files));
    if (!saved)
        rollback_lose(journal->name, journal->run, 0);
    else if (fault.which == FILES_MAIN)
        rollback_lose(
            journal->name, journal->run, journal->files.open[FILES_MAIN].inode);
}

static void close_file(struct journal *journal)
{
    op_set_free(journal->ops);
    writer_close(&journal->file);
}

static bool is_sound(struct journal *journal)
{
    return !journal->queued || !queue_failed(&journal->queue, NULL);
}

/* A run that is over, too, must not take away another's -wal. */
static void prepare_close(struct journal *journal)
{
    if (is_sound(journal) && journal->running)
        (void)committer_look(journal);
    if (!is_sound(journal))
        journal->file.sound = false;
    if (!journal->left && atomic_load(&journal->astray) &&
        !bus_guard(rescue, journal))
        committer_leave(journal);
    if (journal->left)
        writer_leave(&journal->file);
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    if (journal->running) {
        queue_end(&journal->queue);
        pthread_join(journal->thread, NULL);
    }
    prepare_close(journal);
    close_file(journal);
    if (journal->queued)
        queue_fini(&journal->queue);
    mem_free(journal->name);
    mem_free(journal);
}
