#include "base/secret_file.h"

#include "seed.h"

#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char self[PATH_MAX];
static char folder[] = "/tmp/secret_test.XXXXXX";

static void put(const char *bytes, size_t len, mode_t mode)
{
    unlink("key"); // it may be read-only
    FILE *f = fopen("key", "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    fclose(f);
    assert_int_equal(chmod("key", mode), 0);
}

static void assert_refused(enum secret_file_owner owner, const char *message)
{
    struct error err = {0};

    assert_null(secret_file_read("key", owner, &err));
    assert_string_equal(err.text, message);
    assert_int_equal(err.kind, ERROR_USAGE);
}

static void assert_reads(enum secret_file_owner owner, const char *text)
{
    struct error err = {0};
    struct secret *s = secret_file_read("key", owner, &err);

    if (!s)
        fail_msg("%s", err.text);
    assert_string_equal(secret_text(s), text);
    secret_free(s);
}

static void test_line_end_is_taken_off(void **state)
{
    static const char *const files[] = {"t0ken", "t0ken\n", "t0ken\r\n"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        put(files[i], strlen(files[i]), 0600);
        assert_reads(SECRET_FILE_OWN, "t0ken");
    }
    put(" a b ~", 6, 0400);
    assert_reads(SECRET_FILE_OWN, " a b ~");
}

static void test_what_is_in_it(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *message;
    } bad[] = {
        {"", 0, "key is empty: put the secret into key"},
        {"\n", 1, "key is empty: put the secret into key"},
        {"\r\n", 2, "key is empty: put the secret into key"},
        {"sec\nret", 7, "key has more than one line: it must be one line"},
        {"secret\n\n", 8, "key has more than one line: it must be one line"},
        {"secret\r", 7,
            "key has a control character in it: it must be one line of plain "
            "text"},
        {"sec\0ret", 7,
            "key has a control character in it: it must be one line of plain "
            "text"},
        {"sec\x7fret", 7,
            "key has a control character in it: it must be one line of plain "
            "text"},
        {"s\xc3\xa9"
         "cret",
            7, "key has a character in it that is not ASCII"},
        {"\xef\xbb\xbfsecret", 9,
            "key begins with a byte order mark: save it as plain text"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put(bad[i].bytes, bad[i].len, 0600);
        assert_refused(SECRET_FILE_OWN, bad[i].message);
    }
}

static void test_longest(void **state)
{
    char text[4100];
    struct error err;

    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text + 4096, "\r\n", 2);
    put(text, 4098, 0600);
    struct secret *s = secret_file_read("key", SECRET_FILE_OWN, &err);
    assert_non_null(s);
    assert_int_equal(strlen(secret_text(s)), 4096);
    secret_free(s);
    text[4096] = 'x';
    put(text, 4098, 0600);
    assert_refused(SECRET_FILE_OWN, "key is longer than 4096 bytes");
    memset(text, 'x', sizeof text);
    memcpy(text + 4096, "\r\n", 2); // and more behind what is allowed
    put(text, sizeof text, 0600);
    assert_refused(SECRET_FILE_OWN, "key is longer than 4096 bytes");
    memset(text, 'x', sizeof text);
    put(text, sizeof text, 0600);
    assert_refused(SECRET_FILE_OWN, "key is longer than 4096 bytes");
}

static void test_modes(void **state)
{
    static const mode_t bad[] = {0640, 0604, 0620, 0602, 0644, 0610, 0666};
    char message[200];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put("secret", 6, bad[i]);
        snprintf(message, sizeof message,
            "key has mode %04o, so others can use it: chmod 600 key",
            (unsigned)bad[i]);
        assert_refused(SECRET_FILE_OWN, message);
    }
    put("secret", 6, 0440);
    assert_reads(SECRET_FILE_CREDENTIAL, "secret");
    put("secret", 6, 0444);
    assert_refused(SECRET_FILE_CREDENTIAL,
        "the credential key has mode 0444, so others can use it: systemd "
        "makes it 0400 or 0440");
}

static void test_another_owner(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    put("secret", 6, 0600);
    assert_int_equal(chown("key", 12345, (gid_t)-1), 0);
    assert_refused(SECRET_FILE_OWN,
        "key belongs to another user, uid 12345, and this is root (uid 0): it "
        "is not believed. Run as its owner (sudo -u '#12345' omnitron …; of a "
        "container: docker run --user 12345), or take it over: chown 0 key");
    assert_refused(SECRET_FILE_CREDENTIAL,
        "the credential key belongs to another user (uid 12345)");
    assert_int_equal(unlink("key"), 0);
}

static void test_two_names(void **state)
{
    (void)state;
    put("secret", 6, 0600);
    assert_int_equal(link("key", "other"), 0);
    assert_refused(SECRET_FILE_OWN,
        "key has a second name (a hard link), by which it may be read "
        "elsewhere: remove that, or write it anew");
    assert_refused(SECRET_FILE_CREDENTIAL,
        "key has a second name (a hard link), by which it may be read "
        "elsewhere: remove that, or write it anew");
    assert_int_equal(unlink("other"), 0);
    assert_reads(SECRET_FILE_OWN, "secret");
}

