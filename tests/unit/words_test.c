/* What releases are found by: that it is complete whenever its filling ends,
 * leads to no other row, and is not larger than it has to be. */
#include "journal_rig.h"

#include "history/prune.h"
#include "history/reader.h"
#include "history/words.h"

/* One release, confirmed, of a row with these fields. */
static void release(struct journal *journal, int64_t item, const char *code,
    const char *order, const char *seen)
{
    struct journal_op op = rig_ask(JOURNAL_ADMIT, item, code, true);

    op.ask.source = "data/lines.csv:7";
    op.ask.name = NULL;
    op.ask.order_number = order;
    op.ask.seen = seen;
    rig_do(journal, &op);
    assert_false(op.failed || op.found);
    rig_end(journal, item, JOURNAL_CONFIRMED);
}

static void fill_up(struct journal *journal)
{
    const struct words_order order = {0};
    struct error err;

    if (!words_fill(journal, &order, &err))
        rig_fail(&err);
}

static void end(struct journal *journal)
{
    struct error err;

    if (!journal_end_run(journal, "{}", 0, &err))
        rig_fail(&err);
    fill_up(journal);
    journal_close(journal);
}

/* The items that a word finds, "1 2 ". */
static const char *found(
    const struct rig *rig, const char *word, enum reader_way way)
{
    static char text[400];
    struct buf items = {0};
    struct error err;
    struct reader *reader = reader_open(rig->path, &err);

    text[0] = '\0';
    if (!reader || !reader_find(reader, word, way, &items, &err))
        rig_fail(&err);
    for (size_t at = 0; at < items.len; at += sizeof(int64_t)) {
        size_t len = strlen(text);
        int64_t item;
        memcpy(&item, items.data + at, sizeof item);
        snprintf(text + len, sizeof text - len, "%lld ", (long long)item);
    }
    reader_close(reader);
    buf_free(&items);
    return text;
}

static const char *whole(const struct rig *rig, const char *word)
{
    return found(rig, word, READER_WHOLE);
}

static const char *words_run(const struct rig *rig)
{
    return rig_get(rig, "SELECT words_run FROM meta");
}

static const char seen[] =
    "{\"item\":\"11\",\"customer\":\"C-007\",\"qty\":12.5,\"gift\":true,"
    "\"note\":\"a \\\"b\\\"\",\"one\":\"x\",\"name\":\"İpek\",\"…\":77}";

static void look_for_all(const struct rig *rig)
{
    static const struct {
        const char *word, *items;
    } rows[] = {{"so-1/10", "11 "}, {"ORD-1", "11 "}, {"lines.csv:7", "12 11 "},
        {"/srv/data/lines.csv:7", "12 11 "}, {"other/lines.csv:7", ""},
        {"c-007", "11 "}, {"12.5", "11 "}, {"a \"b\"", "11 "}, {"İpek", "11 "},
        {"x", ""}, {"77", ""}, {"true", ""}, {"C-00", ""}, {"11", ""},
        {"so-2", "12 "}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(whole(rig, rows[i].word), rows[i].items);
    assert_string_equal(found(rig, "C-0", READER_BEGINS), "11 ");
    assert_string_equal(found(rig, "so-", READER_BEGINS), "12 11 ");
    assert_string_equal(found(rig, "so", READER_BEGINS), "");
    assert_string_equal(found(rig, "lin", READER_BEGINS), "");
    assert_string_equal(found(rig, "c-007", READER_NAMED), "");
    assert_string_equal(found(rig, "ord-1", READER_NAMED), "11 ");
}

static void finds_the_same_with_and_without(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);

    release(journal, 11, "SO-1/10", "ORD-1", seen);
    journal_close(journal);
    journal = rig_open(rig);
    release(journal, 12, "SO-2", NULL, NULL);
    assert_string_equal(words_run(rig), "0");
    look_for_all(rig);
    end(journal);
    assert_string_equal(words_run(rig), "2");
    look_for_all(rig);
    assert_string_equal(
        rig_get(rig, "SELECT group_concat(value, ' ') FROM (SELECT value FROM"
                     " word WHERE order_item_id = 11 ORDER BY value)"),
        "12.5 a \"b\" c-007 lines.csv:7 ord-1 so-1/10 İpek");
}

static void a_row_that_changes_is_found_by_what_it_is(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op;

    release(journal, 11, "A-1", "ORD-1", "{\"customer\":\"C-007\"}");
    end(journal);
    journal = rig_open(rig);
    op = rig_ask(JOURNAL_AGAIN, 11, "A-2", true);
    op.ask.seen = "{\"customer\":\"C-008\"}";
    rig_do(journal, &op);
    rig_end(journal, 11, JOURNAL_CONFIRMED);
    for (int filled = 0; filled < 2; filled++) {
        assert_string_equal(whole(rig, "C-007"), "");
        assert_string_equal(whole(rig, "a-1"), "");
        assert_string_equal(whole(rig, "C-008"), "11 ");
        assert_string_equal(whole(rig, "ord-1"), "11 ");
        fill_up(journal);
    }
    journal_close(journal);
}

