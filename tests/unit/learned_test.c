/* What one run learned of a host's pace, read by the next. */
#include "journal_rig.h"

#include "delivery/learned.h"
#include "journal/sidecar.h"

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

enum { HOUR_MS = 3600 * 1000 };

static const int64_t now_ms = 1764000000000;

static void is(const struct rig *rig, int64_t at_ms, int window, double rate)
{
    struct governor_learned learned = {7, {7, 7, 7, true}};

    learned_read(rig->path, at_ms, &learned);
    assert_int_equal(learned.window, window);
    assert_true(learned.quota.per_second == rate);
}

static void the_next_run_reads_it(void **state)
{
    const struct rig *rig = *state;

    is(rig, now_ms, 0, 0);
    learned_write(rig->path, now_ms,
        &(struct governor_learned){64, {98.765432, 0, 0, false}});
    is(rig, now_ms, 64, 98.76543);
    is(rig, now_ms + 23 * HOUR_MS, 64, 98.76543);
    struct governor_learned all = {64, {98.765, 1.5, 4711, true}}, read;
    learned_write(rig->path, now_ms, &all);
    learned_read(rig->path, now_ms, &read);
    assert_true(read.quota.silence_s == 1.5 && read.quota.calm == 4711 &&
                read.quota.carries);
    learned_write(rig->path, now_ms + 1,
        &(struct governor_learned){12, {0, 0, 0, false}});
    is(rig, now_ms + 1, 12, 0);
}

/* A day later it says nothing, and neither does what is still to come. */
static void it_grows_old(void **state)
{
    const struct rig *rig = *state;

    learned_write(
        rig->path, now_ms, &(struct governor_learned){64, {100, 0, 0, false}});
    is(rig, now_ms + 24 * HOUR_MS - 1, 64, 100);
    is(rig, now_ms + 24 * HOUR_MS, 0, 0);
    is(rig, now_ms - 1, 0, 0);
}

static void what_others_wrote_is_not_believed(void **state)
{
    static const char *const texts[] = {"", "64", "64 100",
        "64 100 1763999999999", // of an earlier version
        "0 100 1 5 0 1763999999999", "65 100 1 5 0 1763999999999",
        "-1 100 1 5 0 1763999999999", "64 -1 1 5 0 1763999999999",
        "64 nan 1 5 0 1763999999999", "64 inf 1 5 0 1763999999999",
        "64 100001 1 5 0 1763999999999", "64 100 -1 5 0 1763999999999",
        "64 100 nan 5 0 1763999999999", "64 100 86401 5 0 1763999999999",
        "64 100 1 -5 0 1763999999999", "64 100 1 5 0 then",
        "x 100 1 5 0 1763999999999"};
    const struct rig *rig = *state;
    struct sidecar *notes = sidecar_open(rig->path);

    assert_non_null(notes);
    assert_true(sidecar_write(notes, "pace", "64 100 1 5 0 1763999999999"));
    is(rig, now_ms, 64, 100);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_true(sidecar_write(notes, "pace", texts[i]));
        is(rig, now_ms, 0, 0);
    }
    sidecar_close(notes);
}

static void without_a_journal_nothing_is_kept(void **state)
{
    struct governor_learned learned = {64, {100, 0, 0, false}};

    (void)state;
    learned_write(NULL, now_ms, &learned);
    learned_read(NULL, now_ms, &learned);
    assert_int_equal(learned.window, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_next_run_reads_it),
        TEST(it_grows_old),
        TEST(what_others_wrote_is_not_believed),
        TEST(without_a_journal_nothing_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
