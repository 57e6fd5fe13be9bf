#include "journal_rig.h"

#include "history/settle.h"
#include "history/verify.h"
#include "journal/sidecar.h"

#include <sys/wait.h>

static struct settle_order order_of(
    enum settle_what what, const int64_t *items, size_t count)
{
    return (struct settle_order){.what = what,
        .items = items,
        .count = count,
        .who = "eva",
        .note = "seen in the panel",
        .script = "settle_test"};
}

static struct settle_result do_order(
    const struct rig *rig, const struct settle_order *order)
{
    struct settle_result result;
    struct error err;

    if (!settle(rig->path, order, &result, &err))
        rig_fail(&err);
    assert_int_equal(result.refused, order->count);
    return result;
}

static struct settle_result do_one(
    const struct rig *rig, enum settle_what what, int64_t item)
{
    struct settle_order order = order_of(what, &item, 1);

    return do_order(rig, &order);
}

static void refused(const struct rig *rig, const struct settle_order *order,
    size_t place, const char *words)
{
    struct settle_result result;
    struct error err;

    assert_false(settle(rig->path, order, &result, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_int_equal(result.refused, place);
    assert_string_equal(err.text, words);
}

static void refused_one(const struct rig *rig, enum settle_what what,
    int64_t item, const char *words)
{
    struct settle_order order = order_of(what, &item, 1);

    refused(rig, &order, 0, words);
}

/* The row in the words that matter here. */
static const char *row_of(const struct rig *rig, int64_t item)
{
    char sql[400];

    snprintf(sql, sizeof sql,
        "SELECT state || ' ' || update_stock || ' ' || attempts || ' ' ||"
        " coalesce(applied_stock, 'none') || ' ' ||"
        " coalesce(mapping_pk, 'none') || ' ' || resent FROM release"
        " WHERE order_item_id = %lld",
        (long long)item);
    return rig_get(rig, sql);
}

static const char *audits_of(const struct rig *rig, int64_t item)
{
    char sql[200];

    snprintf(sql, sizeof sql,
        "SELECT group_concat(who || ': ' || what || '. ' ||"
        " coalesce(note, 'none'), '; ') FROM audit WHERE order_item_id = %lld",
        (long long)item);
    return rig_get(rig, sql);
}

static void is_whole(const struct rig *rig)
{
    struct verify_report report;
    struct error err;

    if (!verify(rig->path, &report, &err))
        rig_fail(&err);
    assert_string_equal(buf_text(&report.lines), "");
    assert_int_equal(report.faults, 0);
    verify_fini(&report);
}

/* One row in each state: 1 pending, 2 sending, 3 confirmed, 4 rejected,
 * 5 unknown; 6 is confirmed without its stock and pending with it. */
static void fill(const struct rig *rig)
{
    struct journal *journal;
    struct journal_op op;

    rig_make(rig);
    journal = rig_open(rig);
    op = rig_ask(JOURNAL_KEEP, 1, "A", true);
    rig_do(journal, &op);
    rig_admit(journal, 2, "B");
    rig_admit(journal, 3, "C");
    rig_end(journal, 3, JOURNAL_CONFIRMED);
    rig_admit(journal, 4, "D");
    rig_end(journal, 4, JOURNAL_REJECTED);
    rig_admit(journal, 5, "E");
    rig_end(journal, 5, JOURNAL_UNKNOWN);
    op = rig_ask(JOURNAL_ADMIT, 6, "F", false);
    rig_do(journal, &op);
    op = rig_outcome(6, JOURNAL_CONFIRMED);
    op.outcome.update_stock = false;
    rig_do(journal, &op);
    op = rig_ask(JOURNAL_KEEP, 6, "F", true);
    rig_do(journal, &op);
    journal_close(journal);
    rig_sql(rig, "UPDATE release SET resent = 1, outcome = 'unknown'"
                 " WHERE order_item_id = 5");
}

static void done_is_confirmed(void **state)
{
    struct rig *rig = *state;

    fill(rig);
    assert_int_equal(do_one(rig, SETTLE_DONE, 5).rows, 1);
    assert_string_equal(row_of(rig, 5), "confirmed 1 1 1 none 0");
    assert_string_equal(
        audits_of(rig, 5), "eva: settled: done. seen in the panel");
    assert_string_equal(rig_get(rig, "SELECT n || outcome FROM attempt"
                                     " WHERE order_item_id = 5"),
        "1unknown");
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM run"), "1");
    refused_one(rig, SETTLE_DONE, 5,
        "item 5 is confirmed, not unknown, rejected or in conflict. Nothing "
        "was changed.");
    is_whole(rig);
}

static void not_done_is_sent_again(void **state)
{
    struct rig *rig = *state;
    struct journal *journal;
    struct journal_op op;

    fill(rig);
    assert_int_equal(do_one(rig, SETTLE_NOT_DONE, 5).rows, 1);
    assert_string_equal(row_of(rig, 5), "pending 1 1 none none 0");
    assert_string_equal(
        audits_of(rig, 5), "eva: settled: not done. seen in the panel");
    journal = rig_open(rig);
    op = rig_ask(JOURNAL_AGAIN, 5, "E", true);
    rig_do(journal, &op);
    rig_end(journal, 5, JOURNAL_CONFIRMED);
    journal_close(journal);
    assert_string_equal(row_of(rig, 5), "confirmed 1 2 1 7005 0");
    is_whole(rig);
}

static void what_is_in_another_state_is_refused(void **state)
{
    struct rig *rig = *state;

    fill(rig);
    refused_one(rig, SETTLE_DONE, 1,
        "item 1 is pending, not unknown, rejected or in conflict. Nothing was "
        "changed.");
    refused_one(rig, SETTLE_NOT_DONE, 3,
        "item 3 is confirmed, not unknown or rejected. Nothing was changed.");
    refused_one(rig, SETTLE_CANCEL, 3,
        "item 3 is confirmed, not pending, rejected or in conflict. Nothing "
        "was changed.");
    refused_one(rig, SETTLE_CANCEL, 5,
        "item 5 is unknown, not pending, rejected or in conflict. Nothing was "
        "changed.");
    refused_one(rig, SETTLE_RETRY, 1,
        "item 1 is pending, not rejected. Nothing was changed.");
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM audit"), "0");
}

static void all_or_none(void **state)
{
    static const int64_t items[] = {2, 5, 7, 8};
    struct rig *rig = *state;
    struct settle_order order = order_of(SETTLE_DONE, items, 4);
    char words[300];

    fill(rig);
    snprintf(words, sizeof words,
        "%s has no item 7 (and 1 more). Nothing was changed.", rig->path);
    refused(rig, &order, 2, words);
    assert_string_equal(row_of(rig, 2), "sending 1 1 none none 0");
    assert_string_equal(row_of(rig, 5), "unknown 1 1 none none 1");
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM audit"), "0");
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM attempt"), "1");
    is_whole(rig);
}

static void sending_of_a_dead_run_is_unknown(void **state)
{
    struct rig *rig = *state;
    struct settle_order order = order_of(SETTLE_DONE, NULL, 0);

    fill(rig);
    order.all = true;
    order.state = JOURNAL_UNKNOWN;
    assert_int_equal(do_order(rig, &order).rows, 2);
    assert_string_equal(row_of(rig, 2), "confirmed 1 1 1 none 0");
    assert_string_equal(row_of(rig, 5), "confirmed 1 1 1 none 0");
    assert_memory_equal(audits_of(rig, 2), "omnitron: found sending", 23);
    assert_int_equal(do_order(rig, &order).rows, 0);
    is_whole(rig);
}

static void cancelled_or_as_it_was(void **state)
{
    static const int64_t items[] = {1, 4, 6};
    struct rig *rig = *state;
    struct settle_order order = order_of(SETTLE_CANCEL, items, 3);
    struct settle_result result;

    fill(rig);
    assert_string_equal(row_of(rig, 6), "pending 1 1 0 7006 0");
    result = do_order(rig, &order);
    assert_int_equal(result.rows, 3);
    assert_int_equal(result.restored, 1);
    assert_string_equal(row_of(rig, 1), "cancelled 1 0 none none 0");
    assert_string_equal(row_of(rig, 4), "cancelled 1 1 none none 0");
    assert_string_equal(row_of(rig, 6), "confirmed 0 1 0 7006 0");
    assert_string_equal(
        audits_of(rig, 6), "eva: taken back. seen in the panel");
    is_whole(rig);
}

static void all_that_is_pending(void **state)
{
    struct rig *rig = *state;
    struct settle_order order = order_of(SETTLE_CANCEL, NULL, 0);

    fill(rig);
    order.all = true;
    order.state = JOURNAL_PENDING;
    assert_int_equal(do_order(rig, &order).rows, 2);
    assert_string_equal(row_of(rig, 4), "rejected 1 1 none none 0");
}

static void rejected_is_tried_again(void **state)
{
    struct rig *rig = *state;
    struct settle_order order = order_of(SETTLE_RETRY, NULL, 0);

    fill(rig);
    order.all = true;
    order.state = JOURNAL_REJECTED;
    order.note = NULL;
    assert_int_equal(do_order(rig, &order).rows, 1);
    assert_string_equal(row_of(rig, 4), "pending 1 1 none none 0");
    assert_string_equal(audits_of(rig, 4), "eva: to be sent again. none");
    is_whole(rig);
}

/* A person says that the host has it by another way, or that it may go again;
 * what the host said to that attempt stays with it. */
static void rejected_is_settled(void **state)
{
    struct rig *rig = *state;
    struct settle_order all = order_of(SETTLE_DONE, NULL, 0);

    fill(rig);
    all.all = true;
    all.state = JOURNAL_REJECTED;
    assert_int_equal(do_one(rig, SETTLE_NOT_DONE, 4).rows, 1);
    assert_string_equal(row_of(rig, 4), "pending 1 1 none none 0");
    assert_int_equal(do_order(rig, &all).rows, 0);
    rig_sql(rig, "UPDATE release SET state = 'rejected', message = 'no'"
                 " WHERE order_item_id = 4");
    assert_int_equal(do_order(rig, &all).rows, 1);
    assert_string_equal(row_of(rig, 4), "confirmed 1 1 1 none 0");
    assert_string_equal(
        rig_get(rig, "SELECT coalesce(message, 'none') || outcome FROM release"
                     " WHERE order_item_id = 4"),
        "nonerefused");
    assert_string_equal(audits_of(rig, 4),
        "eva: settled: not done. seen in the panel; "
        "eva: settled: done. seen in the panel");
    assert_string_equal(row_of(rig, 5), "unknown 1 1 none none 1");
    is_whole(rig);
}

/* Two conflicts of a confirmed row, one of an unknown one. */
static void fill_conflicts(const struct rig *rig)
{
    struct journal *journal;
    struct journal_op op;

    fill(rig);
    journal = rig_open(rig);
    op = rig_ask(JOURNAL_CONFLICT, 3, "X", true);
    rig_do(journal, &op);
    op = rig_ask(JOURNAL_CONFLICT, 3, "C", false);
    op.ask.name = NULL;
    rig_do(journal, &op);
    op = rig_ask(JOURNAL_CONFLICT, 5, "Y", true);
    rig_do(journal, &op);
    journal_close(journal);
}

static void a_conflict_is_settled_by_name(void **state)
{
    struct rig *rig = *state;
    struct settle_order all = order_of(SETTLE_NOT_DONE, NULL, 0);
    struct settle_result result;

    fill_conflicts(rig);
    refused_one(rig, SETTLE_NOT_DONE, 3,
        "item 3 is confirmed, not unknown or rejected. Nothing was changed.");
    result = do_one(rig, SETTLE_DONE, 3);
    assert_int_equal(result.rows, 0);
    assert_int_equal(result.conflicts, 2);
    assert_string_equal(row_of(rig, 3), "confirmed 1 1 1 7003 0");
    assert_string_equal(audits_of(rig, 3),
        "eva: conflict settled: asked was \"C\", update_stock false "
        "(lines.csv:812, run 2). seen in the panel; "
        "eva: conflict settled: asked was \"X\", update_stock true "
        "(lines.csv:812, SO-1240/10, run 2). seen in the panel");
    all.all = true;
    all.state = JOURNAL_UNKNOWN;
    all.what = SETTLE_DONE;
    assert_int_equal(do_order(rig, &all).conflicts, 0);
    assert_string_equal(
        rig_get(rig, "SELECT group_concat(order_item_id) FROM conflict"), "5");
    assert_int_equal(do_one(rig, SETTLE_DONE, 5).conflicts, 1);
    is_whole(rig);
}

static int64_t conflicts_of(const struct rig *rig)
{
    struct journal *journal = rig_open(rig);
    struct journal_counts counts;
    struct error err;

    if (!journal_count(journal, &counts, &err))
        rig_fail(&err);
    assert_int_equal(counts.refused_since != 0,
        counts.conflicts || counts.by_state[JOURNAL_REJECTED]);
    journal_close(journal);
    return counts.conflicts;
}

/* The ask goes, whatever the row is; that stays. */
static void a_conflict_is_cancelled(void **state)
{
    struct rig *rig = *state;
    static const int64_t items[] = {3, 5};
    struct settle_order order = order_of(SETTLE_CANCEL, items, 2);
    struct settle_result result;

    fill_conflicts(rig);
    assert_int_equal(conflicts_of(rig), 3);
    result = do_order(rig, &order);
    assert_int_equal(result.rows, 0);
    assert_int_equal(result.conflicts, 3);
    assert_string_equal(row_of(rig, 3), "confirmed 1 1 1 7003 0");
    assert_string_equal(row_of(rig, 5), "unknown 1 1 none none 1");
    assert_memory_equal(audits_of(rig, 5),
        "eva: conflict cancelled: asked was \"Y\", update_stock true", 57);
    assert_int_equal(conflicts_of(rig), 0);
    is_whole(rig);
}

/* Under unique_codes the second item of a code has nothing else. */
static void a_conflict_without_a_row(void **state)
{
    struct rig *rig = *state;
    struct journal_op op = rig_ask(JOURNAL_CONFLICT, 9, "C", true);
    struct journal *journal;

    fill(rig);
    journal = rig_open(rig);
    rig_do(journal, &op);
    op = rig_ask(JOURNAL_CONFLICT, 8, "C", true);
    rig_do(journal, &op);
    journal_close(journal);
    is_whole(rig);
    assert_int_equal(conflicts_of(rig), 2);
    assert_int_equal(do_one(rig, SETTLE_DONE, 8).conflicts, 1);
    assert_int_equal(do_one(rig, SETTLE_CANCEL, 9).conflicts, 1);
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM audit"
                                     " WHERE order_item_id IN (8, 9)"),
        "2");
    assert_int_equal(conflicts_of(rig), 0);
    is_whole(rig);
}

