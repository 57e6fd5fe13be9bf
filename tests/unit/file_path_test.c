#include "base/file_path.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *path, *folder, *name;
    size_t head;
} paths[] = {
    {"lines.csv", ".", "lines.csv", 0},
    {"inbox/lines.csv", "inbox", "lines.csv", 6},
    {"./lines.csv", ".", "lines.csv", 2},
    {"/lines.csv", "/", "lines.csv", 1},
    {"/srv/acme/lines.csv", "/srv/acme", "lines.csv", 10},
    {"../a//b", "../a/", "b", 6},
    {"acme/", "acme", "", 5},
    {"/", "/", "", 1},
    {"", ".", "", 0},
};

static void test_parts(void **state)
{
    char folder[PATH_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_true(file_path_folder(paths[i].path, folder));
        assert_string_equal(folder, paths[i].folder);
        assert_string_equal(file_path_name(paths[i].path), paths[i].name);
        assert_int_equal(file_path_head(paths[i].path), paths[i].head);
    }
}

/* A folder of PATH_MAX - 1 bytes is one, and of one more is none. */
static void test_long(void **state)
{
    char path[PATH_MAX + 3], folder[PATH_MAX];

    (void)state;
    memset(path, 'a', sizeof path);
    strcpy(path + PATH_MAX - 1, "/b");
    assert_true(file_path_folder(path, folder));
    assert_int_equal(strlen(folder), PATH_MAX - 1);
    memset(path, 'a', sizeof path);
    strcpy(path + PATH_MAX, "/b");
    errno = 0;
    assert_false(file_path_folder(path, folder));
    assert_int_equal(errno, ENAMETOOLONG);
    assert_int_equal(strlen(folder), PATH_MAX - 1);
}

static void test_real(void **state)
{
    char path[NAME_MAX + 8] = "/usr/", real[PATH_MAX];

    (void)state;
    assert_true(file_path_real("/not there", real));
    assert_string_equal(real, "/not there");
    assert_true(file_path_real("/usr/../usr/./not there", real));
    assert_string_equal(real, "/usr/not there");
    assert_false(file_path_real("/usr/not there/x", real));
    assert_int_equal(errno, ENOENT);
    memset(path + 5, 'a', NAME_MAX + 1);
    strcpy(path + 5 + NAME_MAX + 1, "/");
    assert_false(file_path_real(path, real));
    assert_int_equal(errno, ENAMETOOLONG);
}

static void test_join(void **state)
{
    static const struct {
        const char *folder, *name, *path;
    } joined[] = {
        {"inbox", "a", "inbox/a"},
        {"inbox/", "a", "inbox/a"},
        {"/", "a", "/a"},
        {"", "a", "a"},
        {".", "a", "./a"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof joined / sizeof *joined; i++) {
        struct buf out = {0};
        assert_true(file_path_join(&out, joined[i].folder, joined[i].name));
        assert_string_equal(buf_text(&out), joined[i].path);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_real),
        cmocka_unit_test(test_join),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
