#include "journal_rig.h"

#include "journal/place.h"
#include "journal/row.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

/* In place of libc's, also for SQLite: counts, and fails when told to. */
static atomic_int syncs, failing_sync, slow_ms;

int fdatasync(int fd)
{
    poll(NULL, 0, atomic_load(&slow_ms));
    if (atomic_fetch_add(&syncs, 1) + 1 == atomic_load(&failing_sync)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

static void makes_a_private_file_once(void **state)
{
    struct rig *rig = *state;
    struct error err;
    struct stat st;
    mode_t before = umask(0);

    rig_make(rig);
    umask(before);
    assert_int_equal(stat(rig->path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(rig_names(rig), 1);
    assert_false(journal_make(rig->path, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_non_null(strstr(err.text, "is already there"));
    assert_int_equal(rig_names(rig), 1);
}

static void makes_nothing_over_a_dangling_link(void **state)
{
    struct rig *rig = *state;
    struct error err;

    assert_int_equal(symlink("nowhere.db", rig->path), 0);
    assert_false(journal_make(rig->path, &err));
    assert_int_equal(rig_names(rig), 1);
}

/* A file size limit stands for a full disk. */
static void leaves_nothing_when_making_fails(void **state)
{
    struct rig *rig = *state;
    struct rlimit before, tight = {8192, RLIM_INFINITY};
    struct error err;
    bool made;

    getrlimit(RLIMIT_FSIZE, &before);
    tight.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tight);
    made = journal_make(rig->path, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    assert_false(made);
    assert_int_equal(err.kind, ERROR_DISK);
    assert_int_equal(rig_names(rig), 0);
}

static void refuse(
    const struct rig *rig, enum error_kind kind, const char *words)
{
    struct error err = {0};
    struct journal *journal =
        rig_try(rig->path, "https://acme.omnitron.net", &err);

    assert_null(journal);
    if (!strstr(err.text, words))
        fail_msg("\"%s\" is not in: %s", words, err.text);
    assert_int_equal(err.kind, kind);
}

static void never_makes_one_by_itself(void **state)
{
    struct rig *rig = *state;
    char text[400];

    snprintf(text, sizeof text,
        "there is no journal at %s. Without it, everything that was ever "
        "released would be sent again. New customer: omnitron journal new. "
        "Otherwise find the old one.",
        rig->path);
    refuse(rig, ERROR_USAGE, text);
    assert_int_equal(rig_names(rig), 0);
}

static void write_file(const char *path, const char *text, size_t len)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    fclose(file);
}

static void refuses_what_is_not_ours(void **state)
{
    struct rig *rig = *state;
    char rubbish[5000];

    memset(rubbish, 'x', sizeof rubbish);
    write_file(rig->path, rubbish, sizeof rubbish);
    refuse(rig, ERROR_USAGE, "is not a journal of omnitron");
    write_file(rig->path, "", 0);
    refuse(rig, ERROR_USAGE, "is not a journal of omnitron");
    rig_sql(rig, "CREATE TABLE release (x)");
    refuse(rig, ERROR_USAGE, "is not a journal of omnitron");
    assert_string_equal(rig_get(rig, "PRAGMA journal_mode"), "delete");
    unlink(rig->path);
    mkdir(rig->path, 0700);
    refuse(rig, ERROR_USAGE, "is not a file");
    rmdir(rig->path);
}

static void refuses_a_newer_one_by_its_version(void **state)
{
    struct rig *rig = *state;

    rig_make(rig);
    rig_sql(rig, "PRAGMA user_version = 7");
    refuse(rig, ERROR_USAGE, "has version 7 and this omnitron knows 4");
}

static void refuses_a_second_name(void **state)
{
    struct rig *rig = *state;

    rig_make(rig);
    assert_int_equal(link(rig->path, rig_beside(rig, ".copy")), 0);
    refuse(rig, ERROR_USAGE, "has a second name");
}

static void refuses_another_host(void **state)
{
    struct rig *rig = *state;
    struct error err;

    journal_close(rig_new(rig));
    assert_null(rig_try(rig->path, "mock", &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_non_null(
        strstr(err.text, "belongs to https://acme.omnitron.net, not to mock"));
    assert_false(rig_exists(rig, "-wal"));
    journal_close(rig_open(rig));
}

static void refuses_a_changed_schema(void **state)
{
    struct rig *rig = *state;

    rig_make(rig);
    rig_sql(rig, "ALTER TABLE release RENAME COLUMN outcome TO result");
    refuse(rig, ERROR_USAGE,
        "has the table \"release\" otherwise than this program made it");
}

/* What is planted in a new journal, and how that is refused; NULL: it may
 * be. */
static const struct {
    const char *sql, *words;
} planted[] = {
    {"CREATE INDEX x ON release (reply)",
        "has an index \"x\" that this program did not make"},
    {"CREATE TRIGGER t AFTER INSERT ON release BEGIN"
     " DELETE FROM release; END",
        "has a trigger \"t\" that this program did not make"},
    {"CREATE VIEW v AS SELECT 1", "has a view \"v\" that"},
    {"CREATE TABLE zz (x)", "has a table \"zz\" that"},
    {"CREATE TABLE \"\x1b[31m\" (x)", "has a table \"\\x1B[31m\" that"},
    {"ALTER TABLE run ADD COLUMN y TEXT AS (hex(summary))",
        "has the table \"run\" otherwise"},
    {"ALTER TABLE cursor ADD COLUMN y TEXT CHECK (y > 0)",
        "has the table \"cursor\" otherwise"},
    {"DROP INDEX release_run", "lacks the index \"release_run\""},
    {"DROP TABLE conflict", "lacks the table \"conflict\""},
    {"DROP INDEX release_run;"
     "CREATE INDEX release_run ON release (run DESC)",
        "has the index \"release_run\" otherwise"},
    {"DROP TABLE meta; CREATE TABLE meta (id, host, created_at)",
        "has the table \"meta\" otherwise"},
    {"CREATE INDEX release_code ON release (code COLLATE NOCASE)",
        "has an index \"release_code\" that"},
    {"CREATE INDEX release_code ON release (code)", NULL},
    {"ANALYZE", NULL},
};

static void refuses_what_was_planted(void **state)
{
    struct rig *rig = *state;

    for (size_t i = 0; i < sizeof planted / sizeof *planted; i++) {
        unlink(rig->path);
        unlink(rig_beside(rig, ".notes"));
        rig_make(rig);
        rig_sql(rig, planted[i].sql);
        if (planted[i].words)
            refuse(rig, ERROR_USAGE, planted[i].words);
        else
            journal_close(rig_open(rig));
    }
}

static void refuses_a_damaged_file(void **state)
{
    struct rig *rig = *state;
    char rubbish[4096];
    int fd;

    rig_make(rig);
    memset(rubbish, 0x5a, sizeof rubbish);
    fd = open(rig->path, O_WRONLY);
    assert_int_equal(pwrite(fd, rubbish, 3996, 100), 3996);
    close(fd);
    refuse(rig, ERROR_DISK, "is damaged");
}

static void one_run_at_a_time(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_holder holder;
    struct error err;
    char words[80];

    snprintf(words, sizeof words, "(process %ld, release.lua) still holds",
        (long)getpid());
    refuse(rig, ERROR_HELD, words);
    refuse(rig, ERROR_HELD, "This one did nothing.");
    assert_true(journal_holder(rig->path, &holder));
    assert_int_equal(holder.process, getpid());
    assert_string_equal(holder.script, "release.lua");
    assert_true(holder.started_at > 1700000000000);

    assert_int_equal(symlink(rig->path, rig_beside(rig, ".link")), 0);
    assert_null(rig_try(rig_beside(rig, ".link"), NULL, &err));
    assert_int_equal(err.kind, ERROR_HELD);

    journal_close(journal);
    journal = rig_try(rig_beside(rig, ".link"), NULL, &err);
    assert_non_null(journal);
    refuse(rig, ERROR_HELD, "still holds");
    journal_close(journal);
    assert_false(rig_exists(rig, ".link.lock"));
}

static void a_lock_file_of_rubbish_is_only_text(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_holder holder;

    write_file(rig_beside(rig, ".lock"), "process \x1b[31m", 12);
    refuse(rig, ERROR_HELD, "another run still holds the journal");
    assert_true(journal_holder(rig->path, &holder)); // the kernel knows it
    assert_int_equal(holder.process, getpid());
    assert_string_equal(holder.script, "");
    journal_close(journal);
}

/* Its lock file is gone, and a new one is free. */
static void the_journal_itself_is_locked(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_holder holder;
    struct error err;

    unlink(rig_beside(rig, ".lock"));
    refuse(rig, ERROR_HELD, "though its lock file was taken away");
    assert_true(journal_holder(rig->path, &holder));
    assert_int_equal(holder.process, getpid());
    assert_false(journal_end_run(journal, "", 0, &err));
    assert_int_equal(err.kind, ERROR_DISK);
    assert_non_null(strstr(err.text, ".lock was replaced by another file"));
    journal_close(journal);
    journal_close(rig_open(rig));
}

/* What was written last is in no file that the next run could find. */
static void a_log_that_was_cut_is_not_forgotten(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_ask(JOURNAL_ADMIT, 2, "B", true);

    rig_admit(journal, 1, "A");
    assert_int_equal(truncate(rig_beside(rig, "-wal"), 0), 0);
    rig_do(journal, &op);
    assert_true(op.failed);
    journal_close(journal);
    refuse(rig, ERROR_USAGE, "");
}

/* It is in the open file, and goes into the journal. */
static void a_log_that_was_removed_is_saved(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_ask(JOURNAL_ADMIT, 2, "B", true);

    rig_admit(journal, 1, "A");
    unlink(rig_beside(rig, "-wal"));
    rig_do(journal, &op);
    assert_true(op.failed);
    journal_close(journal);
    journal = rig_open(rig);
    assert_true(rig_find(journal, 1).found && rig_find(journal, 2).found);
    journal_close(journal);
}

static void says_when_the_other_began(void **state)
{
    static const char text[] =
        "process 4711\nstarted 1763777647123\nscript night.lua\n";
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);

    setenv("TZ", "XYZ-3", 1);
    tzset();
    write_file(rig_beside(rig, ".lock"), text, sizeof text - 1);
    refuse(rig, ERROR_HELD,
        "the run that started at 2025-11-22 05:14:07 (process 4711, "
        "night.lua) still holds the journal");
    unsetenv("TZ");
    tzset();
    journal_close(journal);
}

static void knows_network_disks_and_full_ones(void **state)
{
    struct error err;

    (void)state;
    assert_string_equal(place_network(0x6969), "NFS");
    assert_string_equal(place_network(0xff534d42), "CIFS");
    assert_null(place_network(0xef53));
    assert_true(place_enough(UINT64_C(64) << 20, &err));
    assert_false(place_enough((UINT64_C(4) << 20) - 1, &err));
    assert_int_equal(err.kind, ERROR_DISK);
    assert_string_equal(err.text,
        "only 3 MiB are left on the journal's disk; it needs 64. Nothing was "
        "sent. Free some space; the next run goes on by itself.");
}

static void usual_release(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_ask(JOURNAL_ADMIT, 46761, "SO-1/10", true);
    struct journal_row row;

    assert_int_equal(journal_run(journal), 1);
    rig_do(journal, &op);
    assert_false(op.failed || op.found);
    row = rig_find(journal, 46761).row;
    assert_int_equal(row.state, JOURNAL_SENDING);
    assert_int_equal(row.attempts, 1);
    assert_int_equal(row.applied_stock, -1);
    assert_false(row.mapping.known);

    rig_end(journal, 46761, JOURNAL_CONFIRMED);
    op = rig_ask(JOURNAL_ADMIT, 46761, "other", false);
    rig_do(journal, &op);
    assert_true(op.found);
    row = op.row;
    assert_int_equal(row.order_item_id, 46761);
    assert_string_equal(row.code, "SO-1/10");
    assert_int_equal(row.state, JOURNAL_CONFIRMED);
    assert_int_equal(row.applied_stock, 1);
    assert_int_equal(row.http_status, 201);
    assert_true(row.mapping.known);
    assert_int_equal(row.mapping.pk, 53761);
    assert_int_equal(row.mapping.content_type, 21);
    assert_string_equal(row.mapping.integration_type, "orderitem");
    assert_string_equal(row.message, "words");
    assert_int_equal(row.run, 1);
    assert_true(row.last_at >= row.first_at && row.first_at > 0);
    journal_close(journal);
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM attempt"), "0");
    assert_false(rig_exists(rig, "-wal"));
}

static void again_keeps_the_attempt_before(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_ask(JOURNAL_AGAIN, 5, "B", false);
    struct journal_row row;

    rig_admit(journal, 5, "A");
    rig_end(journal, 5, JOURNAL_REJECTED);
    op.note = "the code was A";
    op.ask.source = NULL;
    rig_do(journal, &op);
    assert_false(op.failed);
    row = rig_find(journal, 5).row;
    assert_string_equal(row.code, "B");
    assert_int_equal(row.state, JOURNAL_SENDING);
    assert_int_equal(row.attempts, 2);
    assert_int_equal(row.http_status, 0);
    assert_string_equal(row.message, "");
    journal_close(journal);
    assert_string_equal(
        rig_get(rig,
            "SELECT group_concat(n || code || update_stock || http_status"
            " || outcome || reply) FROM attempt"),
        "1A1400refused{\"pk\":7}");
    assert_string_equal(
        rig_get(rig, "SELECT who || ':' || what || ':' || note FROM audit"),
        "omnitron:sent again:the code was A");
    assert_string_equal(
        rig_get(rig, "SELECT source FROM release"), "lines.csv:812");
}

static void keep_makes_or_takes(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op fresh = rig_ask(JOURNAL_KEEP, 6, "A", true);
    struct journal_op mended = rig_ask(JOURNAL_KEEP, 7, "B", true);
    struct journal_op again = rig_ask(JOURNAL_AGAIN, 7, "C", true);
    struct journal_row row;

    rig_do(journal, &fresh);
    row = rig_find(journal, 6).row;
    assert_int_equal(row.state, JOURNAL_PENDING);
    assert_int_equal(row.attempts, 0);

    rig_admit(journal, 7, "A");
    rig_end(journal, 7, JOURNAL_REJECTED);
    mended.note = "was A";
    rig_do(journal, &mended);
    row = rig_find(journal, 7).row;
    assert_int_equal(row.state, JOURNAL_PENDING);
    assert_string_equal(row.code, "B");
    assert_int_equal(row.attempts, 1);
    rig_do(journal, &again);
    assert_int_equal(rig_find(journal, 7).row.attempts, 2);
    again = rig_ask(JOURNAL_AGAIN, 6, "A", true);
    rig_do(journal, &again);
    assert_false(again.failed);
    assert_int_equal(rig_find(journal, 6).row.attempts, 1);
    journal_close(journal);
    /* the attempt was made with A, whatever the row says since */
    assert_string_equal(
        rig_get(rig,
            "SELECT group_concat(order_item_id || n || code) FROM attempt"),
        "71A");
    assert_string_equal(
        rig_get(rig, "SELECT what FROM audit"), "kept as pending");
}

static void a_mapping_stays_until_there_is_another(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_ask(JOURNAL_ADMIT, 8, "A", false);
    struct journal_row row;

    rig_do(journal, &op);
    op = rig_outcome(8, JOURNAL_CONFIRMED);
    op.outcome.update_stock = false;
    rig_do(journal, &op);
    op = rig_ask(JOURNAL_AGAIN, 8, "A", true);
    rig_do(journal, &op);
    row = rig_find(journal, 8).row;
    assert_true(row.update_stock);
    assert_int_equal(row.applied_stock, 0);
    op = rig_outcome(8, JOURNAL_REJECTED);
    op.outcome.state = JOURNAL_CONFIRMED;
    op.outcome.update_stock = false;
    rig_do(journal, &op);
    row = rig_find(journal, 8).row;
    assert_int_equal(row.state, JOURNAL_CONFIRMED);
    assert_false(row.update_stock);
    assert_int_equal(row.applied_stock, 0);
    assert_int_equal(row.mapping.pk, 7008);
    op = rig_ask(JOURNAL_AGAIN, 8, "A", true);
    rig_do(journal, &op);
    rig_end(journal, 8, JOURNAL_UNKNOWN);
    assert_int_equal(rig_find(journal, 8).row.applied_stock, 0);
    journal_close(journal);
    /* what the attempt asked for, not what the row went back to */
    assert_string_equal(
        rig_get(rig, "SELECT group_concat(update_stock) FROM attempt"), "0,1");
}

static void counts_everything(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op ops[6];
    struct journal_counts counts;
    struct error err;
    size_t i;

    rig_admit(journal, 1, "same");
    rig_admit(journal, 2, "same");
    rig_admit(journal, 3, "C");
    rig_end(journal, 1, JOURNAL_CONFIRMED);
    rig_end(journal, 2, JOURNAL_UNKNOWN);
    rig_end(journal, 3, JOURNAL_REJECTED);
    ops[0] = rig_ask(JOURNAL_KEEP, 4, "D", true);
    ops[1] = rig_ask(JOURNAL_CONFLICT, 1, "X", true);
    ops[2] = ops[1];
    ops[3] = rig_ask(JOURNAL_CONFLICT, 1, "X", false);
    ops[4] = rig_ask(JOURNAL_ADMIT, 5, "E", true);
    ops[5] = rig_ask(JOURNAL_KEEP, 6, "F", true);
    for (i = 0; i < 6; i++)
        journal_submit(journal, &ops[i]);
    /* counting waits for what was only submitted */
    atomic_store(&slow_ms, 50);
    if (!journal_count(journal, &counts, &err))
        rig_fail(&err);
    atomic_store(&slow_ms, 0);
    assert_ptr_equal(journal_collect(journal), &ops[0]);
    assert_int_equal(journal_under_way(journal), 0);
    assert_int_equal(counts.by_state[JOURNAL_PENDING], 2);
    assert_int_equal(counts.by_state[JOURNAL_SENDING], 1);
    assert_int_equal(counts.by_state[JOURNAL_CONFIRMED], 1);
    assert_int_equal(counts.by_state[JOURNAL_REJECTED], 1);
    assert_int_equal(counts.by_state[JOURNAL_UNKNOWN], 1);
    assert_int_equal(counts.by_state[JOURNAL_CANCELLED], 0);
    assert_int_equal(counts.conflicts, 2);
    assert_int_equal(counts.repeated_codes, 1);
    journal_close(journal);
}

static void remembers(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = {.kind = JOURNAL_RECALL, .key = "since"};

    rig_do(journal, &op);
    assert_false(op.failed || op.found);
    op.kind = JOURNAL_REMEMBER;
    assert_true(buf_puts(&op.text, "first"));
    rig_do(journal, &op);
    buf_clear(&op.text);
    assert_true(buf_add(&op.text, "a\0b", 3));
    rig_do(journal, &op);
    buf_clear(&op.text);
    journal_close(journal);

    journal = rig_open(rig);
    op.kind = JOURNAL_RECALL;
    rig_do(journal, &op);
    assert_true(op.found);
    assert_int_equal(op.text.len, 3);
    assert_memory_equal(op.text.data, "a\0b", 4);
    buf_free(&op.text);
    journal_close(journal);
}

static void a_run_has_a_row(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct error err;

    if (!journal_end_run(journal, "{\"rows\":0}", 3, &err))
        rig_fail(&err);
    journal_close(journal);
    journal = rig_open(rig);
    assert_int_equal(journal_run(journal), 2);
    journal_close(journal);
    assert_string_equal(
        rig_get(rig, "SELECT script || host || exit || summary ||"
                     " (ended_at >= started_at) FROM run WHERE id = 1"),
        "release.luahttps://acme.omnitron.net3{\"rows\":0}1");
}

static void order_is_kept(void **state)
{
    enum { N = 500 };
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op *ops = calloc(N, sizeof *ops), *op;
    size_t i, n = 0;

    for (i = 0; i < N; i++) {
        ops[i] = rig_ask(JOURNAL_ADMIT, (int64_t)(i / 2) + 1, "A", true);
        journal_submit(journal, &ops[i]);
        if (i % 7 == 0)
            journal_flush(journal);
    }
    assert_int_equal(journal_waiting(journal) + journal_under_way(journal), N);
    op = rig_settle(journal);
    for (; op; op = op->next, n++) {
        assert_ptr_equal(op, &ops[n]);
        /* the second of a pair sees what the first has just written */
        assert_int_equal(op->found, n % 2);
        assert_false(op->failed);
    }
    assert_int_equal(n, N);
    assert_int_equal(journal_waiting(journal), 0);
    journal_close(journal);
    free(ops);
}

static void wake(void *arg)
{
    atomic_fetch_add((atomic_int *)arg, 1);
}

static void wakes_when_the_first_is_done(void **state)
{
    atomic_int woken = 0;
    struct journal_options options = {
        .host = "mock", .wake = wake, .wake_arg = &woken};
    struct journal_op a = rig_ask(JOURNAL_ADMIT, 1, "A", true);
    struct journal_op b = rig_ask(JOURNAL_ADMIT, 2, "B", true);
    struct error err;
    struct journal *journal = journal_open(&options, &err);

    (void)state;
    assert_non_null(journal);
    journal_submit(journal, &a);
    journal_flush(journal);
    while (atomic_load(&woken) == 0)
        poll(NULL, 0, 1);
    /* nobody has collected: the first wake still stands */
    journal_submit(journal, &b);
    journal_flush(journal);
    poll(NULL, 0, 50);
    assert_int_equal(atomic_load(&woken), 1);
    assert_ptr_equal(journal_collect(journal), &a);
    assert_ptr_equal(a.next, &b);
    assert_null(journal_collect(journal));
    journal_close(journal);
}

static void one_in_memory_needs_no_file(void **state)
{
    struct journal_options options = {.host = "mock", .script = "a.lua"};
    struct error err;
    struct journal *journal = journal_open(&options, &err);
    struct journal *other = journal_open(&options, &err);

    (void)state;
    assert_non_null(journal);
    assert_non_null(other);
    rig_admit(journal, 1, "A");
    rig_admit(other, 1, "B");
    rig_end(journal, 1, JOURNAL_CONFIRMED);
    assert_string_equal(rig_find(journal, 1).row.code, "A");
    journal_close(journal);
    journal_close(other);
    journal_close(NULL);
}

static size_t slurp(const char *path, char **bytes)
{
    struct stat st;
    FILE *file = fopen(path, "r");
    size_t len;

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &st), 0);
    *bytes = malloc((size_t)st.st_size + 1);
    len = fread(*bytes, 1, (size_t)st.st_size, file);
    fclose(file);
    return len;
}

static void looking_writes_nothing(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_ask(JOURNAL_ADMIT, 1, "A", true);
    struct journal_op recall = {.kind = JOURNAL_RECALL, .key = "none"};
    char *before, *after;
    size_t len;

    rig_admit(journal, 1, "A");
    len = slurp(rig_beside(rig, "-wal"), &before);
    assert_true(len > 0);
    rig_find(journal, 1);
    rig_do(journal, &op);
    assert_true(op.found);
    rig_do(journal, &recall);
    assert_int_equal(slurp(rig_beside(rig, "-wal"), &after), len);
    assert_memory_equal(before, after, len);
    free(before);
    free(after);
    journal_close(journal);
}

/* What one group costs: one sync if it writes, none if it only looks. */
static void a_group_is_one_sync(void **state)
{
    enum { N = 20 };
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op ops[N];
    int before, i;

    rig_admit(journal, 1, "A");
    before = atomic_load(&syncs);
    for (i = 0; i < N; i++) {
        ops[i] = rig_ask(JOURNAL_ADMIT, 10 + i, "A", true);
        journal_submit(journal, &ops[i]);
    }
    rig_settle(journal);
    assert_int_equal(atomic_load(&syncs) - before, 1);
    for (i = 0; i < N; i++)
        journal_submit(journal, &ops[i]);
    rig_settle(journal);
    assert_true(ops[0].found);
    assert_int_equal(atomic_load(&syncs) - before, 1);
    journal_close(journal);
}

static void the_log_does_not_grow(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    char code[20];
    struct stat st;
    int i;

    for (i = 1; i <= 1500; i++) {
        snprintf(code, sizeof code, "SO-%d", i);
        rig_admit(journal, i, code);
    }
    assert_int_equal(stat(rig_beside(rig, "-wal"), &st), 0);
    assert_true(st.st_size > 0);
    assert_true(st.st_size <= 1100 * (4096 + 24) + 32);
    journal_close(journal);
}

static void says_that_it_is_the_journal(char *line, bool *named)
{
    DIR *dir = opendir("/proc/self/task");
    struct dirent *entry;
    char path[300], comm[32];
    FILE *file;

    while (dir && (entry = readdir(dir))) {
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
        file = fopen(path, "r");
        if (!file)
            continue;
        *named =
            fgets(comm, sizeof comm, file) && strcmp(comm, "journal\n") == 0;
        fclose(file);
        if (!*named)
            continue;
        snprintf(path, sizeof path, "/proc/self/task/%s/status", entry->d_name);
        file = fopen(path, "r");
        while (file && fgets(line, 100, file)) {
            if (strncmp(line, "SigBlk:", 7) == 0)
                break;
        }
        if (file)
            fclose(file);
        break;
    }
    closedir(dir);
}

static void signals_are_not_its_business(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    unsigned long long blocked,
        wanted = 1ull << (SIGTERM - 1) | 1ull << (SIGINT - 1) |
                 1ull << (SIGALRM - 1) | 1ull << (SIGCHLD - 1);
    char line[100] = "";
    bool named = false;
    sigset_t mine;

    rig_admit(journal, 1, "A"); // so that it surely runs
    says_that_it_is_the_journal(line, &named);
    assert_true(named);
    assert_int_equal(sscanf(line, "SigBlk: %llx", &blocked), 1);
    assert_true((blocked & wanted) == wanted);
    pthread_sigmask(SIG_SETMASK, NULL, &mine);
    assert_false(sigismember(&mine, SIGTERM));
    journal_close(journal);
}

/* Once it has failed, it has failed for good, and what was in the failed
 * transaction is not there. */
static void check_failed(struct journal *journal)
{
    struct journal_op op = rig_ask(JOURNAL_ADMIT, 900, "Z", true);
    struct journal_op find = {.kind = JOURNAL_FIND};
    struct journal_counts counts;
    struct error err = {0};

    assert_true(journal_failed(journal, &err));
    assert_int_equal(err.kind, ERROR_DISK);
    rig_do(journal, &op);
    assert_true(op.failed);
    rig_do(journal, &find);
    assert_true(find.failed);
    err.kind = ERROR_OTHER;
    assert_false(journal_count(journal, &counts, &err));
    assert_int_equal(err.kind, ERROR_DISK);
    assert_false(journal_end_run(journal, "{}", 7, &err));
}

static void a_lost_table_ends_it(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op ops[3] = {
        rig_ask(JOURNAL_ADMIT, 2, "B", true),
        rig_ask(JOURNAL_CONFLICT, 1, "X", true),
        rig_ask(JOURNAL_ADMIT, 3, "C", true),
    };
    struct error err;
    int i;

    rig_admit(journal, 1, "A");
    assert_false(journal_failed(journal, &err));
    rig_sql(rig, "DROP TABLE conflict");
    for (i = 0; i < 3; i++)
        journal_submit(journal, &ops[i]);
    assert_ptr_equal(rig_settle(journal), &ops[0]);
    for (i = 0; i < 3; i++)
        assert_true(ops[i].failed && !ops[i].found);
    check_failed(journal);
    rig_sql(rig, "CREATE TABLE conflict (x)"); // mended too late
    check_failed(journal);
    journal_close(journal);
    assert_string_equal(
        rig_get(rig, "SELECT group_concat(order_item_id) FROM release"), "1");
}

static void a_lost_row_ends_it(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_outcome(77, JOURNAL_CONFIRMED);

    rig_do(journal, &op);
    assert_true(op.failed);
    check_failed(journal);
    journal_close(journal);
}

/* The next sync would succeed and prove nothing. */
static void a_failed_sync_ends_it(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_ask(JOURNAL_ADMIT, 2, "B", true);
    struct error err;
    int before;

    rig_admit(journal, 1, "A");
    atomic_store(&failing_sync, atomic_load(&syncs) + 1);
    rig_do(journal, &op);
    assert_true(op.failed);
    assert_true(journal_failed(journal, &err));
    assert_non_null(strstr(err.text, "Input/output error"));
    before = atomic_load(&syncs);
    check_failed(journal);
    journal_close(journal);
    assert_int_equal(atomic_load(&syncs), before);
    assert_true(rig_exists(rig, "-wal"));
}

/* The group came back before: it is durable. What comes after does not. */
static void a_failed_checkpoint_ends_it(void **state)
{
    enum { N = 1200 };
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op *ops = calloc(N, sizeof *ops);
    struct journal_counts counts;
    char many[4001] = "";
    struct error err;
    int i;

    rig_admit(journal, 1, "A");
    memset(many, 'x', sizeof many - 1);
    for (i = 0; i < N; i++) {
        ops[i] = rig_ask(JOURNAL_ADMIT, 1000 + i, "B", true);
        ops[i].ask.seen = many;
        journal_submit(journal, &ops[i]);
    }
    atomic_store(&failing_sync, atomic_load(&syncs) + 2);
    rig_settle(journal);
    for (i = 0; i < N; i++)
        assert_false(ops[i].failed);
    assert_false(journal_count(journal, &counts, &err));
    check_failed(journal);
    journal_close(journal);
    free(ops);
    journal = rig_open(rig);
    assert_int_equal(rig_unknown(journal), N + 1);
    journal_close(journal);
}

static void a_full_disk_ends_it(void **state)
{
    enum { N = 400 };
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct rlimit before, tight;
    struct journal_op *ops = calloc(N, sizeof *ops), *op;
    char many[2001] = "";
    struct error err;
    int i;

    rig_admit(journal, 1, "A");
    memset(many, 'x', sizeof many - 1);
    getrlimit(RLIMIT_FSIZE, &before);
    tight = before;
    tight.rlim_cur = 200000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tight);
    for (i = 0; i < N; i++) {
        ops[i] = rig_ask(JOURNAL_ADMIT, 1000 + i, "B", true);
        ops[i].ask.seen = many;
        journal_submit(journal, &ops[i]);
    }
    for (op = rig_settle(journal); op; op = op->next)
        assert_true(op->failed);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    check_failed(journal);
    assert_true(journal_failed(journal, &err));
    assert_non_null(strstr(err.text, rig->path));
    journal_close(journal);
    free(ops);

    journal = rig_open(rig);
    assert_int_equal(rig_unknown(journal), 1);
    assert_false(rig_find(journal, 1000).found);
    assert_int_equal(rig_find(journal, 1).row.state, JOURNAL_UNKNOWN);
    journal_close(journal);
    assert_string_equal(rig_get(rig, "PRAGMA integrity_check"), "ok");
}

static void spoil(struct rig *rig, const char *sql)
{
    char text[300];

    snprintf(
        text, sizeof text, "PRAGMA ignore_check_constraints = ON; %s", sql);
    rig_sql(rig, text);
}

static void a_row_that_can_be_none_ends_it(void **state)
{
    static const char *const spoils[] = {
        "UPDATE release SET state = 'sent'",
        "UPDATE release SET code = printf('%.*c', 256, 'x')",
        "UPDATE release SET code = ''",
        "UPDATE release SET code = CAST(x'410042' AS TEXT)",
    };
    struct rig *rig = *state;
    size_t i;

    for (i = 0; i < sizeof spoils / sizeof spoils[0]; i++) {
        struct journal_op op = rig_ask(JOURNAL_FIND, 1, NULL, false);
        struct journal *journal = rig_new(rig);

        rig_admit(journal, 1, "A");
        journal_close(journal);
        spoil(rig, spoils[i]);
        journal = rig_open(rig);
        rig_do(journal, &op);
        assert_true(op.failed && !op.found);
        check_failed(journal);
        journal_close(journal);
        unlink(rig->path);
        unlink(rig_beside(rig, "-wal"));
        unlink(rig_beside(rig, "-shm"));
        unlink(rig_beside(rig, ".notes"));
    }
}

static void long_words_are_cut_between_characters(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_outcome(1, JOURNAL_REJECTED);
    char words[1000];
    struct journal_row row;
    size_t i;

    words[0] = 'x';
    for (i = 1; i + 2 < sizeof words; i += 2)
        memcpy(words + i, "\xc3\xa7", 3);
    rig_admit(journal, 1, "A");
    op.outcome.message = words;
    rig_do(journal, &op);
    row = rig_find(journal, 1).row;
    assert_int_equal(strlen(row.message), 511);
    journal_close(journal);
    spoil(rig, "UPDATE release SET message = printf('%.*c', 3000000, 'x')");
    journal = rig_open(rig);
    assert_int_equal(strlen(rig_find(journal, 1).row.message), 511);
    journal_close(journal);
}

static void a_code_that_is_none_is_not_written(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_ask(JOURNAL_ADMIT, 1, "", true);

    rig_do(journal, &op);
    assert_true(op.failed);
    check_failed(journal);
    journal_close(journal);
}

/* Writes pairs for ever and tells through the pipe what is durable. */
static void write_until_killed(const struct rig *rig, int out)
{
    struct journal *journal = rig_open(rig);
    struct journal_op intents[16], ends[16];
    int64_t item = 1;
    int i;

    for (;;) {
        for (i = 0; i < 16; i++) {
            intents[i] = rig_ask(JOURNAL_ADMIT, item + i, "K", true);
            journal_submit(journal, &intents[i]);
        }
        rig_settle(journal);
        for (i = 0; i < 8; i++) {
            ends[i] = rig_outcome(item + i, JOURNAL_CONFIRMED);
            journal_submit(journal, &ends[i]);
        }
        rig_settle(journal);
        if (write(out, &item, sizeof item) != sizeof item)
            _exit(1);
        item += 16;
    }
}

static int64_t kill_a_writer(const struct rig *rig, int ms)
{
    int64_t item, last = 0;
    int pipes[2];
    pid_t child;

    assert_int_equal(pipe(pipes), 0);
    child = rig_fork();
    if (child == 0) {
        close(pipes[0]);
        write_until_killed(rig, pipes[1]);
    }
    close(pipes[1]);
    assert_int_equal(read(pipes[0], &last, sizeof last), sizeof last);
    poll(NULL, 0, ms);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(pipes[0], &item, sizeof item) == sizeof item)
        last = item;
    close(pipes[0]);
    return last;
}

static void check_after_kill(struct journal *journal, int64_t last)
{
    int64_t item;

    for (item = 1; item < last + 16; item++) {
        struct journal_op op = rig_find(journal, item);

        assert_true(op.found);
        assert_int_equal(op.row.state,
            (item - 1) % 16 < 8 ? JOURNAL_CONFIRMED : JOURNAL_UNKNOWN);
    }
}

static void a_kill_loses_nothing(void **state)
{
    struct rig *rig = *state;
    struct journal_counts counts;
    struct journal *journal;
    struct error err;
    char orphans[30];
    int64_t last;
    int round;

    for (round = 0; round < 4; round++) {
        rig_make(rig);
        last = kill_a_writer(rig, round * 17);
        journal = rig_open(rig);
        int64_t unknown = rig_unknown(journal);
        assert_true(unknown >= (last + 15) / 2);
        check_after_kill(journal, last);
        assert_true(journal_count(journal, &counts, &err));
        assert_int_equal(counts.by_state[JOURNAL_SENDING], 0);
        assert_int_equal(counts.by_state[JOURNAL_UNKNOWN], unknown);
        snprintf(orphans, sizeof orphans, "%lld", (long long)unknown);
        journal_close(journal);
        assert_string_equal(
            rig_get(rig, "SELECT count(DISTINCT order_item_id) FROM audit"
                         " WHERE who = 'omnitron' AND what = 'found sending'"),
            orphans);
        assert_string_equal(rig_get(rig, "PRAGMA integrity_check"), "ok");
        unlink(rig->path);
        unlink(rig_beside(rig, ".notes"));
    }
}

static void closing_finishes_what_was_handed_over(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op ops[50];
    int i;

    for (i = 0; i < 50; i++) {
        ops[i] = rig_ask(JOURNAL_ADMIT, 1 + i, "A", true);
        journal_submit(journal, &ops[i]);
    }
    journal_flush(journal);
    journal_close(journal);
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM release"), "50");
}

static void states_have_names(void **state)
{
    enum journal_state found;
    int i;

    (void)state;
    for (i = 0; i < JOURNAL_STATES; i++) {
        assert_true(journal_state_read(
            journal_state_name((enum journal_state)i), &found));
        assert_int_equal(found, i);
    }
    assert_false(journal_state_read("sent", &found));
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(makes_a_private_file_once),
        TEST(makes_nothing_over_a_dangling_link),
        TEST(leaves_nothing_when_making_fails),
        TEST(never_makes_one_by_itself),
        TEST(refuses_what_is_not_ours),
        TEST(refuses_a_newer_one_by_its_version),
        TEST(refuses_a_second_name),
        TEST(refuses_another_host),
        TEST(refuses_a_changed_schema),
        TEST(refuses_what_was_planted),
        TEST(refuses_a_damaged_file),
        TEST(one_run_at_a_time),
        TEST(a_lock_file_of_rubbish_is_only_text),
        TEST(the_journal_itself_is_locked),
        TEST(a_log_that_was_cut_is_not_forgotten),
        TEST(a_log_that_was_removed_is_saved),
        TEST(says_when_the_other_began),
        TEST(knows_network_disks_and_full_ones),
        TEST(usual_release),
        TEST(again_keeps_the_attempt_before),
        TEST(keep_makes_or_takes),
        TEST(a_mapping_stays_until_there_is_another),
        TEST(counts_everything),
        TEST(remembers),
        TEST(a_run_has_a_row),
        TEST(order_is_kept),
        TEST(wakes_when_the_first_is_done),
        TEST(one_in_memory_needs_no_file),
        TEST(looking_writes_nothing),
        TEST(a_group_is_one_sync),
        TEST(the_log_does_not_grow),
        TEST(signals_are_not_its_business),
        TEST(a_lost_table_ends_it),
        TEST(a_lost_row_ends_it),
        TEST(a_failed_sync_ends_it),
        TEST(a_failed_checkpoint_ends_it),
        TEST(a_full_disk_ends_it),
        TEST(a_row_that_can_be_none_ends_it),
        TEST(long_words_are_cut_between_characters),
        TEST(a_code_that_is_none_is_not_written),
        TEST(a_kill_loses_nothing),
        TEST(closing_finishes_what_was_handed_over),
        TEST(states_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
