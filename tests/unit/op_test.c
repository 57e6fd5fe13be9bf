/* The journal's operations that more than one run has to do with: what is
 * left, taken up, sent once more, set back; and codes that stand for one
 * item. */
#include "journal_rig.h"

/* One row as an earlier run left it: its item, code and what the journal
 * says of it. */
struct old {
    int64_t item;
    const char *code, *state;
    bool resent;
};

static const struct old olds[] = {
    {10, "P-10", "pending", false},
    {20, "U-20", "unknown", false},
    {30, "U-30", "unknown", true},
    {40, "R-40", "rejected", false},
    {50, "C-50", "confirmed", false},
    {60, "X-60", "cancelled", false},
    {70, "P-70", "pending", true},
};

static void put_old(const struct rig *rig, const struct old *old)
{
    bool confirmed = strcmp(old->state, "confirmed") == 0;
    char sql[600];

    snprintf(sql, sizeof sql,
        "INSERT INTO release (order_item_id, code, update_stock, state,"
        " attempts, attempt_stock, applied_stock, started_at, ms, sent, curl,"
        " http_status, outcome, why, message, reply, run, first_at, last_at,"
        " resent) VALUES (%d, '%s', 1, '%s', 1, 1, %s, 500, 9, 1, 0, 502,"
        " 'kept', 'because', 'words', x'41', 1, 400, 600, %d)",
        (int)old->item, old->code, old->state, confirmed ? "1" : "NULL",
        old->resent);
    rig_sql(rig, sql);
}

/* A journal of which run 1 has ended and run 2 begins. */
static struct journal *second_run(const struct rig *rig)
{
    journal_close(rig_new(rig));
    for (size_t i = 0; i < sizeof olds / sizeof *olds; i++)
        put_old(rig, &olds[i]);
    return rig_open(rig);
}

static void run_op(struct journal *journal, struct journal_op *op)
{
    rig_do(journal, op);
    assert_false(op->failed);
}

static struct journal_op take_up(
    struct journal *journal, int64_t item, bool resend)
{
    struct journal_op op = {
        .kind = JOURNAL_TAKE_UP, .resend = resend, .note = "once more"};

    op.ask.order_item_id = item;
    run_op(journal, &op);
    return op;
}

/* Pending, or unknown and to be sent once more; whatever else is asked for
 * stays as it is. */
static void takes_up_what_is_left(void **state)
{
    static const struct {
        int64_t item;
        bool always, by_resend;
    } rows[] = {{10, true, true}, {20, false, true}, {30, false, false},
        {40, false, false}, {50, false, false}, {60, false, false},
        {70, true, true}, {80, false, false}};
    struct rig *rig = *state;
    char sql[200];

    for (int resend = 0; resend < 2; resend++) {
        struct journal *journal = second_run(rig);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            bool want = resend ? rows[i].by_resend : rows[i].always;
            struct journal_op op = take_up(journal, rows[i].item, resend);
            if (op.found != want)
                fail_msg("item %d, resend %d", (int)rows[i].item, resend);
            snprintf(sql, sizeof sql,
                "SELECT count(*) FROM release WHERE order_item_id = %d"
                " AND state = 'sending' AND attempts = 2 AND run = 2",
                (int)rows[i].item);
            assert_string_equal(rig_get(rig, sql), want ? "1" : "0");
        }
        journal_close(journal);
        unlink(rig->path);
        unlink(rig_beside(rig, ".notes"));
    }
}

/* `row` is what it was; the row keeps its ask and begins an attempt of which
 * nothing is known; the one before is in the attempt table. */
static void takes_up_a_pending_one(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = second_run(rig);
    struct journal_op op = take_up(journal, 10, false);

    assert_int_equal(op.row.state, JOURNAL_PENDING);
    assert_int_equal(op.row.attempts, 1);
    assert_int_equal(op.row.run, 1);
    assert_int_equal(op.row.http_status, 502);
    assert_string_equal(op.row.code, "P-10");
    assert_string_equal(
        rig_get(rig, "SELECT code || attempt_stock || (ms IS NULL)"
                     " || (sent IS NULL) || (http_status IS NULL)"
                     " || (outcome IS NULL) || (reply IS NULL) || resent"
                     " FROM release WHERE order_item_id = 10"),
        "P-101111110");
    assert_string_equal(
        rig_get(rig, "SELECT n || code || http_status || outcome"
                     " FROM attempt WHERE order_item_id = 10"),
        "1P-10502kept");
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM audit"), "0");
    // it is this run's now
    assert_false(take_up(journal, 10, false).found);
    journal_close(journal);
}

