/* Files that only the program itself opens, under whatever name. */
#include "base/protected.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define JOURNAL                                                                \
    "it is the journal, which only the program itself opens: "                 \
    "omnitron.known, omnitron journal list --json"
#define TOKEN "it has the token, which only the program itself reads"

static char folder[] = "/tmp/protected_test.XXXXXX";

static void make(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    close(fd);
}

static void add(enum protected_kind kind, const char *path)
{
    struct error err;

    assert_true(protected_add(kind, path, &err));
}

static const char *asked(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    errno = 77;
    const char *why = protected_file(&st);
    assert_int_equal(errno, 77);
    return why ? why : "";
}

static const char *path_asked(const char *path)
{
    errno = 77;
    const char *why = protected_path(path);
    assert_int_equal(errno, 77);
    return why ? why : "";
}

/* Each test has a folder of its own, and its files are others'. */
static int enter(void **state)
{
    static int n;
    char name[20];

    (void)state;
    snprintf(name, sizeof name, "%d", ++n);
    return chdir(folder) || mkdir(name, 0700) || chdir(name);
}

static void test_names(void **state)
{
    (void)state;
    make("journal.db");
    make("other");
    add(PROTECTED_JOURNAL, "journal.db");
    assert_int_equal(link("journal.db", "hard"), 0);
    assert_int_equal(symlink("journal.db", "soft"), 0);
    assert_int_equal(symlink("soft", "softer"), 0);
    assert_string_equal(asked("journal.db"), JOURNAL);
    assert_string_equal(asked("hard"), JOURNAL);
    assert_string_equal(asked("softer"), JOURNAL);
    assert_string_equal(asked("other"), "");
    assert_string_equal(asked("."), "");
    assert_string_equal(path_asked("softer"), JOURNAL);
    assert_string_equal(path_asked("./journal.db"), JOURNAL);
    assert_string_equal(path_asked("other"), "");
    assert_string_equal(path_asked("none"), "");
    assert_string_equal(path_asked("none/none"), "");
}

/* What is not there yet, and what comes. */
static void test_beside(void **state)
{
    static const char *const names[] = {"journal.db-wal", "journal.db-shm",
        "journal.db-journal", "journal.db.lock", "journal.db.notes"};

    (void)state;
    add(PROTECTED_JOURNAL, "journal.db");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_string_equal(path_asked(names[i]), JOURNAL);
        make(names[i]);
        assert_string_equal(asked(names[i]), JOURNAL);
    }
    assert_string_equal(path_asked("JOURNAL.DB-wal"), JOURNAL);
    assert_string_equal(path_asked("journal.db.bak"), "");
    make("journal.db-walrus");
    assert_string_equal(asked("journal.db-walrus"), "");
}

static void test_renamed(void **state)
{
    (void)state;
    make("journal.db");
    make("journal.db-wal");
    add(PROTECTED_JOURNAL, "journal.db");
    assert_int_equal(rename("journal.db", "away"), 0);
    assert_int_equal(rename("journal.db-wal", "away-wal"), 0);
    make("journal.db");
    assert_string_equal(asked("away"), JOURNAL);
    assert_string_equal(asked("away-wal"), JOURNAL);
    assert_string_equal(asked("journal.db"), JOURNAL);
    assert_string_equal(path_asked("away"), JOURNAL);
}

/* A number that was its own is given to no other file meanwhile. */
static void test_number_is_kept(void **state)
{
    char name[20];

    (void)state;
    make("journal.db");
    add(PROTECTED_JOURNAL, "journal.db");
    assert_int_equal(unlink("journal.db"), 0);
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "other%d", i);
        make(name);
        assert_string_equal(asked(name), "");
    }
}

/* Notes are replaced all the time: what they were may be anybody's now. */
static void test_notes_are_where_they_are(void **state)
{
    (void)state;
    make("journal.db.notes");
    add(PROTECTED_JOURNAL, "journal.db");
    assert_int_equal(rename("journal.db.notes", "old"), 0);
    assert_string_equal(asked("old"), "");
}

