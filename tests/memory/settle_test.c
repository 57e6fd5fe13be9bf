/* Each allocation of a settlement fails once: all of it is done or none, and
 * no block stays behind. Likewise of what looks at it and of the notes.
 *
 * Links its own six of base/mem.h in place of mem.c. */
#include "journal_sweep.h"

#include "delivery/logins.h"
#include "history/reader.h"
#include "history/settle.h"
#include "history/verify.h"

/* 1 is unknown, 2 was found sending, 3 is confirmed and in conflict. */
static void fill(const struct rig *rig)
{
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_ask(JOURNAL_CONFLICT, 3, "X", true);

    rig_admit(journal, 1, "A");
    rig_end(journal, 1, JOURNAL_UNKNOWN);
    rig_admit(journal, 2, "B");
    rig_admit(journal, 3, "C");
    rig_end(journal, 3, JOURNAL_CONFIRMED);
    rig_do(journal, &op);
    journal_close(journal);
}

static const char *states_of(const struct rig *rig)
{
    return rig_get(rig, "SELECT group_concat(state, ' ') || ' ' ||"
                        " (SELECT count(*) FROM audit) || ' ' ||"
                        " (SELECT count(*) FROM attempt) || ' ' ||"
                        " (SELECT count(*) FROM conflict) FROM release");
}

static const char before[] = "unknown sending confirmed 0 0 1";
static const char after[] = "confirmed confirmed confirmed 4 2 0";

/* Whether it was done. */
static bool settle_them(const struct rig *rig)
{
    static const int64_t items[] = {1, 2, 3};
    const struct settle_order order = {.what = SETTLE_DONE,
        .items = items,
        .count = 3,
        .who = "eva",
        .note = "seen"};
    struct settle_result result;
    struct error err = {0};
    bool ok = settle(rig->path, &order, &result, &err);

    if (!ok)
        assert_int_equal(err.kind, ERROR_MEMORY);
    return ok;
}

static bool settled(const struct rig *rig)
{
    bool ok = settle_them(rig);

    end_of_work();
    assert_string_equal(states_of(rig), ok ? after : before);
    assert_string_equal(rig_get(rig, "PRAGMA integrity_check"), "ok");
    if (ok) {
        unlink(rig->path);
        unlink(rig_beside(rig, ".notes"));
        fill(rig);
    }
    return ok;
}

static bool any_conflict(const struct reader_conflict *conflict, void *arg)
{
    (void)conflict;
    (void)arg;
    return true;
}

static bool looked(const struct rig *rig)
{
    struct verify_report report;
    struct error err = {0};
    struct buf host = {0};
    bool ok = verify(rig->path, &report, &err);
    struct reader *reader = ok ? reader_open(rig->path, &err) : NULL;

    if (ok)
        assert_int_equal(report.faults, 0);
    ok = reader && reader_conflicts(reader, any_conflict, NULL, &err) &&
         reader_host(reader, &host, &err);
    if (!ok)
        assert_int_equal(err.kind, ERROR_MEMORY);
    reader_close(reader);
    verify_fini(&report);
    buf_free(&host);
    end_of_work();
    return ok;
}

static bool noted(const struct rig *rig)
{
    struct sidecar *notes = sidecar_open(rig->path);
    int64_t next;

    if (!notes) {
        end_of_work();
        return false;
    }
    (void)logins_allowed(notes, 1000, &next);
    logins_add(notes, 1000);
    (void)sidecar_write(notes, "said", "x");
    sidecar_close(notes);
    end_of_work();
    return true;
}

static void settles_all_or_none(void **state)
{
    fill(*state);
    sweep(*state, settled, 200, 1);
}

static void looks(void **state)
{
    fill(*state);
    sweep(*state, looked, 200, 1);
}

static void notes_are_best_effort(void **state)
{
    sweep(*state, noted, 5, 1);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(settles_all_or_none),
        TEST(looks),
        TEST(notes_are_best_effort),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
