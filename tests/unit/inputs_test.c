/* The rows of an input that came to no release: gathered, bounded, written in
 * groups, refreshed by later runs. */
#include "base/secret.h"
#include "journal/inputs.h"
#include "journal_rig.h"

static struct journal_input row_of(int n, const char *what)
{
    static char source[32], name[32];

    snprintf(source, sizeof source, "lines.csv:%d", n);
    snprintf(name, sizeof name, "SO-%d", n);
    return (struct journal_input){.source = source,
        .name = name,
        .item = "",
        .what = what,
        .message = "not booked yet",
        .place = "",
        .seen = "{\"a\":1}"};
}

static void add(struct inputs *inputs, const struct journal_input *row)
{
    if (inputs_wants(inputs, row->what))
        inputs_add(inputs, row);
}

/* One run that sees these rows. */
static void run_of(struct rig *rig, const struct journal_input *rows, size_t n)
{
    struct journal *journal = rig_open(rig);
    struct inputs *inputs = inputs_new(journal);

    for (size_t i = 0; i < n; i++)
        add(inputs, &rows[i]);
    inputs_submit(inputs);
    for (struct journal_op *op = rig_settle(journal); op; op = op->next) {
        assert_false(op->failed);
        op->done(op);
    }
    journal_close(journal);
    inputs_free(inputs);
}

static void a_later_run_refreshes_it(void **state)
{
    struct rig *rig = *state;
    struct journal_input row = row_of(118, "later");

    rig_make(rig);
    run_of(rig, &row, 1);
    assert_string_equal(
        rig_get(rig, "SELECT source || name || item || what || message || place"
                     " || seen || first_run || run || times"
                     " || (first_at = last_at) FROM input"),
        "lines.csv:118SO-118laternot booked yet{\"a\":1}1111");
    rig_sql(rig, "UPDATE input SET first_at = 5, last_at = 6");
    row.what = "failed";
    row.message = "no such code";
    row.place = "rules.lua:6";
    row.seen = NULL;
    const struct journal_input twice[] = {row, row};
    run_of(rig, twice, 2);
    assert_string_equal(
        rig_get(rig, "SELECT count(*) || what || message || place"
                     " || ifnull(seen, '-') || first_run || run || times"
                     " || first_at || (last_at > 6) FROM input"),
        "1failedno such coderules.lua:6-12251");
    // another item of the line is another row
    row.item = "46761";
    run_of(rig, &row, 1);
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM input"), "2");
}

static void keeps_so_many_of_a_kind(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct inputs *inputs = inputs_new(journal);

    for (int i = 0; i < INPUTS_KEPT + 300; i++) {
        struct journal_input row = row_of(i, "skipped");
        add(inputs, &row);
        if (i < 10) {
            row = row_of(i + 100000, "failed");
            add(inputs, &row);
        }
    }
    // groups, not one operation a row
    assert_true(journal_waiting(journal) >= 3);
    assert_true(journal_waiting(journal) <= 10);
    inputs_submit(inputs);
    inputs_submit(inputs);
    for (struct journal_op *op = rig_settle(journal); op; op = op->next)
        op->done(op);
    journal_close(journal);
    inputs_free(inputs);
    assert_string_equal(
        rig_get(rig, "SELECT group_concat(n) FROM (SELECT what || count(*) AS n"
                     " FROM input GROUP BY what ORDER BY what)"),
        "failed10,skipped1000");
}

static void keeps_so_many_of_all_runs(void **state)
{
    struct rig *rig = *state;
    struct journal_input row = row_of(1, "later");
    char sql[400];

    rig_make(rig);
    snprintf(sql, sizeof sql,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < %d) INSERT INTO input SELECT 'old:' || i, '', '', 'later',"
        " '', '', NULL, 1, 1, i, i, 1 FROM n",
        (int)JOURNAL_INPUTS_MAX);
    rig_sql(rig, sql);
    run_of(rig, &row, 1);
    assert_string_equal(
        rig_get(rig, "SELECT count(*) || ' ' || min(last_at)"
                     " || ' ' || sum(source = 'lines.csv:1') FROM input"),
        "20000 2 1");
}

static void masks_and_cuts(void **state)
{
    struct rig *rig = *state;
    struct error err;
    struct secret *secret = secret_new("key", "s3cret-key", 10, &err);
    struct journal_input row = row_of(1, "failed");
    char message[JOURNAL_MESSAGE_MAX + 40];

    memset(message, 'x', sizeof message);
    strcpy(message + JOURNAL_MESSAGE_MAX - 5, "s3cret-key and more");
    row.message = message;
    row.name = "of s3cret-key";
    rig_make(rig);
    run_of(rig, &row, 1);
    assert_string_equal(rig_get(rig, "SELECT name || length(message)"
                                     " || substr(message, -6) FROM input"),
        "of ***511x*** a");
    secret_free(secret);
}

static void a_failed_journal_keeps_none(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct inputs *inputs = inputs_new(journal);
    struct journal_input row = row_of(1, "failed");

    rig_sql(rig, "DROP TABLE input");
    add(inputs, &row);
    inputs_submit(inputs);
    struct journal_op *op = rig_settle(journal);
    assert_true(op->failed);
    // nobody collects this one
    add(inputs, &row);
    inputs_submit(inputs);
    journal_close(journal);
    inputs_free(inputs);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_later_run_refreshes_it),
        TEST(keeps_so_many_of_a_kind),
        TEST(keeps_so_many_of_all_runs),
        TEST(masks_and_cuts),
        TEST(a_failed_journal_keeps_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
