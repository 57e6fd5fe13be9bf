/* What is done already is taken into a journal: all of it, or none. */
#include "journal_rig.h"

#include "history/import.h"
#include "history/reader.h"

static const struct import_order order = {
    .who = "eva", .note = "by the old script", .script = "import_test"};

static const struct import_row rows[] = {
    {101, "A/1", true, 0, "done.csv:2"},
    {102, "A/2", false, 7102, "done.csv:3"},
};

static struct import *begin(const struct rig *rig)
{
    struct error err;
    struct import *import = import_open(rig->path, &order, &err);

    if (!import)
        rig_fail(&err);
    return import;
}

/* Whether it was taken. */
static bool add(
    struct import *import, int64_t item, const char *code, bool stock)
{
    struct import_row row = {item, code, stock, 0, "done.csv:9"};
    struct journal_row there;
    struct error err;
    bool refused;

    if (!import_add(import, &row, &refused, &there, &err))
        rig_fail(&err);
    return !refused;
}

static void keep(struct import *import)
{
    struct error err;

    if (!import_keep(import, &err))
        rig_fail(&err);
    import_close(import);
}

static void check_whole(const struct rig *rig)
{
    assert_string_equal(rig_get(rig, "PRAGMA integrity_check"), "ok");
}

static void rows_are_confirmed(void **state)
{
    struct rig *rig = *state;
    struct journal_row there;
    struct error err;
    bool refused;

    rig_make(rig);
    struct import *import = begin(rig);
    for (size_t i = 0; i < 2; i++) {
        assert_true(import_add(import, &rows[i], &refused, &there, &err));
        assert_false(refused);
    }
    assert_int_equal(import_result(import)->rows, 2);
    keep(import);
    assert_string_equal(
        rig_get(rig, "SELECT group_concat(order_item_id || code || "
                     "update_stock || state || attempts || applied_stock || "
                     "ifnull(mapping_pk, '-') || source || run, '|') FROM "
                     "release"),
        "101A/11confirmed01-done.csv:20|102A/20confirmed007102done.csv:30");
    assert_string_equal(
        rig_get(rig, "SELECT group_concat(order_item_id || who || what || "
                     "note, '|') FROM audit"),
        "101evaimported: done alreadyby the old script|"
        "102evaimported: done alreadyby the old script");
    check_whole(rig);
}

/* No run has it, and so none's end puts it among the words. */
static void is_found_by_code_and_line(void **state)
{
    static const char *const words[] = {"a/1", "/srv/done.csv:9"};
    struct rig *rig = *state;
    struct error err;

    rig_make(rig);
    rig_sql(rig, "UPDATE meta SET words_run = 7");
    struct import *import = begin(rig);
    assert_true(add(import, 101, "A/1", true));
    keep(import);
    struct reader *reader = reader_open(rig->path, &err);
    assert_non_null(reader);
    for (size_t i = 0; i < 2; i++) {
        struct buf items = {0};
        assert_true(reader_find(reader, words[i], READER_WHOLE, &items, &err));
        assert_int_equal(items.len, sizeof(int64_t));
        buf_free(&items);
    }
    reader_close(reader);
}

static void nothing_is_kept_unless_asked(void **state)
{
    struct rig *rig = *state;

    rig_make(rig);
    struct import *import = begin(rig);
    assert_true(add(import, 101, "A/1", true));
    import_close(import);
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM release"), "0");
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM audit"), "0");
    import_close(NULL);
}

/* States that a run has left, and what an import makes of each. */
static void what_contradicts_is_refused(void **state)
{
    static const struct {
        const char *state;
        bool same, other;
    } rows_of[] = {{"pending", true, false}, {"rejected", true, false},
        {"cancelled", true, false}, {"unknown", false, false},
        {"confirmed", true, false}};
    struct rig *rig = *state;
    char sql[400];

    rig_make(rig);
    for (int i = 0; i < 5; i++) {
        snprintf(sql, sizeof sql,
            "INSERT INTO release (order_item_id, code, update_stock, state, "
            "attempts, attempt_stock, applied_stock, started_at, outcome, "
            "run, first_at, last_at) VALUES (%d, 'A', 1, '%s', 1, 1, %s, 5, "
            "'refused', 1, 5, 5)",
            i + 1, rows_of[i].state, i == 4 ? "1" : "NULL");
        rig_sql(rig, sql);
    }
    struct import *import = begin(rig);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(add(import, i + 1, "B", true), rows_of[i].other);
        assert_int_equal(add(import, i + 1, "A", true), rows_of[i].same);
    }
    assert_false(add(import, 5, "A", false));
    const struct import_result *r = import_result(import);
    assert_int_equal(r->changed, 3);
    assert_int_equal(r->already, 1);
    assert_int_equal(r->refused, 7);
    keep(import);
    assert_string_equal(rig_get(rig, "SELECT group_concat(state) FROM release"),
        "confirmed,confirmed,confirmed,unknown,confirmed");
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM attempt"), "3");
}

static void an_item_twice_is_once(void **state)
{
    struct rig *rig = *state;

    rig_make(rig);
    struct import *import = begin(rig);
    assert_true(add(import, 101, "A/1", true));
    assert_true(add(import, 101, "A/1", true));
    assert_false(add(import, 101, "A/2", true));
    assert_false(add(import, 101, "A/1", false));
    assert_int_equal(import_result(import)->rows, 1);
    assert_int_equal(import_result(import)->already, 1);
    import_close(import);
}

static void a_run_keeps_it_out(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct error err;

    assert_null(import_open(rig->path, &order, &err));
    assert_int_equal(err.kind, ERROR_HELD);
    journal_close(journal);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_are_confirmed),
        TEST(is_found_by_code_and_line),
        TEST(nothing_is_kept_unless_asked),
        TEST(what_contradicts_is_refused),
        TEST(an_item_twice_is_once),
        TEST(a_run_keeps_it_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
