/* A copy of one moment, whoever writes meanwhile. */
#include "journal_rig.h"

#include "history/backup.h"
#include "history/verify.h"

#include <sys/wait.h>

static const char *copy_name(const struct rig *rig)
{
    static char name[100];

    snprintf(name, sizeof name, "%s/copy.db", rig->folder);
    return name;
}

static struct backup_result copy_it(const struct rig *rig)
{
    struct backup_result result;
    struct error err;

    if (!backup(rig->path, copy_name(rig), &result, &err))
        rig_fail(&err);
    return result;
}

/* Some 20 MB, so that it takes many steps. */
static void fill(const struct rig *rig)
{
    rig_make(rig);
    rig_sql(rig,
        "INSERT INTO run (id, started_at, pid) VALUES (1, 1, 7);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 20000)"
        " INSERT INTO release (order_item_id, code, update_stock, state,"
        " attempts, seen, run, first_at, last_at)"
        " SELECT i, 'C' || i, 1, 'pending', 0, hex(zeroblob(500)), 1, 1, 1"
        " FROM n");
}

/* Two rows that are always alike, changed together as fast as it goes. */
static void write_for_ever(const struct rig *rig, int ready)
{
    sqlite3 *db;

    if (sqlite3_open(rig->path, &db) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL))
        _exit(1);
    for (long i = 0;; i++) {
        int rc = sqlite3_exec(db,
            "UPDATE release SET last_at = last_at + 1"
            " WHERE order_item_id IN (1, 20000)",
            NULL, NULL, NULL);

        if ((rc != SQLITE_OK && rc != SQLITE_BUSY) ||
            (i == 10 && write(ready, "", 1) != 1))
            _exit(1);
    }
}

static pid_t start_writer(const struct rig *rig)
{
    int ends[2];
    char byte;

    assert_int_equal(pipe(ends), 0);
    pid_t child = rig_fork();
    if (child == 0)
        write_for_ever(rig, ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    close(ends[1]);
    return child;
}

static void ends_beside_one_who_never_rests(void **state)
{
    struct rig *rig = *state, copy = {0};
    int status;

    fill(rig);
    pid_t child = start_writer(rig);
    struct backup_result result = copy_it(rig);
    assert_int_equal(waitpid(child, &status, WNOHANG), 0);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    assert_int_equal(result.releases, 20000);
    assert_true(result.restarts >= 3);
    assert_true(result.restarts <= 4);
    snprintf(copy.path, sizeof copy.path, "%s/copy.db", rig->folder);
    assert_string_equal(rig_get(&copy, "PRAGMA integrity_check"), "ok");
    assert_string_equal(
        rig_get(&copy, "SELECT count(DISTINCT last_at) FROM release"
                       " WHERE order_item_id IN (1, 20000)"),
        "1");
}

/* The log is for who writes, and nobody does any more. */
static void leaves_no_trace(void **state)
{
    struct rig *rig = *state;
    struct stat st;

    fill(rig);
    int names = rig_names(rig);
    struct backup_result result = copy_it(rig);
    assert_int_equal(rig_names(rig), names + 1);
    assert_int_equal(result.restarts, 0);
    assert_int_equal(result.runs, 1);
    assert_int_equal(stat(copy_name(rig), &st), 0);
    assert_int_equal(st.st_size, result.bytes);
    assert_int_equal(st.st_mode & 07777, 0600);
}

static void opens_as_a_journal(void **state)
{
    struct rig *rig = *state;
    struct error err;

    fill(rig);
    copy_it(rig);
    struct journal *journal =
        rig_try(copy_name(rig), "https://acme.omnitron.net", &err);
    if (!journal)
        rig_fail(&err);
    assert_int_equal(journal_run(journal), 2);
    journal_close(journal);
}

static void nothing_of_a_damaged_one_gets_the_name(void **state)
{
    struct rig *rig = *state;
    struct backup_result result;
    struct error err;
    FILE *file;

    fill(rig);
    int names = rig_names(rig);
    file = fopen(rig->path, "r+");
    assert_non_null(file);
    for (long page = 100; page < 4000; page += 7) {
        fseek(file, page * 4096, SEEK_SET);
        fputs("this is no page of a database", file);
    }
    fclose(file);
    assert_false(backup(rig->path, copy_name(rig), &result, &err));
    assert_int_equal(err.kind, ERROR_DISK);
    assert_int_equal(rig_names(rig), names);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ends_beside_one_who_never_rests),
        TEST(leaves_no_trace),
        TEST(opens_as_a_journal),
        TEST(nothing_of_a_damaged_one_gets_the_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
