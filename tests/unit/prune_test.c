/* What is dropped from a journal, and above all what is not. */
#include "journal_rig.h"

#include "history/prune.h"
#include "history/verify.h"
#include "journal/sidecar.h"

enum { OLD = 1000, NEW = 5000, BEFORE = 3000 };

/* One row in each state, all of the same age: item = first + 0 … 6. The last
 * is confirmed and in conflict. Two earlier attempts each, people's words and
 * the program's. */
static void fill(const struct rig *rig, int first, int at)
{
    static const struct {
        const char *state, *applied, *outcome;
    } rows[] = {
        {"pending", "NULL", "'not sent'"},
        {"sending", "NULL", "NULL"},
        {"confirmed", "1", "'applied'"},
        {"rejected", "NULL", "'refused'"},
        {"unknown", "NULL", "'unknown'"},
        {"cancelled", "NULL", "'refused'"},
        {"confirmed", "1", "'applied'"},
    };
    char sql[2000];

    for (int i = 0; i < 7; i++) {
        int item = first + i;

        snprintf(sql, sizeof sql,
            "INSERT INTO release (order_item_id, code, update_stock, state,"
            " attempts, attempt_stock, applied_stock, started_at, ms, sent,"
            " http_status, outcome, why, message, reply, mapping_pk, source,"
            " name, seen, run, first_at, last_at) VALUES (%d, 'C', 1, '%s', 3,"
            " 1, %s, %d, 9, 1, 201, %s, 'a reply', 'words', x'41', 7,"
            " 'lines.csv:2', 'SO-1', '{}', 1, %d, %d);"
            "INSERT INTO attempt (order_item_id, n, started_at, ms, code,"
            " update_stock, sent, reply, outcome, why) VALUES"
            " (%d, 1, %d, 1, 'B', 1, 1, x'41', 'not sent', 'a reply'),"
            " (%d, 2, %d, 1, 'C', 1, 1, x'41', 'not sent', 'a reply');"
            "INSERT INTO audit (order_item_id, at, who, what, note) VALUES"
            " (%d, %d, 'omnitron', 'sent again', 'why'),"
            " (%d, %d, 'omnitron', 'settled: not done', 'a login'),"
            " (%d, %d, 'eva', 'sent again', 'a person');",
            item, rows[i].state, rows[i].applied, at, rows[i].outcome, at, at,
            item, at, item, at, item, at, item, at, item, at);
        rig_sql(rig, sql);
    }
    snprintf(sql, sizeof sql,
        "INSERT INTO conflict (order_item_id, code, update_stock, run,"
        " first_at, last_at) VALUES (%d, 'X', 1, 1, %d, %d)",
        first + 6, at, at);
    rig_sql(rig, sql);
}

static void make(const struct rig *rig)
{
    char sql[800];

    rig_make(rig);
    for (int run = 1; run <= 6; run++) {
        snprintf(sql, sizeof sql,
            "INSERT INTO run (id, started_at, ended_at, pid, exit, summary)"
            " VALUES (%d, %d, %d, 7, 0, '{}')",
            run, run < 5 ? OLD : NEW, run < 5 ? OLD : NEW);
        rig_sql(rig, sql);
    }
    fill(rig, 10, OLD);
    fill(rig, 20, NEW);
    snprintf(sql, sizeof sql,
        "INSERT INTO input VALUES"
        " ('a.csv:2', '', '', 'failed', 'm', '', '{}', 2, 2, 1, %d, 1),"
        " ('a.csv:3', '', '', 'later', 'm', '', '{}', 3, 5, 1, %d, 9);"
        "INSERT INTO cursor VALUES ('odoo', 'i7', %d, 4)",
        OLD, NEW, OLD);
    rig_sql(rig, sql);
}

static struct prune_result prune_it(const struct rig *rig)
{
    const struct prune_order order = {.before = BEFORE, .script = "prune_test"};
    struct prune_result result;
    struct error err;

    if (!prune(rig->path, &order, &result, &err))
        rig_fail(&err);
    return result;
}

static void is_whole(const struct rig *rig)
{
    struct verify_report report;
    struct error err;

    if (!verify(rig->path, &report, &err))
        rig_fail(&err);
    assert_string_equal(buf_text(&report.lines), "");
    verify_fini(&report);
}

