/* Files that are moved: within a file system, and from one to another. */
#include "base/folder.h"
#include "base/mem.h"
#include "base/move.h"

#include <dirent.h>
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
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char inbox[] = "/tmp/move_test.XXXXXX";
static char archive[] = "/tmp/move_test.XXXXXX";
static char far_away[] = "/dev/shm/move_test.XXXXXX";

static const char *at(const char *folder, const char *name)
{
    static char paths[4][600];
    static int next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void spill(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void holds(const char *path, const char *text)
{
    char got[100] = "";
    FILE *file = fopen(path, "r");

    if (!file)
        fail_msg("%s: %s", path, strerror(errno));
    size_t n = fread(got, 1, sizeof got - 1, file);
    fclose(file);
    got[n] = '\0';
    assert_string_equal(got, text);
}

static bool is_there(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

static void clear(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove(at(folder, entry->d_name));
    if (dir)
        closedir(dir);
}

static int clear_all(void **state)
{
    (void)state;
    clear(inbox);
    clear(archive);
    clear(far_away);
    return 0;
}

static int count(const char *folder)
{
    DIR *dir = opendir(folder);
    int n = -2; // . and ..

    while (dir && readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static void moves(const char *path, const char *folder, const char *wanted)
{
    struct error err;
    char *to = NULL, *would = NULL;

    if (!move_would(path, folder, &would, &err) ||
        !move_file(path, folder, &to, &err))
        fail_msg("%s", err.text);
    assert_string_equal(to, wanted);
    assert_string_equal(would, wanted);
    mem_free(to);
    mem_free(would);
}

static void refused(const char *path, const char *folder, const char *words)
{
    struct error err;
    char *to = NULL;

    assert_false(move_would(path, folder, &to, &err));
    assert_null(to);
    err.text[0] = '\0';
    assert_false(move_file(path, folder, &to, &err));
    assert_null(to);
    assert_string_equal(err.text, words);
}

static void never_over_another(const char *folder)
{
    for (int i = 1; i <= 3; i++) {
        char name[20], text[20];
        snprintf(name, sizeof name, i > 1 ? "a.csv.%d" : "a.csv", i);
        snprintf(text, sizeof text, "the %d. file", i);
        spill(at(inbox, "a.csv"), text);
        moves(at(inbox, "a.csv"), folder, at(folder, name));
        assert_false(is_there(at(inbox, "a.csv")));
    }
    holds(at(folder, "a.csv"), "the 1. file");
    holds(at(folder, "a.csv.2"), "the 2. file");
    holds(at(folder, "a.csv.3"), "the 3. file");
    assert_int_equal(count(folder), 3);
}

static void nothing_is_overwritten(void **state)
{
    (void)state;
    never_over_another(archive);
}

static void nothing_is_overwritten_on_another_disk(void **state)
{
    struct stat here, there;

    (void)state;
    assert_int_equal(stat(inbox, &here), 0);
    assert_int_equal(stat(far_away, &there), 0);
    if (here.st_dev == there.st_dev)
        skip();
    never_over_another(far_away);
}

static void a_copy_keeps_its_mode_and_time(void **state)
{
    struct stat before, after;

    (void)state;
    spill(at(inbox, "a.csv"), "text");
    assert_int_equal(chmod(at(inbox, "a.csv"), 0640), 0);
    assert_int_equal(stat(at(inbox, "a.csv"), &before), 0);
    moves(at(inbox, "a.csv"), far_away, at(far_away, "a.csv"));
    assert_int_equal(stat(at(far_away, "a.csv"), &after), 0);
    assert_int_equal(after.st_mode, before.st_mode);
    assert_int_equal(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
    assert_int_equal(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
}

static void what_is_there_already_stays(void **state)
{
    (void)state;
    spill(at(archive, "a.csv"), "text");
    moves(at(archive, "a.csv"), archive, at(archive, "a.csv"));
    holds(at(archive, "a.csv"), "text");
}

static void what_cannot_be_moved_stays(void **state)
{
    char words[500];

    (void)state;
    spill(at(inbox, "a.csv"), "text");
    snprintf(words, sizeof words, "cannot move %s/a.csv: there is no folder %s",
        inbox, at(inbox, "none"));
    refused(at(inbox, "a.csv"), at(inbox, "none"), words);
    snprintf(
        words, sizeof words, "cannot move %s: it is not a regular file", inbox);
    refused(inbox, archive, words);
    snprintf(words, sizeof words,
        "cannot move %s/b to %s: No such file or directory", inbox, archive);
    refused(at(inbox, "b"), archive, words);
    assert_int_equal(symlink("a.csv", at(inbox, "link")), 0);
    snprintf(words, sizeof words,
        "cannot move %s/link: it is not a regular file", inbox);
    refused(at(inbox, "link"), archive, words);
    holds(at(inbox, "a.csv"), "text");
    assert_int_equal(count(archive), 0);
}

static void lists(const char *pattern, int64_t quiet_ms, const char *wanted)
{
    char got[500] = "";
    struct folder_files files;
    struct error err;

    if (!folder_list(inbox, pattern, quiet_ms, NULL, &files, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < files.len; i++) {
        assert_memory_equal(files.paths[i], inbox, strlen(inbox));
        strcat(strcat(got, i ? " " : ""), files.paths[i] + strlen(inbox));
    }
    folder_files_fini(&files);
    assert_string_equal(got, wanted);
}

static void a_folder_is_listed(void **state)
{
    static const char *const names[] = {
        "b.csv", "a.csv", "B.csv", ".hidden.csv", "c.txt", "[x].csv"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        spill(at(inbox, names[i]), "");
    assert_int_equal(symlink("a.csv", at(inbox, "link.csv")), 0);
    assert_int_equal(mkdir(at(inbox, "folder.csv"), 0700), 0);
    lists("*.csv", 0, "/B.csv /[x].csv /a.csv /b.csv");
    lists("[ab].csv", 0, "/B.csv /a.csv /b.csv");
    lists("*.CSV", 0, "/B.csv /[x].csv /a.csv /b.csv");
    lists("\\[*", 0, "/[x].csv");
    lists(".*", 0, "/.hidden.csv");
    lists("none", 0, "");
}

static void set_age(const char *name, int64_t seconds)
{
    struct timespec times[2];

    clock_gettime(CLOCK_REALTIME, &times[0]);
    times[0].tv_sec -= seconds;
    times[1] = times[0];
    assert_int_equal(utimensat(AT_FDCWD, at(inbox, name), times, 0), 0);
}

static void what_changed_lately_is_left_out(void **state)
{
    static const struct {
        const char *name;
        int64_t age;
    } files[] = {{"old", 3600}, {"new", 1}, {"ahead", -5}, {"mad", -1000000}};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        spill(at(inbox, files[i].name), "");
        set_age(files[i].name, files[i].age);
    }
    lists("*", 60000, "/mad /old");
    lists("*", 0, "/ahead /mad /new /old");
}

static void a_folder_that_is_none(void **state)
{
    struct folder_files files;
    struct error err;

    (void)state;
    assert_false(folder_list("/no/such", "*", 0, NULL, &files, &err));
    assert_string_equal(
        err.text, "cannot list /no/such: No such file or directory");
    assert_null(files.paths);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(nothing_is_overwritten, clear_all),
        cmocka_unit_test_teardown(
            nothing_is_overwritten_on_another_disk, clear_all),
        cmocka_unit_test_teardown(a_copy_keeps_its_mode_and_time, clear_all),
        cmocka_unit_test_teardown(what_is_there_already_stays, clear_all),
        cmocka_unit_test_teardown(what_cannot_be_moved_stays, clear_all),
        cmocka_unit_test_teardown(a_folder_is_listed, clear_all),
        cmocka_unit_test_teardown(what_changed_lately_is_left_out, clear_all),
        cmocka_unit_test(a_folder_that_is_none),
    };

    if (!mkdtemp(inbox) || !mkdtemp(archive) || !mkdtemp(far_away))
        return 1;
    int failed = cmocka_run_group_tests_name("move", tests, NULL, NULL);
    rmdir(inbox);
    rmdir(archive);
    rmdir(far_away);
    return failed;
}
