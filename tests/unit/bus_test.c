/* A -shm that is cut short while it is mapped: who has the journal open ends
 * its use in order; any other SIGBUS is the end. */
#include "history/reader.h"
#include "journal/bus.h"
#include "journal_rig.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* cmocka puts a handler of its own in its place for each test. */
static struct journal *open_one(const struct rig *rig)
{
    bus_listen();
    return rig_new(rig);
}

static void cut(const struct rig *rig, const char *end)
{
    assert_int_equal(truncate(rig_beside(rig, end), 0), 0);
}

/* The operation is not on disk, and no later one is tried. */
static void a_run_ends_in_order(void **state)
{
    const struct rig *rig = *state;
    struct journal *journal = open_one(rig);
    struct journal_op op = rig_ask(JOURNAL_ADMIT, 2, "B", true);
    struct journal_counts counts;
    struct error err;

    rig_admit(journal, 1, "A");
    cut(rig, "-shm");
    for (int i = 0; i < 2; i++) {
        rig_do(journal, &op);
        assert_true(op.failed && !op.found);
        assert_true(journal_failed(journal, &err));
        assert_int_equal(err.kind, ERROR_DISK);
        assert_non_null(strstr(err.text, "-shm was cut short"));
    }
    assert_false(journal_count(journal, &counts, &err));
    assert_false(journal_end_run(journal, "", 0, &err));
    journal_close(journal);
}

/* What the caller's own thread does is met, too. */
static void the_end_of_a_run(void **state)
{
    const struct rig *rig = *state;
    struct journal *journal = open_one(rig);
    struct error err;

    rig_admit(journal, 1, "A");
    cut(rig, "-shm");
    assert_false(journal_end_run(journal, "", 0, &err));
    assert_int_equal(err.kind, ERROR_DISK);
    assert_non_null(strstr(err.text, "-shm was cut short"));
    assert_false(journal_may_send(journal));
    journal_close(journal);
}

static void closing(void **state)
{
    const struct rig *rig = *state;
    struct journal *journal = open_one(rig);

    rig_admit(journal, 1, "A");
    cut(rig, "-shm");
    journal_close(journal);
}

static bool take(const struct reader_row *row, void *arg)
{
    (void)row, (void)arg;
    return true;
}

struct looking {
    struct reader *reader;
    bool ended;
};

static void list(void *arg)
{
    struct looking *looking = arg;
    struct error ignored;

    (void)reader_list(looking->reader, NULL, take, NULL, &ignored);
    looking->ended = true;
}

/* A process of its own: who only looks ends with it. */
static void a_reader_is_left(void **state)
{
    const struct rig *rig = *state;
    struct journal *journal = open_one(rig);
    struct error err;
    int status;

    rig_admit(journal, 1, "A");
    if (rig_fork() == 0) {
        struct looking looking = {reader_open(rig->path, &err), false};

        if (looking.reader)
            list(&looking);
        cut(rig, "-shm");
        _exit(looking.ended && !bus_guard(list, &looking) ? 7 : 1);
    }
    assert_true(wait(&status) > 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
    journal_close(journal);
}

static void touch_a_file_of_ours(void *arg)
{
    const struct rig *rig = arg;
    int fd = open(rig->path, O_RDWR | O_CREAT, 0600);
    volatile char *at;

    if (ftruncate(fd, 4096) != 0)
        _exit(1);
    at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED || ftruncate(fd, 0) != 0)
        _exit(1);
    (void)*at;
}

static void send_it(void *arg)
{
    (void)arg;
    raise(SIGBUS);
}

/* Also inside a guard. */
static void any_other_is_the_end(void **state)
{
    static void (*const ways[])(void *arg) = {touch_a_file_of_ours, send_it};
    int status;

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (rig_fork() == 0) {
            signal(SIGBUS, SIG_DFL); // neither cmocka's nor a sanitizer's
            bus_listen();
            (void)bus_guard(ways[i], *state);
            _exit(0);
        }
        assert_true(wait(&status) > 0);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGBUS);
    }
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_run_ends_in_order),
        TEST(the_end_of_a_run),
        TEST(closing),
        TEST(a_reader_is_left),
        TEST(any_other_is_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