/* What was asked has come to be what the row has: no person's business. */
static void an_ask_that_was_fulfilled(void **state)
{
    struct rig *rig = *state;
    struct journal *journal;
    struct journal_op op;

    fill_conflicts(rig);
    do_one(rig, SETTLE_NOT_DONE, 5);
    assert_int_equal(conflicts_of(rig), 3);
    journal = rig_open(rig);
    op = rig_ask(JOURNAL_AGAIN, 5, "Y", true);
    rig_do(journal, &op);
    rig_end(journal, 5, JOURNAL_CONFIRMED);
    journal_close(journal);
    assert_int_equal(conflicts_of(rig), 2);
}

/* A child that holds the journal until it is killed, or for `ms`. */
static pid_t hold(const struct rig *rig, int ms)
{
    int ends[2];
    char byte;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = rig_fork();
    if (child == 0) {
        struct journal *journal = rig_open(rig);

        (void)!write(ends[1], "x", 1);
        poll(NULL, 0, ms);
        journal_close(journal);
        _exit(0);
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    close(ends[1]);
    return child;
}

static void names_the_run_that_holds_it(void **state)
{
    static const int64_t item = 5;
    struct rig *rig = *state;
    struct settle_order order = order_of(SETTLE_DONE, &item, 1);
    struct settle_result result;
    struct error err;
    char process[40];
    pid_t child;

    fill(rig);
    child = hold(rig, -1);
    order.wait_ms = 250;
    assert_false(settle(rig->path, &order, &result, &err));
    assert_int_equal(err.kind, ERROR_HELD);
    snprintf(process, sizeof process, "process %ld, release.lua", (long)child);
    assert_non_null(strstr(err.text, process));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_string_equal(row_of(rig, 5), "unknown 1 1 none none 1");
}

static void waits_for_a_run_to_end(void **state)
{
    static const int64_t item = 5;
    struct rig *rig = *state;
    struct settle_order order = order_of(SETTLE_DONE, &item, 1);
    pid_t child;

    fill(rig);
    child = hold(rig, 300);
    order.wait_ms = 30000;
    assert_int_equal(do_order(rig, &order).rows, 1);
    waitpid(child, NULL, 0);
}

static void a_journal_that_is_none(void **state)
{
    struct rig *rig = *state;
    struct settle_order order = order_of(SETTLE_DONE, NULL, 0);
    struct settle_result result;
    struct error err;

    order.all = true;
    assert_false(settle(rig->path, &order, &result, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_non_null(strstr(err.text, "there is no journal at"));
}

/* What is done behind the journal's back, and the fault it is. */
static const struct damage {
    const char *sql, *fault;
} damages[] = {
    {"UPDATE release SET started_at = NULL WHERE order_item_id = 4",
        "item 4: attempts are counted and none is there"},
    {"UPDATE release SET outcome = NULL WHERE order_item_id IN (3, 4)",
        "items 3, 4: the latest attempt has no outcome"},
    {"UPDATE release SET outcome = 'applied' WHERE state = 'sending'",
        "item 2: the latest attempt has no outcome"},
    {"UPDATE release SET state = 'rejected' WHERE order_item_id = 1",
        "item 1: the state needs an attempt"},
    {"UPDATE release SET applied_stock = 0 WHERE order_item_id = 3",
        "item 3: it is confirmed with another update_stock"},
    {"UPDATE release SET state = 'cancelled' WHERE order_item_id = 6",
        "item 6: it is cancelled, but"},
    {"UPDATE release SET mapping_pk = NULL WHERE order_item_id = 3",
        "item 3: it is confirmed without a mapping"},
    {"UPDATE release SET attempts = 2 WHERE order_item_id = 4",
        "item 4: attempts are missing"},
    {"INSERT INTO attempt (order_item_id, n, started_at, code, update_stock)"
     " VALUES (4, 2, 5, 'D', 1)",
        "item 4: attempts are missing"},
    {"INSERT INTO attempt (order_item_id, n, started_at, code, update_stock,"
     " outcome) SELECT order_item_id, 1, started_at - 5, code, 1, 'unknown'"
     " FROM release WHERE order_item_id = 4;"
     "UPDATE release SET attempts = 2 WHERE order_item_id = 4;"
     "INSERT INTO audit (order_item_id, at, who, what)"
     " SELECT order_item_id, started_at - 1, 'omnitron', 'found sending'"
     " FROM release WHERE order_item_id = 4",
        "item 4: it was sent again after an unknown attempt"},
    {"INSERT INTO attempt (order_item_id, n, started_at, code, update_stock)"
     " VALUES (9, 1, 5, 'D', 1)",
        "item 9: attempts are kept"},
    {"INSERT INTO audit (order_item_id, at, who, what)"
     " VALUES (9, 1, 'eva', 'x')",
        "item 9: audit rows are kept"},
    {"UPDATE release SET run = 77",
        "items 1, 2, 3, 4, 5 and 1 more: its run is not known"},
    {"PRAGMA ignore_check_constraints = ON;"
     "UPDATE release SET resent = 7 WHERE order_item_id = 1",
        "item 1: a value of it can be none"},
    {"UPDATE release SET http_status = -5 WHERE order_item_id = 3",
        "item 3: a value of it can be none"},
    {"UPDATE release SET first_at = 9223372036854775807"
     " WHERE order_item_id = 2",
        "item 2: a value of it can be none"},
};

static void damage_is_named(const struct rig *rig, const struct damage *damage)
{
    struct verify_report report;
    struct error err;

    unlink(rig->path);
    unlink(rig_beside(rig, ".notes"));
    fill(rig);
    is_whole(rig);
    rig_sql(rig, damage->sql);
    if (!verify(rig->path, &report, &err))
        rig_fail(&err);
    if (report.faults != 1 || !strstr(buf_text(&report.lines), damage->fault))
        fail_msg("%s: %s", damage->sql, buf_text(&report.lines));
    verify_fini(&report);
}

static void verify_finds_what_is_wrong(void **state)
{
    size_t i;

    for (i = 0; i < sizeof damages / sizeof *damages; i++)
        damage_is_named(*state, &damages[i]);
}

static void has_fault(const struct rig *rig, const char *words)
{
    struct verify_report report;
    struct error err;

    if (!verify(rig->path, &report, &err))
        rig_fail(&err);
    assert_int_equal(report.faults, 1);
    assert_non_null(strstr(buf_text(&report.lines), words));
    verify_fini(&report);
}

static void verify_has_sqlites_word(void **state)
{
    struct rig *rig = *state;
    struct verify_report report;
    struct error err;

    fill(rig);
    rig_sql(rig,
        "DROP INDEX release_run;"
        "CREATE INDEX release_run ON release (run) WHERE order_item_id <> 1;"
        "PRAGMA writable_schema = ON;"
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX release_run ON release"
        " (run)' WHERE name = 'release_run'");
    if (!verify(rig->path, &report, &err))
        rig_fail(&err);
    assert_int_equal(report.faults, 2);
    assert_non_null(
        strstr(buf_text(&report.lines), "SQLite: wrong # of entries in index"));
    verify_fini(&report);
}

static void an_end_that_was_cut_off(void **state)
{
    struct rig *rig = *state;
    struct stat st;

    fill(rig);
    assert_int_equal(stat(rig->path, &st), 0);
    assert_int_equal(truncate(rig->path, st.st_size - 100), 0);
    has_fault(rig, "its end is cut off");
}

static void an_older_copy(void **state)
{
    struct rig *rig = *state;
    struct settle_order order = order_of(SETTLE_DONE, NULL, 0);
    struct settle_result result;
    struct sidecar *notes;
    struct error err;

    fill(rig);
    notes = sidecar_open(rig->path);
    assert_true(sidecar_write(notes, "runs", "9"));
    sidecar_close(notes);
    has_fault(rig, "knows 1 runs and 9 were made");
    order.all = true;
    assert_false(settle(rig->path, &order, &result, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_string_equal(row_of(rig, 5), "unknown 1 1 none none 1");
}

static void verify_counts_beside_a_run(void **state)
{
    struct rig *rig = *state;
    struct verify_report report;
    struct journal *journal;
    struct error err;

    fill_conflicts(rig);
    journal = rig_open(rig);
    rig_admit(journal, 20, "G");
    if (!verify(rig->path, &report, &err))
        rig_fail(&err);
    assert_int_equal(report.by_state[JOURNAL_SENDING], 1);
    assert_int_equal(report.by_state[JOURNAL_UNKNOWN], 2);
    assert_int_equal(report.stranded, 0);
    assert_int_equal(report.attempts, 6);
    assert_int_equal(report.runs, 3);
    assert_int_equal(report.audits, 1);
    assert_int_equal(report.conflicts, 3);
    assert_int_equal(report.faults, 0);
    verify_fini(&report);
    journal_close(journal);
    assert_true(verify(rig->path, &report, &err));
    assert_int_equal(report.stranded, 1);
    verify_fini(&report);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(done_is_confirmed),
        TEST(not_done_is_sent_again),
        TEST(what_is_in_another_state_is_refused),
        TEST(all_or_none),
        TEST(sending_of_a_dead_run_is_unknown),
        TEST(cancelled_or_as_it_was),
        TEST(all_that_is_pending),
        TEST(rejected_is_tried_again),
        TEST(rejected_is_settled),
        TEST(a_conflict_is_settled_by_name),
        TEST(a_conflict_is_cancelled),
        TEST(a_conflict_without_a_row),
        TEST(an_ask_that_was_fulfilled),
        TEST(names_the_run_that_holds_it),
        TEST(waits_for_a_run_to_end),
        TEST(a_journal_that_is_none),
        TEST(verify_finds_what_is_wrong),
        TEST(verify_has_sqlites_word),
        TEST(an_end_that_was_cut_off),
        TEST(an_older_copy),
        TEST(verify_counts_beside_a_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
