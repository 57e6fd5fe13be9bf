/* Secrets that are written to stdout and stderr in one piece and in several. */
#include "base/secret.h"
#include "lua/masked.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int kept = -1; // the real stdout

/* What is written from here on is taken by shown(). */
static void begin(void)
{
    char path[] = "/tmp/masked_test.XXXXXX";
    int fd = mkstemp(path);

    fflush(stdout);
    kept = dup(STDOUT_FILENO);
    assert_true(fd >= 0 && kept >= 0);
    unlink(path);
    dup2(fd, STDOUT_FILENO);
    close(fd);
}

static const char *shown(void)
{
    static char text[400];
    bool ok = masked_end(stdout) && fflush(stdout) == 0;
    ssize_t n = pread(STDOUT_FILENO, text, sizeof text - 1, 0);

    dup2(kept, STDOUT_FILENO);
    close(kept);
    assert_true(ok && n >= 0);
    text[n] = '\0';
    return text;
}

static struct secret *secret(const char *text)
{
    struct error err;
    struct secret *s = secret_new("it", text, strlen(text), &err);

    assert_non_null(s);
    return s;
}

static void write_each(const char *const *pieces)
{
    begin();
    for (; *pieces; pieces++)
        assert_true(masked_write(stdout, *pieces, strlen(*pieces)));
}

static void expect(const char *const *pieces, const char *want)
{
    write_each(pieces);
    assert_string_equal(shown(), want);
}

#define PIECES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_pieces(void **state)
{
    struct secret *s = secret("tiger-4711");

    (void)state;
    expect(PIECES("a tiger-4711 b\n"), "a *** b\n");
    expect(PIECES("a tig", "er-4711 b\n"), "a *** b\n");
    expect(PIECES("t", "i", "g", "e", "r", "-", "4", "7", "1", "1"), "***");
    expect(PIECES("a tig", "htrope\n"), "a tightrope\n");
    expect(PIECES("tiger-47", "tiger-4711"), "tiger-47***");
    expect(PIECES("ttiger-4711", ""), "t***");
    expect(PIECES("nothing ", "of it\n"), "nothing of it\n");
    expect(PIECES("the end: tig"), "the end: tig");
    secret_free(s);
    expect(PIECES("tiger-4711"), "tiger-4711");
}

/* One that begins as another is, one that lies across another's beginning. */
static void test_several(void **state)
{
    struct secret *one = secret("abcd"), *longer = secret("abcdefgh");
    struct secret *across = secret("xxab");

    (void)state;
    expect(PIECES("-abcd", "efgh-"), "-***-");
    expect(PIECES("-abcd", "-"), "-***-");
    expect(PIECES("-xxab", "-"), "-***-");
    expect(PIECES("abcd"), "***");
    secret_free(one);
    secret_free(longer);
    secret_free(across);
}

static void test_stream(void **state)
{
    struct secret *s = secret("tiger-4711");
    FILE *stream = masked_stream(stdout);

    (void)state;
    assert_non_null(stream);
    assert_ptr_equal(masked_stream(stdout), stream);
    assert_ptr_equal(masked_under(stream), stdout);
    assert_ptr_equal(masked_under(masked_stream(stderr)), stderr);
    assert_null(masked_under(stdout));
    begin();
    assert_true(fputs("a tig", stream) >= 0);
    assert_int_equal(fprintf(stream, "%s %d", "er-4711", 12), 10);
    assert_int_equal(fseek(stream, 0, SEEK_SET), -1);
    assert_true(masked_write(stdout, "\n", 1));
    assert_string_equal(shown(), "a *** 12\n");
    secret_free(s);
}

static void test_fails(void **state)
{
    char big[BUFSIZ * 4];
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    (void)state;
    memset(big, 'x', sizeof big);
    begin();
    dup2(full, STDOUT_FILENO);
    close(full);
    bool ok = masked_write(stdout, big, sizeof big);
    ok = masked_end(stdout) && fflush(stdout) == 0 && ok;
    dup2(kept, STDOUT_FILENO);
    close(kept);
    clearerr(stdout);
    assert_false(ok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_stream),
        cmocka_unit_test(test_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