/* The audit row stands between the two attempts; the one resend is spent,
 * but for an outcome that says that nothing left. */
static void sends_an_unknown_one_once(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = second_run(rig);
    struct journal_op op = take_up(journal, 20, true);
    const char *resent = "SELECT resent FROM release WHERE order_item_id = 20";

    assert_int_equal(op.row.state, JOURNAL_UNKNOWN);
    assert_false(op.row.resent);
    assert_string_equal(rig_get(rig, "SELECT order_item_id || who || ':' ||"
                                     " what || ':' || note FROM audit"),
        "20omnitron:sent again:once more");
    assert_string_equal(rig_get(rig, resent), "1");
    for (int spent = 1; spent >= 0; spent--) {
        op = rig_outcome(20, JOURNAL_UNKNOWN);
        op.outcome.resent = spent;
        run_op(journal, &op);
        assert_int_equal(rig_find(journal, 20).row.resent, spent);
        assert_string_equal(rig_get(rig, resent), spent ? "1" : "0");
    }
    // not in this run, which left it unknown itself
    assert_false(take_up(journal, 20, true).found);
    journal_close(journal);
    journal = rig_open(rig);
    assert_true(take_up(journal, 20, true).found);
    journal_close(journal);
    // what a crash left on its way is spent, too
    journal = rig_open(rig);
    assert_int_equal(rig_find(journal, 20).row.state, JOURNAL_UNKNOWN);
    assert_false(take_up(journal, 20, true).found);
    journal_close(journal);
}

/* AGAIN spends it or gives it back, as it is told. */
static void again_spends_the_resend(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = second_run(rig);

    for (int resend = 1; resend >= 0; resend--) {
        struct journal_op op = rig_ask(JOURNAL_AGAIN, 20, "U-20", true);
        op.resend = resend;
        op.note = "why";
        run_op(journal, &op);
        assert_int_equal(rig_find(journal, 20).row.resent, resend);
        rig_end(journal, 20, JOURNAL_UNKNOWN);
    }
    journal_close(journal);
}

static size_t left(
    struct journal *journal, int64_t above, bool resend, struct buf *text)
{
    struct journal_op op = {
        .kind = JOURNAL_LEFT, .resend = resend, .text = *text};

    op.ask.order_item_id = above;
    run_op(journal, &op);
    *text = op.text;
    return text->len / sizeof(int64_t);
}

static int64_t item_at(const struct buf *text, size_t at)
{
    int64_t item;

    memcpy(&item, text->data + at * sizeof item, sizeof item);
    return item;
}

static void finds_what_is_left(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = second_run(rig);
    struct buf text = {0};

    assert_int_equal(left(journal, 0, false, &text), 2);
    assert_int_equal(item_at(&text, 0), 10);
    assert_int_equal(item_at(&text, 1), 70);
    assert_int_equal(left(journal, 0, true, &text), 3);
    assert_int_equal(item_at(&text, 1), 20);
    assert_int_equal(left(journal, 10, true, &text), 2);
    assert_int_equal(left(journal, 70, true, &text), 0);
    // what this run has kept or taken up is not of an earlier one
    struct journal_op op = rig_ask(JOURNAL_KEEP, 70, "P-70", true);
    run_op(journal, &op);
    take_up(journal, 20, true);
    assert_int_equal(left(journal, 0, true, &text), 1);
    buf_free(&text);
    journal_close(journal);
}

/* Page by page all of them, each once, from the smallest. */
static void pages_of_what_is_left(void **state)
{
    struct rig *rig = *state;
    struct buf text = {0};
    int64_t above = 0, n = 0;
    size_t len;

    journal_close(rig_new(rig));
    rig_sql(rig, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
                 " FROM n WHERE i < 1000) INSERT INTO release (order_item_id,"
                 " code, update_stock, state, attempts, run, first_at, last_at)"
                 " SELECT i * 9000000000, 'A', 1, 'pending', 0, 1, 1, 1"
                 " FROM n");
    struct journal *journal = rig_open(rig);
    while ((len = left(journal, above, false, &text)) > 0) {
        for (size_t i = 0; i < len; i++)
            assert_int_equal(item_at(&text, i), ++n * 9000000000);
        above = item_at(&text, len - 1);
    }
    assert_int_equal(n, 1000);
    buf_free(&text);
    journal_close(journal);
}

