/* A journal that an older omnitron made: the next run brings it up, with all
 * that is in it.
 *
 * schema/N.sql is what took a file to version N when that was the newest; it
 * is not schema.c's text, so a step that was changed afterwards is seen. */
#include "journal/schema.h"
#include "journal/shape.h"
#include "journal_rig.h"

enum { NEWEST = 4 };

static void run_file(const struct rig *rig, const char *name)
{
    char path[80], sql[8192];

    snprintf(path, sizeof path, "tests/unit/schema/%s", name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t len = fread(sql, 1, sizeof sql - 1, file);
    assert_true(len > 0 && len < sizeof sql - 1);
    fclose(file);
    sql[len] = '\0';
    rig_sql(rig, sql);
}

/* Mode 0600 as any journal. */
static void make_old(const struct rig *rig, int version)
{
    char name[16];

    for (int i = 1; i <= version; i++) {
        snprintf(name, sizeof name, "%d.sql", i);
        run_file(rig, name);
    }
    run_file(rig, "rows.sql");
    chmod(rig->path, 0600);
}

/* Everything that the tables of version 1 had in a file, as one text. */
static void read_all(const struct rig *rig, char *out, size_t size)
{
    static const char *const questions[] = {
        "SELECT group_concat(order_item_id || code || update_stock || state"
        " || attempts || ifnull(attempt_stock, '-')"
        " || ifnull(applied_stock, '-') || ifnull(started_at, '-')"
        " || ifnull(why, '-'), '|') FROM release",
        "SELECT group_concat(ifnull(http_status, '-') || ifnull(message, '-')"
        " || ifnull(hex(reply), '-') || ifnull(mapping_pk, '-')"
        " || ifnull(source, '-') || ifnull(name, '-') || ifnull(seen, '-')"
        " || run || first_at || last_at, '|') FROM release",
        "SELECT order_item_id || n || started_at || ms || code || update_stock"
        " || sent || http_status || hex(reply) || outcome || why FROM attempt",
        "SELECT id || order_item_id || at || who || what || note FROM audit",
        "SELECT order_item_id || code || update_stock || source || name || run"
        " || first_at || last_at FROM conflict",
        "SELECT id || started_at || ended_at || script || host || pid || exit"
        " || summary FROM run WHERE id = 1",
        "SELECT key || value || at || run FROM cursor",
        "SELECT id || host || created_at FROM meta",
    };
    size_t len = 0;

    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        const char *text = rig_get(rig, questions[i]);
        assert_true(text[0] != '\0');
        len += (size_t)snprintf(out + len, size - len, "%s\n", text);
    }
    assert_true(len < size);
}

static void check_rows(struct journal *journal)
{
    static const struct {
        int64_t item;
        const char *code;
        enum journal_state state;
    } rows[] = {{10, "P-10", JOURNAL_PENDING}, {20, "U-20", JOURNAL_UNKNOWN},
        {40, "R-40", JOURNAL_REJECTED}, {50, "C-50", JOURNAL_CONFIRMED},
        {60, "X-60", JOURNAL_CANCELLED}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct journal_op op = rig_find(journal, rows[i].item);
        assert_true(op.found);
        assert_string_equal(op.row.code, rows[i].code);
        assert_int_equal(op.row.state, rows[i].state);
        assert_false(op.row.resent);
    }
}

static void check_new_columns(const struct rig *rig)
{
    assert_string_equal(
        rig_get(rig, "SELECT count(*) || group_concat(ifnull(script_hash, '-'))"
                     " FROM run"),
        "2-,-");
    assert_string_equal(rig_get(rig, "SELECT count(*) FROM input"), "0");
    assert_string_equal(
        rig_get(rig, "SELECT words_run || (SELECT count(order_number) FROM "
                     "release) FROM meta"),
        "00");
    assert_string_equal(rig_get(rig, "SELECT (SELECT count(*) FROM home) ||"
                                     " (SELECT count(*) FROM pause) ||"
                                     " (SELECT count(*) FROM word)"),
        "100"); // it is at home where it was opened
    assert_string_equal(rig_get(rig, "PRAGMA integrity_check"), "ok");
}

static void bring_up(struct rig *rig, int version)
{
    static char before[4096], after[4096];
    char newest[8];

    make_old(rig, version);
    read_all(rig, before, sizeof before);
    struct journal *journal = rig_open(rig);
    snprintf(newest, sizeof newest, "%d", NEWEST);
    assert_string_equal(rig_get(rig, "PRAGMA user_version"), newest);
    read_all(rig, after, sizeof after);
    assert_string_equal(after, before);
    check_rows(journal);
    check_new_columns(rig);
    // an unknown row of before has its one resend still
    struct journal_op op = {
        .kind = JOURNAL_TAKE_UP, .resend = true, .note = "once more"};
    op.ask.order_item_id = 20;
    rig_do(journal, &op);
    assert_true(op.found);
    journal_close(journal);
}

static void brings_up_version_1(void **state)
{
    bring_up(*state, 1);
}

static void brings_up_version_2(void **state)
{
    bring_up(*state, 2);
}

static void brings_up_version_3(void **state)
{
    bring_up(*state, 3);
}

/* A brought-up file has the tables of a new one, word for word but for the
 * columns that were added. */
static void is_as_a_new_one(void **state)
{
    static const char tables[] =
        "SELECT group_concat(name || (SELECT group_concat(name || type"
        " || \"notnull\" || ifnull(dflt_value, '') || pk)"
        " FROM pragma_table_info(m.name))) FROM (SELECT name FROM sqlite_schema"
        " WHERE type = 'table' AND name IN ('input', 'run')"
        " ORDER BY name) AS m";
    struct rig *rig = *state;
    char brought[400];

    bring_up(rig, 1);
    snprintf(brought, sizeof brought, "%s", rig_get(rig, tables));
    unlink(rig->path);
    journal_close(rig_new(rig));
    assert_string_equal(rig_get(rig, tables), brought);
}

/* What is added is checked like what was there. */
static void checks_what_is_new(void **state)
{
    static const char *const wrong[] = {
        "UPDATE release SET resent = 2",
        "INSERT INTO input (source, name, item, what, message, place,"
        " first_run, run, first_at, last_at, times)"
        " VALUES ('a', '', '', 'released', '', '', 1, 1, 1, 1, 1)",
        "INSERT INTO input (source, name, item, what, message, place,"
        " first_run, run, first_at, last_at, times)"
        " VALUES ('a', '', '', 'later', '', '', 1, 1, 1, 1, 0)",
    };
    struct rig *rig = *state;
    sqlite3 *db;

    bring_up(rig, 1);
    assert_int_equal(sqlite3_open(rig->path, &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(
            sqlite3_exec(db, wrong[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
    sqlite3_close(db);
}

/* Else each start would make a journal in memory to compare with. */
static void the_digest_is_that_of_a_new_one(void **state)
{
    const struct rig *rig = *state;
    struct store store = {.name = rig->path};
    struct error err;
    bool known = false;

    rig_make(rig);
    rig_sql(rig, "CREATE INDEX release_code ON release (code); ANALYZE");
    assert_true(store_open(&store, rig->path, SQLITE_OPEN_READONLY, &err) &&
                shape_known(&store, schema_digest(NEWEST), &known, &err));
    assert_true(known);
    store_close(&store, false);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(brings_up_version_1),
        TEST(brings_up_version_2),
        TEST(brings_up_version_3),
        TEST(is_as_a_new_one),
        TEST(the_digest_is_that_of_a_new_one),
        TEST(checks_what_is_new),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
