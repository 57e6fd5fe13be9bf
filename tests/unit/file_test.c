/* What is opened where a file is meant, and what is not. */
#include "base/file.h"
#include "base/protected.h"
#include "mock/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { RACES = 20000, UNTIL_KILLED_S = 60 };

static char folder[] = "/tmp/regular_test.XXXXXX";

static void spill(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void holds(const char *path, const char *text)
{
    struct buf out = {0};
    struct error err;

    if (!file_read(path, 100, &out, ERROR_OTHER, &err))
        fail_msg("%s", err.text);
    assert_string_equal(buf_text(&out), text);
    buf_free(&out);
}

static void refused(const char *path, int flags, int number, const char *want)
{
    const char *why = "";

    if (file_open(path, flags, &why) >= 0)
        fail_msg("%s was opened, %o", path, (unsigned)flags);
    assert_int_equal(errno, number);
    assert_string_equal(why, want);
}

static void put(const char *path, int flags, const char *text)
{
    const char *why = "";
    int fd = file_open(path, flags, &why);

    if (fd < 0)
        fail_msg("%s: %s", path, why);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void test_reads(void **state)
{
    (void)state;
    spill("file", "text");
    assert_int_equal(symlink("file", "link"), 0);
    holds("file", "text");
    holds("link", "text");
    refused("none", O_RDONLY, ENOENT, "No such file or directory");
    refused("link", O_RDONLY | O_NOFOLLOW, ELOOP,
        "it is a link, and a file is needed here");
}

static void test_writes(void **state)
{
    const int anew = O_WRONLY | O_CREAT | O_TRUNC;

    (void)state;
    put("new", anew, "one");
    holds("new", "one");
    put("new", O_WRONLY | O_CREAT | O_APPEND, " two");
    holds("new", "one two");
    put("new", O_RDWR, "ONE");
    holds("new", "ONE two");
    put("new", anew, "three");
    holds("new", "three");
    assert_int_equal(symlink("new", "to_new"), 0);
    put("to_new", anew, "four");
    holds("new", "four");
    assert_int_equal(symlink("nowhere", "dangles"), 0);
    refused("dangles", anew, ENOENT, "it is a link to what is not there");
    refused("none/new", anew, ENOENT, "No such file or directory");
    refused("new/new", anew, ENOTDIR, "Not a directory");
    refused(
        "folder/", anew, EISDIR, "it is a folder, and a file is needed here");
}

static void make_socket(const char *path)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(name.sun_path, sizeof name.sun_path, "%s", path);
    assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    close(fd);
}

/* With alarm, since what is broken would wait for ever. */
static void test_others(void **state)
{
    static const int ways[] = {
        O_RDONLY, O_WRONLY, O_RDWR, O_WRONLY | O_CREAT | O_TRUNC};
    static const struct {
        const char *path;
        int number;
        const char *why;
    } others[] = {
        {"pipe", EINVAL,
            "it is a pipe, and a file is needed here: save it as one"},
        {"to_pipe", EINVAL,
            "it is a pipe, and a file is needed here: save it as one"},
        {"socket", ENXIO, "it is a socket, and a file is needed here"},
        {".", EISDIR, "it is a folder, and a file is needed here"},
        {"/dev/zero", EINVAL, "it is a device, and a file is needed here"},
        {"/dev/tty", EINVAL, "it is a device, and a file is needed here"},
        {"/proc/self/mem", EACCES,
            "it is the kernel's, and a file is needed here"},
        {"/proc/self/environ", EACCES,
            "it is the kernel's, and a file is needed here"},
        {"loop", ELOOP, "Too many levels of symbolic links"},
    };

    (void)state;
    alarm(UNTIL_KILLED_S);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(symlink("pipe", "to_pipe"), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    make_socket("socket");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        for (size_t n = 0; n < sizeof ways / sizeof *ways; n++)
            refused(others[i].path, ways[n], others[i].number, others[i].why);
    alarm(0);
}

static void test_protected(void **state)
{
    static const char why[] =
        "it has the token, which only the program itself reads";
    struct error err;
    char open_already[40];

    (void)state;
    spill("token", "secret");
    assert_true(protected_add(PROTECTED_TOKEN, "token", &err));
    assert_int_equal(link("token", "hard"), 0);
    assert_int_equal(symlink("token", "soft"), 0);
    refused("token", O_RDONLY, EACCES, why);
    refused("hard", O_WRONLY | O_TRUNC, EACCES, why);
    refused("soft", O_RDONLY, EACCES, why);
    int fd = open("token", O_RDONLY | O_CLOEXEC);
    snprintf(open_already, sizeof open_already, "/proc/self/fd/%d", fd);
    refused(open_already, O_RDONLY, EACCES, why);
    close(fd);
    assert_int_equal(rename("token", "away"), 0);
    refused("away", O_RDONLY, EACCES, why);
    refused("token", O_WRONLY | O_CREAT, EACCES, why);
    assert_int_equal(unlink("hard"), 0);
}

static void test_too_large(void **state)
{
    struct buf out = {0};
    struct error err;

    (void)state;
    spill("sparse", "");
    assert_int_equal(truncate("sparse", (off_t)4 << 30), 0);
    assert_false(file_read("sparse", 1 << 20, &out, ERROR_USAGE, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_string_equal(
        err.text, "cannot read sparse: it is larger than 1 MiB");
    buf_free(&out);
}

/* Another process lets a name be now this, now that. */
static pid_t let_change(const char *name, const char *a, const char *b)
{
    pid_t child = fork();

    if (child)
        return child;
    alarm(UNTIL_KILLED_S);
    for (;;) {
        unlink("next");
        (void)!link(a, "next");
        rename("next", name);
        unlink("next");
        (void)!link(b, "next");
        rename("next", name);
    }
}

static void end(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

/* What is opened is the file, and never what is protected or a pipe. */
static void race(const char *name, const char *other)
{
    pid_t child = let_change(name, "good", other);
    char text[8];
    int seen = 0;

    alarm(UNTIL_KILLED_S);
    for (int i = 0; i < RACES || seen < 10; i++) {
        const char *why;
        int fd = file_open(name, O_RDONLY, &why);
        if (fd < 0)
            continue;
        seen++;
        assert_int_equal(read(fd, text, sizeof text), 4);
        assert_memory_equal(text, "good", 4);
        close(fd);
    }
    alarm(0);
    end(child);
}

static void test_race(void **state)
{
    struct error err;

    (void)state;
    spill("good", "good");
    spill("journal.db", "bad!");
    assert_true(protected_add(PROTECTED_JOURNAL, "journal.db", &err));
    spill("name", "good");
    race("name", "journal.db");
    assert_int_equal(mkfifo("pipe_of_race", 0600), 0);
    race("name", "pipe_of_race");
}

/* A name that comes and goes: it is made or it is opened, and what is written
 * is in a file of the folder. */
static void test_disappears(void **state)
{
    pid_t child = fork();

    (void)state;
    if (!child) {
        alarm(UNTIL_KILLED_S);
        for (;;) {
            unlink("fleeting");
            close(open("fleeting", O_CREAT | O_EXCL | O_WRONLY, 0600));
        }
    }
    alarm(UNTIL_KILLED_S);
    for (int i = 0; i < RACES; i++) {
        const char *why = "";
        int fd = file_open("fleeting", O_WRONLY | O_CREAT, &why);
        if (fd < 0 && errno != ENOENT && errno != EEXIST)
            fail_msg("%s", why);
        if (fd >= 0)
            close(fd);
    }
    alarm(0);
    end(child);
}

static void test_beneath(void **state)
{
    static int (*const opens[])(const char *, const char *, const char **) = {
        beneath_open, beneath_open_stepwise};
    static const char *const outside[] = {"/etc/passwd", "../secret",
        "replies/../../secret", "out", "replies/out", "..", "/"};
    const char *why;

    (void)state;
    assert_int_equal(mkdir("site", 0700) || mkdir("site/replies", 0700), 0);
    spill("secret", "secret");
    spill("site/replies/one", "one");
    assert_int_equal(symlink("../secret", "site/out"), 0);
    assert_int_equal(symlink("../../secret", "site/replies/out"), 0);
    assert_int_equal(symlink("replies/one", "site/in"), 0);
    assert_int_equal(mkfifo("site/pipe", 0600), 0);
    for (size_t i = 0; i < 2; i++) {
        int fd = opens[i]("site", "replies/one", &why);
        assert_true(fd >= 0);
        close(fd);
        fd = opens[i]("site/", "./replies//one", &why);
        assert_true(fd >= 0);
        close(fd);
        fd = opens[i]("", "site/replies/one", &why);
        assert_true(fd >= 0);
        close(fd);
        for (size_t n = 0; n < sizeof outside / sizeof *outside; n++)
            if (opens[i]("site", outside[n], &why) >= 0)
                fail_msg("%s was opened", outside[n]);
        assert_int_equal(opens[i]("site", "/etc/passwd", &why), -1);
        assert_int_equal(errno, EXDEV);
        assert_string_equal(why, "it leads out of that folder");
        assert_int_equal(opens[i]("site", "pipe", &why), -1);
        assert_string_equal(
            why, "it is a pipe, and a file is needed here: save it as one");
        assert_int_equal(opens[i]("site", "none", &why), -1);
        assert_int_equal(errno, ENOENT);
        assert_int_equal(opens[i]("none", "one", &why), -1);
        assert_int_equal(errno, ENOENT);
    }
    int fd = beneath_open("site", "in", &why);
    assert_true(fd >= 0);
    close(fd);
}

static int open_descriptors(void)
{
    int n = 0;

    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static int make_folder(void **state)
{
    (void)state;
    return !mkdtemp(folder) || chdir(folder) || mkdir("folder", 0700);
}

static int remove_folder(void **state)
{
    char command[sizeof folder + 20];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return chdir("/") || system(command);
}

static int count_before(void **state)
{
    static int before;

    before = open_descriptors();
    *state = &before;
    return 0;
}

static int count_after(void **state)
{
    return open_descriptors() != *(int *)*state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reads, count_before, count_after),
        cmocka_unit_test_setup_teardown(test_writes, count_before, count_after),
        cmocka_unit_test_setup_teardown(test_others, count_before, count_after),
        cmocka_unit_test_setup_teardown(
            test_too_large, count_before, count_after),
        cmocka_unit_test_setup_teardown(
            test_beneath, count_before, count_after),
        cmocka_unit_test_setup_teardown(
            test_disappears, count_before, count_after),
        cmocka_unit_test(test_protected),
        cmocka_unit_test(test_race),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