static bool stops(void *asked)
{
    return (*(int *)asked)-- == 0;
}

static void add_many(const struct rig *rig, int run, int first, int last)
{
    char sql[600];

    snprintf(sql, sizeof sql,
        "WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n"
        " WHERE i < %d) INSERT INTO release (order_item_id, code, update_stock,"
        " state, attempts, applied_stock, source, seen, run, first_at, last_at)"
        " SELECT i, 'K-' || i, 1, 'confirmed', 1, 1, 'lines.csv:2',"
        " '{\"store\":\"ANK\"}', %d, 1, 1 FROM n",
        first, last, run);
    rig_sql(rig, sql);
}

/* Wherever it is stopped, all is found, and the next one goes on. */
static void what_is_stopped_is_gone_on_with(void **state)
{
    struct rig *rig = *state;
    int asked = 2;
    struct words_order order = {.stops = stops, .arg = &asked};
    struct journal *journal = rig_new(rig);
    struct error err;

    add_many(rig, 1, 1, 3000);
    add_many(rig, 2, 3001, 11000);
    assert_true(words_fill(journal, &order, &err));
    assert_string_equal(words_run(rig), "1");
    assert_string_equal(whole(rig, "k-1"), "1 ");
    assert_string_equal(whole(rig, "k-10999"), "10999 ");
    fill_up(journal);
    assert_string_equal(words_run(rig), "2");
    assert_string_equal(whole(rig, "k-10999"), "10999 ");
    assert_string_equal(
        rig_get(rig, "SELECT count(*) FROM word WHERE value LIKE 'k-%'"),
        "11000");
    journal_close(journal);
}

/* A journal of before is not taken at once, but whole runs of it. */
static void takes_enough_for_one_end(void **state)
{
    struct rig *rig = *state;
    struct words_order order = {.enough = 4000};
    struct journal *journal = rig_new(rig);
    struct error err;

    for (int run = 1; run <= 4; run++)
        add_many(rig, run, run * 10000, run * 10000 + 4999);
    assert_true(words_fill(journal, &order, &err));
    assert_string_equal(words_run(rig), "1");
    assert_true(words_fill(journal, &order, &err));
    assert_true(words_fill(journal, &order, &err));
    assert_true(words_fill(journal, &order, &err));
    assert_string_equal(words_run(rig), "4");
    journal_close(journal);
}

static void what_many_have_is_not_added_for_ever(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);

    add_many(rig, 1, 1, 2500);
    fill_up(journal);
    add_many(rig, 2, 3001, 3005);
    fill_up(journal);
    assert_string_equal(
        rig_get(rig, "SELECT count(*) FROM word WHERE value = 'ank'"), "1000");
    assert_string_equal(whole(rig, "K-3005"), "3005 ");
    assert_memory_equal(whole(rig, "lines.csv:2"), "3001 3002 ", 10);
    journal_close(journal);
}

static void what_is_pruned_is_found_by_its_names(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct prune_order order = {.before = INT64_MAX};
    struct prune_result result;
    struct error err;

    release(journal, 11, "SO-1/10", "ORD-1",
        "{\"order\":\"ORD-1\",\"customer\":\"C-007\"}");
    end(journal);
    if (!prune(rig->path, &order, &result, &err))
        rig_fail(&err);
    assert_string_equal(whole(rig, "ORD-1"), "11 ");
    assert_string_equal(whole(rig, "so-1/10"), "11 ");
    assert_string_equal(
        rig_get(rig, "SELECT count(*) FROM word WHERE value = 'c-007'"), "0");
    assert_string_equal(
        rig_get(rig, "SELECT count(*) FROM word WHERE value = 'ord-1'"), "1");
}

static void long_ones_are_cut(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    char code[201] = {0}, other[201] = {0};

    memset(code, 'A', 200);
    memset(other, 'A', 199);
    other[199] = 'B';
    release(journal, 11, code, NULL, NULL);
    end(journal);
    assert_string_equal(whole(rig, code), "11 ");
    assert_string_equal(whole(rig, other), "");
    assert_string_equal(found(rig, "AAAA", READER_BEGINS), "11 ");
    code[150] = '\0';
    assert_string_equal(found(rig, code, READER_BEGINS), "11 ");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_the_same_with_and_without),
        TEST(a_row_that_changes_is_found_by_what_it_is),
        TEST(what_is_stopped_is_gone_on_with),
        TEST(takes_enough_for_one_end),
        TEST(what_many_have_is_not_added_for_ever),
        TEST(what_is_pruned_is_found_by_its_names),
        TEST(long_ones_are_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