/* A refusal that was no judgement of its row, and no other row. */
static void sets_back_what_was_refused(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = second_run(rig);

    for (size_t i = 0; i < sizeof olds / sizeof *olds; i++) {
        struct journal_op op =
            rig_ask(JOURNAL_SET_BACK, olds[i].item, "", false);
        bool refused = strcmp(olds[i].state, "rejected") == 0;
        op.note = "said to everybody";
        run_op(journal, &op);
        if (op.found != refused)
            fail_msg("%s", olds[i].state);
        struct journal_row row = rig_find(journal, olds[i].item).row;
        assert_string_equal(
            journal_state_name(row.state), refused ? "pending" : olds[i].state);
        assert_int_equal(row.update_stock, !refused);
        assert_string_equal(row.code, olds[i].code);
        assert_int_equal(row.attempts, 1);
    }
    assert_string_equal(
        rig_get(rig, "SELECT group_concat(order_item_id || what || note)"
                     " FROM audit"),
        "40set backsaid to everybody");
    journal_close(journal);
}

/* Confirmed with false, true was refused: back to pending with true. */
static void sets_back_what_is_half_done(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);

    rig_admit(journal, 7, "A");
    struct journal_op op = rig_outcome(7, JOURNAL_CONFIRMED);
    op.outcome.update_stock = false;
    run_op(journal, &op);
    op = rig_ask(JOURNAL_SET_BACK, 7, "", true);
    run_op(journal, &op);
    struct journal_row row = rig_find(journal, 7).row;
    assert_int_equal(row.state, JOURNAL_PENDING);
    assert_true(row.update_stock);
    assert_int_equal(row.applied_stock, 0);
    journal_close(journal);
}

/* With `unique`, a code that another item has or may get; what is rejected
 * or cancelled has given it up, and its own row is no other's. */
static void looks_whose_the_code_is(void **state)
{
    static const enum journal_kind kinds[] = {
        JOURNAL_ADMIT, JOURNAL_AGAIN, JOURNAL_KEEP};
    struct rig *rig = *state;
    struct journal *journal = second_run(rig);
    const char *rows = "SELECT count(*) || sum(run) || count(DISTINCT code)"
                       " FROM release";
    char before[100];

    rig_admit(journal, 9, "Z");
    snprintf(before, sizeof before, "%s", rig_get(rig, rows));
    for (size_t i = 0; i < sizeof olds / sizeof *olds; i++)
        for (size_t k = 0; k < 3; k++) {
            bool gone = strchr("RX", olds[i].code[0]) != NULL;
            bool fresh = kinds[k] == JOURNAL_ADMIT;
            struct journal_op op =
                rig_ask(kinds[k], fresh ? 8 : 9, olds[i].code, true);
            if (gone)
                continue;
            op.unique = true;
            op.note = "note";
            run_op(journal, &op);
            assert_int_equal(op.taken, olds[i].item);
            assert_false(op.found);
            assert_string_equal(rig_get(rig, rows), before);
        }
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM audit"), "0");
    journal_close(journal);
}

static void takes_a_code_that_is_free(void **state)
{
    static const char *const codes[] = {"R-40", "X-60", "new"};
    struct rig *rig = *state;
    struct journal *journal = second_run(rig);

    for (int i = 0; i < 3; i++) {
        struct journal_op op = rig_ask(JOURNAL_ADMIT, 100 + i, codes[i], true);
        op.unique = true;
        run_op(journal, &op);
        assert_int_equal(op.taken, 0);
        assert_false(op.found);
        assert_int_equal(rig_find(journal, 100 + i).row.state, JOURNAL_SENDING);
    }
    // its own row is the answer, and may be written again
    struct journal_op op = rig_ask(JOURNAL_ADMIT, 50, "C-50", true);
    op.unique = true;
    run_op(journal, &op);
    assert_true(op.found);
    assert_int_equal(op.taken, 0);
    op = rig_ask(JOURNAL_AGAIN, 10, "P-10", true);
    op.unique = true;
    run_op(journal, &op);
    assert_int_equal(op.taken, 0);
    // a row that is there is the answer, whoever has the code
    op = rig_ask(JOURNAL_ADMIT, 50, "P-10", true);
    op.unique = true;
    run_op(journal, &op);
    assert_true(op.found);
    assert_int_equal(op.taken, 0);
    // nobody asks without `unique`
    op = rig_ask(JOURNAL_ADMIT, 200, "C-50", true);
    run_op(journal, &op);
    assert_int_equal(op.taken, 0);
    journal_close(journal);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_up_what_is_left),
        TEST(takes_up_a_pending_one),
        TEST(sends_an_unknown_one_once),
        TEST(again_spends_the_resend),
        TEST(finds_what_is_left),
        TEST(pages_of_what_is_left),
        TEST(sets_back_what_was_refused),
        TEST(sets_back_what_is_half_done),
        TEST(looks_whose_the_code_is),
        TEST(takes_a_code_that_is_free),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
