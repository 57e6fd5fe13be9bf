/* Each allocation of a journal's life fails once, and then two in a row: an
 * error comes back or the work is done, nothing is lost that was reported as
 * durable, and no block stays behind.
 *
 * Links its own six of base/mem.h in place of mem.c. */
#include "../unit/journal_rig.h"
#include "journal/inputs.h"

#include "history/reader.h"
#include "mem_faults.h"

#include <malloc.h>
#include <stdatomic.h>

/* No machine stops here, so nothing has to reach the disk. */
int fsync(int fd)
{
    (void)fd;
    return 0;
}

int fdatasync(int fd)
{
    (void)fd;
    return 0;
}

enum { OPS = 8 };

static void prepare(struct journal_op ops[OPS])
{
    ops[0] = rig_ask(JOURNAL_ADMIT, 1, "A", true);
    ops[1] = rig_ask(JOURNAL_ADMIT, 1, "A", true);
    ops[2] = rig_outcome(1, JOURNAL_REJECTED);
    ops[3] = rig_ask(JOURNAL_AGAIN, 1, "B", true);
    ops[3].note = "mended";
    ops[4] = rig_ask(JOURNAL_KEEP, 2, "C", true);
    ops[5] = rig_ask(JOURNAL_CONFLICT, 1, "D", true);
    ops[6] = (struct journal_op){.kind = JOURNAL_REMEMBER, .key = "since"};
    ops[7] = (struct journal_op){.kind = JOURNAL_RECALL, .key = "since"};
}

/* How many of the operations are durable. */
static int write_all(struct journal *journal)
{
    struct journal_op ops[OPS];
    struct error err;
    int i, done = 0;

    prepare(ops);
    for (i = 0; i < OPS; i++) {
        journal_submit(journal, &ops[i]);
        rig_settle(journal);
        if (ops[i].failed) {
            assert_true(journal_failed(journal, &err));
            assert_int_equal(err.kind, ERROR_DISK);
        } else {
            assert_int_equal(done, i);
            done = i + 1;
        }
        buf_free(&ops[i].text);
    }
    return done;
}

static bool any_row(const struct reader_row *row, void *arg)
{
    (void)row;
    (void)arg;
    return true;
}

static bool any_attempt(const struct reader_attempt *attempt, void *arg)
{
    (void)attempt;
    (void)arg;
    return true;
}

static bool any_audit(const struct reader_audit *audit, void *arg)
{
    (void)audit;
    (void)arg;
    return true;
}

static bool any_conflict(const struct reader_conflict *conflict, void *arg)
{
    (void)conflict;
    (void)arg;
    return true;
}

static bool any_input(const struct reader_input *input, void *arg)
{
    (void)input;
    (void)arg;
    return true;
}

static bool any_run(const struct reader_run *run, void *arg)
{
    (void)run;
    (void)arg;
    return true;
}

static void find_all(struct reader *reader)
{
    struct error err = {0};
    struct buf items = {0};

    for (int way = READER_NAMED; way <= READER_BEGINS; way++)
        if (!reader_find(reader, "B-1", (enum reader_way)way, &items, &err))
            assert_int_equal(err.kind, ERROR_MEMORY);
    for (int in_row = 0; in_row < 2; in_row++)
        if (!reader_inputs(reader, "x", in_row, any_input, NULL, &err))
            assert_int_equal(err.kind, ERROR_MEMORY);
    if (!reader_run(reader, 0, any_run, NULL, &err) && err.text[0])
        assert_int_equal(err.kind, ERROR_MEMORY);
    buf_free(&items);
}

static void read_all(const struct rig *rig)
{
    const struct reader_story story = {
        any_row, any_attempt, any_audit, any_conflict, NULL};
    struct error err = {0};
    struct reader *reader = reader_open(rig->path, &err);

    if (!reader) {
        assert_true(err.text[0]);
        return;
    }
    if (!reader_list(reader, NULL, any_row, NULL, &err))
        assert_true(err.text[0]);
    if (!reader_show(reader, 1, &story, &err) && err.text[0])
        assert_int_equal(err.kind, ERROR_MEMORY);
    find_all(reader);
    reader_close(reader);
}

/* Nothing of what was no release is known to be kept. */
static struct inputs *note_inputs(struct journal *journal)
{
    const struct journal_input row = {
        "a:1", "x", "", "later", "not yet", "", "{\"a\":\"x\"}"};
    struct inputs *inputs = inputs_new(journal);

    if (!inputs)
        return NULL;
    if (inputs_wants(inputs, "later"))
        inputs_add(inputs, &row);
    inputs_submit(inputs);
    journal_flush(journal);
    return inputs;
}

/* -1: it did not come to writing. */
static int live(const struct rig *rig)
{
    struct journal_counts counts;
    struct journal *journal;
    struct error err = {0};
    struct inputs *inputs;
    int done;

    if (!journal_make(rig->path, &err)) {
        assert_true(err.text[0]);
        assert_int_equal(rig_names(rig), 0);
        return -1;
    }
    journal = rig_try(rig->path, "mock", &err);
    if (!journal) {
        assert_int_equal(err.kind, ERROR_MEMORY);
        return -1;
    }
    done = write_all(journal);
    inputs = note_inputs(journal);
    if (journal_count(journal, &counts, &err))
        journal_end_run(journal, "{}", 0, &err);
    journal_close(journal);
    inputs_free(inputs);
    read_all(rig);
    return done;
}

static void check_durable(const struct rig *rig, int done)
{
    static const char *const after[OPS + 1] = {"", "A1unknown", "A1unknown",
        "A1rejected", "B2unknown", "B2unknown,C0pending", "B2unknown,C0pending",
        "B2unknown,C0pending", "B2unknown,C0pending"};
    struct error err;
    struct journal *journal = rig_try(rig->path, "mock", &err);

    if (!journal)
        rig_fail(&err);
    journal_close(journal);
    assert_string_equal(
        rig_get(
            rig, "SELECT group_concat(code || attempts || state) FROM release"),
        after[done]);
    assert_string_equal(rig_get(rig, "PRAGMA integrity_check"), "ok");
}

static void remove_files(const struct rig *rig)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".notes"};
    size_t i;

    for (i = 0; i < sizeof ends / sizeof ends[0]; i++)
        unlink(rig_beside(rig, ends[i]));
}

static void sweep(const struct rig *rig, long at_once, long step)
{
    long first, before;
    int done = -1;

    alarm(0);
    live(rig);
    remove_files(rig);
    for (first = 1;; first += step) {
        before = atomic_load(&living);
        atomic_store(&calls, 0);
        atomic_store(&fail_count, at_once);
        atomic_store(&fail_at, first);
        done = live(rig);
        atomic_store(&fail_at, 0);
        assert_int_equal(atomic_load(&living), before);
        if (done >= 0)
            check_durable(rig, done);
        remove_files(rig);
        if (atomic_load(&calls) < first)
            break;
    }
    assert_int_equal(done, OPS);
    assert_true(first > 500);
}

/* Each failure costs some syncs: all of them are for the long form. */
static long short_form(long step)
{
    return getenv("OMNITRON_SOAK") ? 1 : step;
}

static void each_fails_once(void **state)
{
    sweep(*state, 1, short_form(5));
}

static void two_in_a_row(void **state)
{
    sweep(*state, 2, short_form(23));
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_fails_once),
        TEST(two_in_a_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
