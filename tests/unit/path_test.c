/* What a path can mean to a server, in every spelling. */
#include "net/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PATH_MAX_LEN = 8000 };

static const struct path_never never[] = {
    {"create_mapping", "written down first"},
    {"auth/login", "by itself"},
    {NULL, NULL},
};

static void check(const char *path, const char *words)
{
    struct error err = {.text = ""};
    bool ok = path_check(path, never, &err);

    if (ok != !words || (words && !strstr(err.text, words)))
        fail_msg("%s: %s", path, ok ? "taken" : err.text);
}

static void test_taken(void **state)
{
    static const char *const paths[] = {"/api/", "/api/i1/orders/",
        "/api/i1/orders/12/detailed_integration/", "/api/v1/a.b/",
        "/api/v1/..a/", "/api/v1/a../", "/api/v1/.well-known/", "/api//x/",
        "/api/v1/100%25/", "/api/v1/100%/", "/api/v1/%zz/", "/api/v1/%2/",
        "/api/v1/a%20b/", "/api/v1/%C3%B6/", "/api/v1/\xC3\xB6/",
        "/api/v1/a%2Fb/", "/api/v1/a;b=c/", "/api/v1/create/mapping/",
        "/api/v1/auth/", "/api/v1/login/auth/", "/api/v1/%2525/"};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        check(paths[i], NULL);
}

static void test_control_and_bytes(void **state)
{
    (void)state;
    check("/api/\n", "control");
    check("/api/%0a", "control");
    check("/api/%00", "control");
    check("/api/%2500", "control");
    check("/api/%7F", "control");
    check("/api/%u000a", "control");
    check("/api/%C0%AE%C0%AE/", "UTF-8");
    check("/api/%E0%80%AE/", "UTF-8");
    check("/api/\xFF/", "UTF-8");
}

enum { SPELLINGS = 4 };

static size_t spell(int spelling, char c, char *out)
{
    unsigned char byte = (unsigned char)c;

    switch (spelling) {
    case 0:
        return (size_t)sprintf(out, "%%%02x", byte);
    case 1:
        return (size_t)sprintf(out, "%%%02X", byte);
    case 2:
        return (size_t)sprintf(out, "%%u%04x", byte);
    case 3:
        return (size_t)sprintf(out, "%%u%04X", byte);
    default:
        return (size_t)sprintf(out, "%c", c);
    }
}

/* `text` with each of its bytes as `spelling` writes it, `rounds` times over.
 */
static void encode(const char *text, int spelling, int rounds, char *out)
{
    char from[PATH_MAX_LEN];

    strcpy(out, text);
    for (int round = 0; round < rounds; round++) {
        size_t at = 0;
        strcpy(from, out);
        for (const char *c = from; *c; c++)
            at += spell(
                round == 0 || *c == '%' ? spelling : SPELLINGS, *c, out + at);
    }
}

/* Each part as it stands and encoded up to five times, by every spelling. */
static void each_spelling(
    const char *before, const char *part, const char *behind, const char *words)
{
    char encoded[PATH_MAX_LEN], path[PATH_MAX_LEN + 200];

    for (int spelling = 0; spelling < SPELLINGS; spelling++)
        for (int rounds = 0; rounds <= 5; rounds++) {
            encode(part, spelling, rounds, encoded);
            snprintf(path, sizeof path, "%s%s%s", before, encoded, behind);
            check(path, words);
        }
}

static void test_dots(void **state)
{
    static const char *const dots[] = {
        ".", "..", "...", "..;x", ".;", "..;a=b", " ..", ".. ", " . ", ".. ;x"};
    static const char *const before[] = {"/api/", "/api/a/", "/api/a\\",
        "/api/a%2f", "/api/a%5c", "/api/a%252F", "/api/%2e/..%2f"};
    static const char *const behind[] = {
        "", "/", "/a", "\\a", "%2fa", "%5Ca", "%255ca", ";y/a", "%3by/a", "//"};

    (void)state;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        for (size_t j = 0; j < sizeof dots / sizeof *dots; j++)
            for (size_t k = 0; k < sizeof behind / sizeof *behind; k++)
                each_spelling(before[i], dots[j], behind[k], ". or ..");
}

static void test_names(void **state)
{
    static const char *const mapping[] = {"create_mapping", "CREATE_MAPPING",
        "Create_Mapping", "create_mapping.json", "xcreate_mappingx",
        "create_mapping;x", "x;create_mapping", " create_mapping "};
    static const char *const login[] = {"auth/login", "AUTH/Login",
        "auth//login", "auth\\login", "auth///login", "auth;x/login",
        "auth/;x/login", "auth/ /login", "auth /login", "auth/login.json",
        "auth\\/login;y"};

    (void)state;
    for (size_t i = 0; i < sizeof mapping / sizeof *mapping; i++)
        each_spelling("/api/i1/order_items/1/", mapping[i], "/", "down first");
    for (size_t i = 0; i < sizeof login / sizeof *login; i++)
        each_spelling("/api/i1/", login[i], "", "by itself");
}

/* Each byte of the name for itself as it stands or encoded. */
static void test_names_in_part(void **state)
{
    static const char name[] = "create_mapping";
    char path[200];

    (void)state;
    for (unsigned bits = 0; bits < 1u << (sizeof name - 1); bits++) {
        size_t at = (size_t)snprintf(path, sizeof path, "/api/");
        for (size_t i = 0; i < sizeof name - 1; i++)
            at += spell(bits >> i & 1 ? 0 : SPELLINGS, name[i], path + at);
        check(path, "down first");
    }
}

static void test_without_names(void **state)
{
    struct error err;

    (void)state;
    assert_true(path_check("/api/i1/x/create_mapping/", NULL, &err));
    assert_false(path_check("/api/i1/../", NULL, &err));
}

static void test_encoded_for_ever(void **state)
{
    char path[PATH_MAX_LEN] = "/api/%";
    struct error err;

    (void)state;
    for (int i = 0; i < 20; i++)
        strcat(path, "25");
    strcat(path, "41/");
    assert_false(path_check(path, NULL, &err));
    assert_string_equal(err.text, "the path is encoded more than once");
}

static void test_plain(void **state)
{
    char path[] = "/api/?/x";

    (void)state;
    assert_true(path_is_plain("/api/i1/order_items/-46761/create_mapping/"));
    assert_false(path_is_plain(""));
    assert_false(path_is_plain("api/"));
    for (int c = 1; c < 256; c++) {
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                     (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '/';
        path[5] = (char)c;
        assert_int_equal(path_is_plain(path), plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_control_and_bytes),
        cmocka_unit_test(test_dots),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_names_in_part),
        cmocka_unit_test(test_without_names),
        cmocka_unit_test(test_encoded_for_ever),
        cmocka_unit_test(test_plain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
