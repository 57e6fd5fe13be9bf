/* Each allocation (one in four, but in the long form) of a pruning, of a backup
 * and of reading an older journal fails once: nothing that counts is lost, no
 * half a copy has the name, and no block stays behind.
 *
 * Links its own six of base/mem.h in place of mem.c. */
#include "journal_sweep.h"

#include "history/backup.h"
#include "history/prune.h"
#include "history/reader.h"
#include "history/verify.h"

/* Two closed and one open, each of long ago and with an earlier attempt. */
static void fill(const struct rig *rig)
{
    struct journal *journal = rig_new(rig);

    for (int item = 1; item <= 3; item++) {
        struct journal_op op = rig_ask(JOURNAL_AGAIN, item, "B", true);

        op.note = "again";
        rig_admit(journal, item, "A");
        rig_end(journal, item, JOURNAL_REJECTED);
        rig_do(journal, &op);
        rig_end(journal, item, item < 3 ? JOURNAL_CONFIRMED : JOURNAL_REJECTED);
    }
    journal_close(journal);
    rig_sql(rig, "UPDATE release SET last_at = 5; UPDATE audit SET at = 5");
}

static const char *left_in(const struct rig *rig)
{
    return rig_get(rig, "SELECT count(*) || ' ' || count(reply) || ' ' ||"
                        " (SELECT count(*) FROM attempt) || ' ' ||"
                        " (SELECT count(*) FROM audit) || ' ' ||"
                        " (SELECT count(*) FROM run) FROM release");
}

static const char all[] = "3 3 3 3 1", pruned[] = "3 1 1 1 1";

static bool prunes(const struct rig *rig)
{
    const struct prune_order order = {.before = 1000};
    struct prune_result result;
    struct error err = {0};
    bool ok = prune(rig->path, &order, &result, &err);

    end_of_work();
    if (!ok)
        assert_int_equal(err.kind, ERROR_MEMORY);
    if (ok || strcmp(left_in(rig), all) != 0)
        assert_string_equal(left_in(rig), pruned);
    assert_string_equal(rig_get(rig, "PRAGMA integrity_check"), "ok");
    if (ok) {
        unlink(rig->path);
        unlink(rig_beside(rig, ".notes"));
        fill(rig);
    }
    return ok;
}

static bool backs_up(const struct rig *rig)
{
    char to[100];
    struct backup_result result;
    struct error err = {0};
    int names;
    bool ok;

    snprintf(to, sizeof to, "%s.copy", rig->path);
    names = rig_names(rig);
    ok = backup(rig->path, to, &result, &err);
    end_of_work();
    if (!ok)
        assert_int_equal(err.kind, ERROR_MEMORY);
    else
        assert_int_equal(result.releases, 3);
    assert_int_equal(rig_names(rig), names + ok);
    if (ok)
        unlink(to);
    return ok;
}

static void run_file(const struct rig *rig, const char *name)
{
    char path[80], sql[8192];

    snprintf(path, sizeof path, "tests/unit/schema/%s", name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t len = fread(sql, 1, sizeof sql - 1, file);
    fclose(file);
    sql[len] = '\0';
    rig_sql(rig, sql);
}

static bool any_row(const struct reader_row *row, void *arg)
{
    (void)row;
    ++*(int *)arg;
    return true;
}

static bool reads(const struct rig *rig)
{
    struct verify_report report;
    struct error err = {0};
    int rows = 0;
    bool ok = verify(rig->path, &report, &err);
    struct reader *reader = ok ? reader_open(rig->path, &err) : NULL;

    ok = reader && reader_list(reader, NULL, any_row, &rows, &err);
    if (ok)
        assert_int_equal(rows, 5);
    else
        assert_int_equal(err.kind, ERROR_MEMORY);
    reader_close(reader);
    verify_fini(&report);
    end_of_work();
    return ok;
}

static long step(void)
{
    return getenv("OMNITRON_SOAK") ? 1 : 4;
}

static void prunes_all_of_it_or_none(void **state)
{
    fill(*state);
    sweep(*state, prunes, 200, step());
}

static void backs_up_all_or_nothing(void **state)
{
    fill(*state);
    sweep(*state, backs_up, 200, step());
}

static void reads_an_older_one(void **state)
{
    run_file(*state, "1.sql");
    run_file(*state, "rows.sql");
    sweep(*state, reads, 200, step());
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(prunes_all_of_it_or_none),
        TEST(backs_up_all_or_nothing),
        TEST(reads_an_older_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
