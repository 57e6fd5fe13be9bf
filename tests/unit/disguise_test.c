/* A secret in the spellings in which it may come back. */
#include "lua/disguise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char secret[] = "kX9v/Q2+mZ7p=L4t";

static bool shows(const char *text)
{
    return disguise_shows(text, strlen(text), secret, sizeof secret - 1);
}

static void check(const char *text)
{
    char around[300], cut[300];

    snprintf(around, sizeof around, "{\"a\": \"%s\"}", text);
    snprintf(cut, sizeof cut, "%.*s", (int)strlen(text) - 1, text);
    if (!shows(text) || !shows(around))
        fail_msg("%s is not found", text);
    if (shows(cut))
        fail_msg("%s is found", cut);
}

enum { SPELLINGS = 8 };

static size_t spell(int spelling, char c, char *out)
{
    unsigned char byte = (unsigned char)c;

    switch (spelling) {
    case 0:
        return (size_t)sprintf(out, "%%%02x", byte);
    case 1:
        return (size_t)sprintf(out, "%%%02X", byte);
    case 2:
        return (size_t)sprintf(out, "\\u%04x", byte);
    case 3:
        return (size_t)sprintf(out, "\\u%04X", byte);
    case 4:
        return (size_t)sprintf(out, "\\%c", c);
    case 5:
        return (size_t)sprintf(out, "%02x", byte);
    case 6:
        return (size_t)sprintf(out, "%02X", byte);
    default:
        return (size_t)sprintf(out, "%c", c);
    }
}

static void each_byte(int spelling)
{
    char text[200];
    size_t at = 0;

    for (const char *c = secret; *c; c++)
        at += spell(spelling, *c, text + at);
    check(text);
}

static void test_spellings(void **state)
{
    (void)state;
    for (int spelling = 0; spelling < SPELLINGS; spelling++)
        each_byte(spelling);
    check("kX9v%2FQ2%2BmZ7p%3dL4t");
    check("kX9v\\/Q2\\u002bmZ7p=L4t");
    check("t4L=p7Zm+2Q/v9Xk");
}

static void test_not_there(void **state)
{
    (void)state;
    assert_false(shows(""));
    assert_false(shows("kX9v/Q2+mZ7p"));
    assert_false(shows("kx9v/q2+mz7p=l4t"));
    assert_false(shows("%"));
    assert_false(shows("\\u00"));
    assert_false(shows("kX9v/Q2+mZ7p=L4%"));
}

/* By another way than the one that is tested. */
static void base64(const char *from, size_t len, bool url, char *out)
{
    static const char *const alphabets[] = {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"};
    unsigned long bits = 0;
    int have = 0;

    for (size_t i = 0; i < len; i++) {
        bits = (bits << 8 | (unsigned char)from[i]) & 0xFFFF;
        for (have += 8; have >= 6; have -= 6)
            *out++ = alphabets[url][bits >> (have - 6) & 63];
    }
    if (have)
        *out++ = alphabets[url][bits << (6 - have) & 63];
    *out = '\0';
}

static void test_base64(void **state)
{
    char plain[100], text[200];

    (void)state;
    for (int before = 0; before < 7; before++)
        for (int behind = 0; behind < 4; behind++)
            for (int url = 0; url < 2; url++) {
                snprintf(plain, sizeof plain, "%.*s%s%.*s", before,
                    "Token: ", secret, behind, "yyyy");
                base64(plain, strlen(plain), url, text);
                if (!shows(text))
                    fail_msg("%s (%s) is not found", text, plain);
                plain[before + 3] ^= 1;
                base64(plain, strlen(plain), url, text);
                if (shows(text))
                    fail_msg("%s (%s) is found", text, plain);
            }
}

/* What stands behind the text is not looked at. */
static void test_ends(void **state)
{
    char text[200];

    (void)state;
    snprintf(text, sizeof text, "%s", secret);
    for (size_t len = 0; len < sizeof secret - 1; len++)
        assert_false(disguise_shows(text, len, secret, sizeof secret - 1));
    base64(secret, sizeof secret - 1, false, text);
    for (size_t len = 0; len + 2 < strlen(text); len++)
        assert_false(disguise_shows(text, len, secret, sizeof secret - 1));
}

static void test_short_and_long(void **state)
{
    static char huge[DISGUISE_MOST + 2];

    (void)state;
    memset(huge, 'x', sizeof huge - 1);
    assert_false(disguise_shows("seven77", 7, "seven77", 7));
    assert_true(disguise_shows("eight888", 8, "eight888", 8));
    assert_true(disguise_shows("", 0, huge, sizeof huge - 1));
    assert_false(disguise_shows("", 0, huge, DISGUISE_MOST));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_not_there),
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_short_and_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