static void is(const struct rig *rig, const char *sql, const char *want)
{
    assert_string_equal(rig_get(rig, sql), want);
}

static const char details[] =
    "SELECT group_concat(order_item_id, ' ') FROM release WHERE"
    " message = 'words' AND reply IS NOT NULL AND seen = '{}'"
    " AND why = 'a reply'";

static void drops_the_details_of_what_is_old_and_closed(void **state)
{
    struct rig *rig = *state;

    make(rig);
    struct prune_result result = prune_it(rig);
    assert_int_equal(result.releases, 2);
    assert_int_equal(result.attempts, 4);
    assert_int_equal(result.audits, 2);
    is(rig, details, "10 11 13 14 16 20 21 22 23 24 25 26");
    is(rig,
        "SELECT group_concat(order_item_id, ' ') FROM release WHERE message"
        " IS NULL AND reply IS NULL AND seen IS NULL AND why = 'pruned'",
        "12 15");
    is(rig,
        "SELECT group_concat(order_item_id || '/' || n, ' ') FROM attempt"
        " WHERE order_item_id < 20",
        "10/1 10/2 11/1 11/2 13/1 13/2 14/1 14/2 16/1 16/2");
    is(rig, "SELECT count(*) FROM attempt WHERE order_item_id >= 20", "14");
    is(rig, "SELECT count(*) FROM attempt WHERE reply IS NULL", "0");
    is_whole(rig);
}

static void keeps_every_release(void **state)
{
    static const char all[] =
        "SELECT group_concat(order_item_id || code || update_stock || state ||"
        " attempts || attempt_stock || ifnull(applied_stock, '-') ||"
        " started_at || ms || sent || http_status || ifnull(outcome, '-') ||"
        " mapping_pk || source || name || run || first_at || last_at ||"
        " resent) FROM release WHERE order_item_id % 10 BETWEEN 2 AND 6";
    struct rig *rig = *state;
    char was[400];

    make(rig);
    strcpy(was, rig_get(rig, all));
    prune_it(rig);
    is(rig, all, was);
    is(rig, "SELECT count(*) FROM release", "14");
    is(rig, "SELECT count(*) FROM conflict", "2");
    is(rig, "SELECT value FROM cursor", "i7");
}

/* A login may be "omnitron". */
static void keeps_what_people_decided(void **state)
{
    struct rig *rig = *state;

    make(rig);
    prune_it(rig);
    is(rig, "SELECT count(*) FROM audit WHERE what = 'settled: not done'",
        "14");
    is(rig, "SELECT count(*) FROM audit WHERE who = 'eva'", "14");
    is(rig,
        "SELECT group_concat(order_item_id, ' ') FROM audit WHERE"
        " who = 'omnitron' AND what = 'sent again' AND order_item_id < 20",
        "10 11 13 14 16");
}

/* Run 1 has releases, 3 an input, 4 a cursor, 6 is the latest. */
static void drops_runs_that_no_row_names(void **state)
{
    struct rig *rig = *state;

    make(rig);
    struct prune_result result = prune_it(rig);
    assert_int_equal(result.inputs, 1);
    assert_int_equal(result.runs, 1);
    assert_int_equal(result.summaries, 3);
    is(rig, "SELECT source FROM input", "a.csv:3");
    is(rig, "SELECT group_concat(id || ifnull(summary, '-'), ' ') FROM run",
        "1- 3- 4- 5{} 6{}");
}

static void keeps_the_latest_run(void **state)
{
    struct rig *rig = *state;

    make(rig);
    rig_sql(rig, "UPDATE run SET started_at = 1");
    prune_it(rig);
    is(rig, "SELECT max(id) FROM run", "6");
}

static void does_it_once(void **state)
{
    struct rig *rig = *state;

    make(rig);
    prune_it(rig);
    struct prune_result result = prune_it(rig);
    assert_int_equal(result.releases, 0);
    assert_int_equal(result.attempts, 0);
    assert_int_equal(result.audits, 0);
    assert_int_equal(result.inputs, 0);
    assert_int_equal(result.runs, 0);
    assert_int_equal(result.summaries, 0);
}