static void test_added_again(void **state)
{
    (void)state;
    make("journal.db");
    add(PROTECTED_JOURNAL, "journal.db");
    assert_int_equal(rename("journal.db", "old"), 0);
    make("journal.db");
    add(PROTECTED_JOURNAL, "journal.db");
    assert_string_equal(asked("old"), "");
    assert_string_equal(asked("journal.db"), JOURNAL);
}

static void test_link_to_a_journal(void **state)
{
    (void)state;
    assert_int_equal(mkdir("real", 0700), 0);
    make("real/data.db");
    assert_int_equal(symlink("real/data.db", "journal.db"), 0);
    add(PROTECTED_JOURNAL, "journal.db");
    assert_string_equal(path_asked("real/data.db-wal"), JOURNAL);
    assert_string_equal(path_asked("journal.db"), JOURNAL);
    assert_int_equal(unlink("journal.db"), 0);
    assert_string_equal(path_asked("journal.db"), JOURNAL);
    assert_string_equal(asked("real/data.db"), JOURNAL);
}

static void test_folder_above(void **state)
{
    (void)state;
    assert_int_equal(mkdir("a", 0700) || mkdir("a/b", 0700), 0);
    assert_int_equal(mkdir("c", 0700), 0);
    make("a/b/journal.db");
    add(PROTECTED_JOURNAL, "a/b/journal.db");
    assert_string_equal(path_asked("a"), JOURNAL);
    assert_string_equal(path_asked("a/"), JOURNAL);
    assert_string_equal(path_asked("a/b"), JOURNAL);
    assert_string_equal(path_asked("c"), "");
    assert_int_equal(rename("a", "c/a"), 0);
    assert_string_equal(path_asked("c"), JOURNAL);
    assert_string_equal(path_asked("c/a/b/journal.db-wal"), JOURNAL);
}

static void test_token(void **state)
{
    (void)state;
    make("token");
    make("token.lock");
    make("password");
    add(PROTECTED_TOKEN, "token");
    add(PROTECTED_PASSWORD, "password");
    assert_string_equal(asked("token"), TOKEN);
    assert_string_equal(asked("token.lock"), "");
    assert_string_equal(path_asked("password"),
        "it has the password, which only the program itself reads");
}

static void test_no_folder(void **state)
{
    (void)state;
    add(PROTECTED_JOURNAL, "none/journal.db");
    assert_string_equal(path_asked("none/journal.db"), "");
}

/* Whether another process could have the whole file for itself. */
static bool is_free(const char *path)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        struct flock all = {.l_type = F_WRLCK};
        int fd = open(path, O_RDWR | O_CLOEXEC);
        _exit(fd < 0 || fcntl(fd, F_SETLK, &all) != 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status == 0;
}

/* What all of this is for: a descriptor that is closed takes the locks of the
 * process along, and none of these does. */
static void test_locks_stay(void **state)
{
    struct flock all = {.l_type = F_WRLCK};

    (void)state;
    make("journal.db");
    int fd = open("journal.db", O_RDWR | O_CLOEXEC);
    assert_int_equal(fcntl(fd, F_SETLK, &all), 0);
    assert_false(is_free("journal.db"));
    add(PROTECTED_JOURNAL, "journal.db");
    add(PROTECTED_JOURNAL, "journal.db");
    assert_string_equal(asked("journal.db"), JOURNAL);
    assert_string_equal(path_asked("journal.db"), JOURNAL);
    assert_false(is_free("journal.db"));
    close(open("journal.db", O_RDONLY | O_CLOEXEC));
    assert_true(is_free("journal.db"));
    close(fd);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    char command[sizeof folder + 20];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return chdir("/") || system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_names, enter),
        cmocka_unit_test_setup(test_beside, enter),
        cmocka_unit_test_setup(test_renamed, enter),
        cmocka_unit_test_setup(test_number_is_kept, enter),
        cmocka_unit_test_setup(test_notes_are_where_they_are, enter),
        cmocka_unit_test_setup(test_added_again, enter),
        cmocka_unit_test_setup(test_link_to_a_journal, enter),
        cmocka_unit_test_setup(test_folder_above, enter),
        cmocka_unit_test_setup(test_token, enter),
        cmocka_unit_test_setup(test_no_folder, enter),
        cmocka_unit_test_setup(test_locks_stay, enter),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
