/* trust_test.c: whose files are believed. As root: another's are made here. */
#include "base/trust.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { OTHER = 12345 };

static void make(const char *path, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT, 0600);

    assert_true(fd >= 0);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static bool opened(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY);
    bool ok = trust_open(fd, path, err);

    assert_true(fd >= 0);
    close(fd);
    return ok;
}

/* By its descriptor and by its name. */
static void assert_believed(const char *path)
{
    struct error err = {.text = ""};

    if (!opened(path, &err) || !trust_path(path, &err))
        fail_msg("%s", err.text);
}

static void assert_refused(const char *path, const char *says)
{
    struct error err = {.text = ""};

    assert_false(opened(path, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_non_null(strstr(err.text, says));
    err.text[0] = '\0';
    assert_false(trust_path(path, &err));
    assert_non_null(strstr(err.text, says));
}

static void test_modes(void **state)
{
    static const mode_t good[] = {0600, 0644, 0664, 0400, 0660};
    static const mode_t bad[] = {0602, 0606, 0666, 0646};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        make("in/file", good[i]);
        assert_believed("in/file");
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        make("in/file", bad[i]);
        assert_refused("in/file", "so every user can write it: it is not "
                                  "believed. chmod o-w in/file");
    }
    make("in/file", 0600);
}

static void test_folders(void **state)
{
    (void)state;
    assert_int_equal(chmod("in", 0777), 0);
    assert_refused("in/file",
        "the folder in has mode 0777, so every user can "
        "write into it: it is not believed. chmod o-w in");
    assert_int_equal(chmod("in", 01777), 0);
    assert_believed("in/file");
    assert_int_equal(chmod("in", 0775), 0);
    assert_believed("in/file");
    assert_int_equal(chmod(".", 0777), 0);
    make("here", 0600);
    assert_refused("here", "chmod o-w .");
    assert_int_equal(chmod(".", 0700), 0);
    assert_believed("here");
}

static void test_nothing_there(void **state)
{
    struct error err;

    (void)state;
    assert_true(trust_path("in/none", &err));
    assert_true(trust_path("none/none", &err));
    assert_true(trust_folder_of("in/none", &err));
    assert_false(trust_folder_of("none/none", &err));
}

static void test_owners(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown("in/file", OTHER, (gid_t)-1), 0);
    assert_refused("in/file", "in/file belongs to another user, uid 12345");
    assert_refused("in/file", "sudo -u '#12345' omnitron");
    assert_refused("in/file", "chown 0 in/file");
    setenv("SUDO_UID", "12345", 1);
    assert_believed("in/file");
    setenv("SUDO_UID", "12346", 1);
    assert_refused("in/file", "belongs to another user");
    setenv("SUDO_UID", "12345x", 1);
    assert_refused("in/file", "belongs to another user");
    setenv("SUDO_UID", "", 1);
    assert_refused("in/file", "belongs to another user");
    unsetenv("SUDO_UID");
    assert_int_equal(chown("in/file", 0, (gid_t)-1), 0);
    assert_int_equal(chown("in", OTHER, (gid_t)-1), 0);
    assert_refused("in/file", "the folder in belongs to another user");
    assert_int_equal(chmod("in", 01777), 0);
    assert_refused("in/file", "the folder in belongs to another user");
    assert_int_equal(chown("in", 0, (gid_t)-1), 0);
    assert_believed("in/file");
}

/* Root's are, for everybody; SUDO_UID counts for root alone. */
static void test_another_user(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    make("in/file", 0644);
    assert_int_equal(chmod(".", 0755), 0);
    assert_int_equal(seteuid(OTHER), 0);
    setenv("SUDO_UID", "0", 1);
    assert_believed("in/file");
    assert_true(trust_owner(OTHER));
    assert_true(trust_owner(0));
    setenv("SUDO_UID", "12346", 1);
    assert_false(trust_owner(12346));
    unsetenv("SUDO_UID");
    assert_int_equal(seteuid(0), 0);
}

static void test_links(void **state)
{
    (void)state;
    assert_int_equal(symlink("file", "in/link"), 0);
    assert_believed("in/link");
    if (geteuid() == 0) {
        assert_int_equal(lchown("in/link", OTHER, (gid_t)-1), 0);
        assert_refused("in/link", "in/link belongs to another user");
    }
    assert_int_equal(unlink("in/link"), 0);
}

static int enter(void **state)
{
    static char folder[] = "/tmp/trust-XXXXXX";

    *state = folder;
    return mkdtemp(folder) && chdir(folder) == 0 && mkdir("in", 0755) == 0 ? 0
                                                                           : -1;
}

static int leave(void **state)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf %s", (const char *)*state);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_folders),
        cmocka_unit_test(test_nothing_there),
        cmocka_unit_test(test_owners),
        cmocka_unit_test(test_another_user),
        cmocka_unit_test(test_links),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