/* What was pruned is asked for again: its attempts go on from there. */
static void verify_understands_what_was_pruned(void **state)
{
    struct rig *rig = *state;
    struct journal_op op;

    make(rig);
    prune_it(rig);
    struct journal *journal = rig_open(rig);
    for (int i = 0; i < 2; i++) {
        op = rig_ask(JOURNAL_AGAIN, 15, "D", true);
        rig_do(journal, &op);
        rig_end(journal, 15, JOURNAL_REJECTED);
    }
    journal_close(journal);
    is(rig, "SELECT attempts FROM release WHERE order_item_id = 15", "5");
    is(rig,
        "SELECT group_concat(n || why, ' ') FROM attempt"
        " WHERE order_item_id = 15",
        "3pruned 4because");
    is_whole(rig);
    rig_sql(rig, "DELETE FROM attempt WHERE order_item_id = 15 AND n = 4");
    struct verify_report report;
    struct error err;
    assert_true(verify(rig->path, &report, &err));
    assert_int_equal(report.faults, 1);
    verify_fini(&report);
}

/* Where the row has another code since, only the attempt knows its own. */
static void keeps_the_code_of_the_latest_attempt(void **state)
{
    struct rig *rig = *state;

    make(rig);
    rig_sql(rig, "INSERT INTO attempt (order_item_id, n, started_at, code,"
                 " update_stock, sent, reply, outcome, why) VALUES"
                 " (15, 3, 1000, 'older', 1, 1, x'41', 'refused', 'a reply')");
    struct prune_result result = prune_it(rig);
    assert_int_equal(result.attempts, 4);
    is(rig,
        "SELECT n || code || ifnull(reply, '-') || why FROM attempt"
        " WHERE order_item_id = 15",
        "3older-pruned");
    is_whole(rig);
}

/* Many thousand rows are many steps; the log holds one at a time, and the
 * file gets smaller. */
static void works_in_steps_and_makes_the_file_smaller(void **state)
{
    struct rig *rig = *state;
    struct stat st;

    rig_make(rig);
    rig_sql(rig,
        "INSERT INTO run (id, started_at, pid) VALUES (1, 1, 7);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 12345)"
        " INSERT INTO release (order_item_id, code, update_stock, state,"
        " attempts, attempt_stock, applied_stock, started_at, outcome, why,"
        " message, reply, mapping_pk, seen, run, first_at, last_at)"
        " SELECT i * 7, 'C' || i, 1, 'confirmed', 1, 1, 1, 1, 'applied', 'w',"
        " '', zeroblob(300), i, hex(zeroblob(300)), 1, 1, 1 FROM n");
    struct prune_result result = prune_it(rig);
    assert_int_equal(result.releases, 12345);
    assert_true(result.bytes_before > 12345 * 900);
    assert_true(result.bytes_after < 12345 * 200);
    assert_int_equal(result.bytes_needed, 0);
    assert_int_equal(stat(rig->path, &st), 0);
    assert_int_equal(st.st_size, result.bytes_after);
    is(rig, "SELECT count(*) FROM release", "12345");
    is(rig, "PRAGMA user_version", "4");
    is(rig, "PRAGMA journal_mode", "wal");
    is_whole(rig);
}

static void leaves_an_older_copy_alone(void **state)
{
    const struct prune_order order = {.before = BEFORE};
    struct rig *rig = *state;
    struct prune_result result;
    struct error err;

    make(rig);
    struct sidecar *notes = sidecar_open(rig->path);
    assert_true(sidecar_write(notes, "runs", "7"));
    sidecar_close(notes);
    assert_false(prune(rig->path, &order, &result, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    is(rig, details, "10 11 12 13 14 15 16 20 21 22 23 24 25 26");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(drops_the_details_of_what_is_old_and_closed),
        TEST(keeps_every_release),
        TEST(keeps_what_people_decided),
        TEST(drops_runs_that_no_row_names),
        TEST(keeps_the_latest_run),
        TEST(does_it_once),
        TEST(verify_understands_what_was_pruned),
        TEST(keeps_the_code_of_the_latest_attempt),
        TEST(works_in_steps_and_makes_the_file_smaller),
        TEST(leaves_an_older_copy_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