static void test_what_is_no_file(void **state)
{
    (void)state;
    unlink("key");
    assert_refused(SECRET_FILE_OWN,
        "key is missing: put the secret into it, then chmod 600 key");
    assert_int_equal(mkdir("key", 0700), 0);
    assert_refused(SECRET_FILE_OWN,
        "key is a folder: put the secret into a file of its own");
    assert_int_equal(rmdir("key"), 0);
    assert_int_equal(mkfifo("key", 0600), 0);
    alarm(5); // a wait for a writer would last for ever
    assert_refused(
        SECRET_FILE_OWN, "key is not a regular file: put the secret into one");
    alarm(0);
    assert_int_equal(unlink("key"), 0);
    assert_int_equal(symlink("/dev/null", "key"), 0);
    assert_refused(
        SECRET_FILE_OWN, "key is not a regular file: put the secret into one");
    assert_int_equal(unlink("key"), 0);
    assert_int_equal(symlink("key", "key"), 0);
    assert_refused(
        SECRET_FILE_OWN, "cannot read key: Too many levels of symbolic links");
    assert_int_equal(unlink("key"), 0);
}

static void test_symlink_is_followed(void **state)
{
    (void)state;
    unlink("key");
    put("secret", 6, 0600);
    assert_int_equal(rename("key", "real"), 0);
    assert_int_equal(symlink("real", "key"), 0);
    assert_reads(SECRET_FILE_OWN, "secret");
    assert_int_equal(chmod("real", 0644), 0);
    assert_refused(SECRET_FILE_OWN,
        "key has mode 0644, so others can use it: chmod 600 key");
    assert_int_equal(unlink("key"), 0);
    assert_int_equal(unlink("real"), 0);
}

static void test_what_it_is_called(void **state)
{
    struct error err;

    (void)state;
    put("", 0, 0600);
    assert_null(
        secret_file_read_as("the API token", "key", SECRET_FILE_OWN, &err));
    assert_string_equal(err.text, "key is empty: put the API token into key");
}

static void test_env(void **state)
{
    char entry[] = "OMNITRON_X=env-secret";
    char second[] = "OMNITRON_X=another";
    char other[] = "OMNITRON_XY=kept";
    char *list[] = {other, entry, second, NULL};
    char **saved = environ;
    static const char nothing[sizeof entry];
    struct error err;

    (void)state;
    environ = list;
    struct secret *s = secret_take_env("OMNITRON_X", &err);
    assert_non_null(s);
    assert_string_equal(secret_text(s), "env-secret");
    assert_null(getenv("OMNITRON_X"));
    assert_string_equal(getenv("OMNITRON_XY"), "kept");
    assert_memory_equal(entry + 11, nothing, sizeof entry - 11);
    assert_memory_equal(second + 11, nothing, sizeof second - 11);
    secret_free(s);
    assert_null(secret_take_env("OMNITRON_X", &err));
    assert_string_equal(err.text, "");
    environ = saved;
}

static void test_env_that_cannot_be(void **state)
{
    struct error err;

    (void)state;
    setenv("OMNITRON_X", "", 1);
    assert_null(secret_take_env("OMNITRON_X", &err));
    assert_string_equal(err.text, "OMNITRON_X is empty");
    assert_null(getenv("OMNITRON_X"));
    setenv("OMNITRON_X", "two\nlines", 1);
    char *value = getenv("OMNITRON_X");
    assert_null(secret_take_env("OMNITRON_X", &err));
    assert_string_equal(
        err.text, "OMNITRON_X has more than one line: it must be one line");
    assert_null(getenv("OMNITRON_X"));
    assert_string_equal(value, "");
}

/* The kernel's view, which any process of the user may read: of what a process
 * was started with, so a process is started. Returns its exit status. */
static int look_at_proc(void)
{
    char shown[65536];
    struct error err;
    struct secret *s = secret_take_env("SECRET_TEST", &err);
    FILE *f = fopen("/proc/self/environ", "r");

    if (!s || !f)
        return 2;
    size_t n = fread(shown, 1, sizeof shown, f);
    fclose(f);
    bool there = memmem(shown, n, "SECRET_TEST=", 12);
    bool seen = memmem(shown, n, secret_text(s), strlen(secret_text(s)));
    secret_free(s);
    return !there || seen;
}

static void test_env_is_gone_from_proc(void **state)
{
    int status;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        setenv("SECRET_TEST", "proc-must-not-show-this", 1);
        execl(self, self, "proc", (char *)NULL);
        _exit(3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void assert_masks(const char *text, const char *masked)
{
    char copy[400];
    size_t len = strlen(text);

    assert_true(len < sizeof copy);
    memcpy(copy, text, len + 1);
    secret_mask(copy, &len);
    assert_string_equal(copy, masked);
    assert_int_equal(len, strlen(masked));
}

static struct secret *make(const char *text)
{
    struct error err;
    struct secret *s = secret_new("test", text, strlen(text), &err);

    assert_non_null(s);
    return s;
}

static void test_mask(void **state)
{
    struct secret *s = make("hunter22");

    (void)state;
    assert_masks("", "");
    assert_masks("nothing in it", "nothing in it");
    assert_masks("hunter22", "***");
    assert_masks("a hunter22 b hunter22", "a *** b ***");
    assert_masks("hunter2hunter22hunter22x", "hunter2******x");
    secret_free(s);
    assert_masks("hunter22", "hunter22");
}

static void test_mask_overlaps(void **state)
{
    struct secret *shorter = make("abcd");
    struct secret *longer = make("abcdefgh");
    struct secret *across = make("ghijkl");
    struct secret *again = make("aaaa");

    (void)state;
    assert_masks("1abcd2", "1***2");
    assert_masks("1abcdefgh2", "1***2");
    assert_masks("1abcdefghijkl2", "1***2");
    assert_masks("1ghijklabcd2", "1******2");
    assert_masks("aaaaaaaaaab", "***b");
    assert_masks("aaab", "aaab");
    secret_free(longer);
    assert_masks("1abcdefghijkl2", "1***ef***2");
    secret_free(shorter);
    secret_free(again);
    secret_free(across);
}

static void test_mask_leaves_short_ones(void **state)
{
    struct secret *s = make("abc");

    (void)state;
    assert_masks("abc abc", "abc abc");
    secret_free(s);
}

static void test_mask_spelt_as_json(void **state)
{
    struct secret *s = make("a\"b\\cd");

    (void)state;
    assert_masks("x a\"b\\cd y", "x *** y");
    assert_masks("{\"k\":\"a\\\"b\\\\cd\"}", "{\"k\":\"***\"}");
    secret_free(s);
    assert_masks("a\\\"b\\\\cd", "a\\\"b\\\\cd");
}

static void test_mask_sees_behind_a_nul(void **state)
{
    char text[] = "a\0hunter22 b";
    size_t len = sizeof text - 1;
    struct secret *s = make("hunter22");

    (void)state;
    secret_mask(text, &len);
    assert_int_equal(len, 7);
    assert_memory_equal(text, "a\0*** b", 8);
    secret_free(s);
}

/* Against the plainest way to say it: every byte of every occurrence goes. */
static void test_mask_hides_all(void **state)
{
    static const char *const words[] = {"abab", "babba", "aabba", "bbbbbb"};
    struct secret *s[4];
    unsigned seed = (unsigned)seed_take(7);

    (void)state;
    for (int i = 0; i < 4; i++)
        s[i] = make(words[i]);
    for (int round = 0; round < 20000; round++) {
        char text[64];
        size_t len = sizeof text - 1, was;
        for (size_t i = 0; i < len; i++)
            text[i] = "ab"[rand_r(&seed) >> 7 & 1];
        text[len] = '\0';
        was = len;
        secret_mask(text, &len);
        assert_true(len <= was && strlen(text) == len);
        for (int i = 0; i < 4; i++)
            assert_null(strstr(text, words[i]));
    }
    for (int i = 0; i < 4; i++)
        secret_free(s[i]);
}

static void *make_and_free(void *stop)
{
    while (!atomic_load((atomic_bool *)stop)) {
        struct secret *s = make("a-passing-secret");
        secret_free(s);
    }
    return NULL;
}

/* A thread masks while another one's secrets come and go. */
static void test_mask_beside_a_thread(void **state)
{
    struct secret *s = make("hunter22");
    atomic_bool stop = false;
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, make_and_free, &stop), 0);
    for (int i = 0; i < 20000; i++)
        assert_masks("a hunter22 b", "a *** b");
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    secret_free(s);
}

static int enter_folder(void **state)
{
    (void)state;
    return !mkdtemp(folder) || chdir(folder) != 0;
}

static int leave_folder(void **state)
{
    (void)state;
    unlink("key");
    return chdir("/") != 0 || rmdir(folder) != 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_env_is_gone_from_proc),
        cmocka_unit_test(test_line_end_is_taken_off),
        cmocka_unit_test(test_what_is_in_it),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_another_owner),
        cmocka_unit_test(test_two_names),
        cmocka_unit_test(test_what_is_no_file),
        cmocka_unit_test(test_symlink_is_followed),
        cmocka_unit_test(test_what_it_is_called),
        cmocka_unit_test(test_env),
        cmocka_unit_test(test_env_that_cannot_be),
        cmocka_unit_test(test_mask),
        cmocka_unit_test(test_mask_overlaps),
        cmocka_unit_test(test_mask_leaves_short_ones),
        cmocka_unit_test(test_mask_spelt_as_json),
        cmocka_unit_test(test_mask_sees_behind_a_nul),
        cmocka_unit_test(test_mask_hides_all),
        cmocka_unit_test(test_mask_beside_a_thread),
    };

    if (argc > 1)
        return look_at_proc();
    if (!realpath(argv[0], self))
        return 1;
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
