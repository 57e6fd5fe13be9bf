#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define TEXT(text)  (text), sizeof(text) - 1

static const struct {
    const char *text;
    size_t len, next;
    uint32_t point; // 0xBAD when there is none
} characters[] = {
    {TEXT(""), 0, 0xBAD},
    {TEXT("\0"), 1, 0},
    {TEXT("az"), 1, 'a'},
    {TEXT("\x7F"), 1, 0x7F},
    {TEXT("\x80"), 0, 0xBAD},
    {TEXT("\xC1\xBF"), 0, 0xBAD},
    {TEXT("\xC2\x80"), 2, 0x80},
    {TEXT("\xC2"), 0, 0xBAD},
    {TEXT("\xDF\xBF"), 2, 0x7FF},
    {TEXT("\xE0\x9F\xBF"), 0, 0xBAD},
    {TEXT("\xE0\xA0\x80"), 3, 0x800},
    {TEXT("\xE2\x82y"), 0, 0xBAD},
    {TEXT("€"), 3, 0x20AC},
    {TEXT("\xED\x9F\xBF"), 3, 0xD7FF},
    {TEXT("\xED\xA0\x80"), 0, 0xBAD},
    {TEXT("\xEE\x80\x80"), 3, 0xE000},
    {TEXT("\xEF\xBF\xBF"), 3, 0xFFFF},
    {TEXT("\xF0\x8F\xBF\xBF"), 0, 0xBAD},
    {TEXT("\xF0\x90\x80\x80"), 4, 0x10000},
    {TEXT("\xF0\x9F\x93\xA6"), 4, 0x1F4E6},
    {TEXT("\xF0\x9F\x93"), 0, 0xBAD},
    {TEXT("\xF4\x8F\xBF\xBF"), 4, 0x10FFFF},
    {TEXT("\xF4\x90\x80\x80"), 0, 0xBAD},
    {TEXT("\xF5\x80\x80\x80"), 0, 0xBAD},
    {TEXT("\xFF"), 0, 0xBAD},
};

static void test_characters(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(characters); i++) {
        const char *text = characters[i].text;
        size_t len = characters[i].len, next = characters[i].next;
        uint32_t point = 0xBAD;
        char back[UTF8_MAX];
        assert_int_equal(utf8_next(text, len), next);
        assert_int_equal(utf8_read(text, len, &point), next);
        assert_int_equal(point, characters[i].point);
        if (next == 0)
            continue;
        assert_int_equal(utf8_write(point, back), next);
        assert_memory_equal(back, text, next);
    }
}

static void test_every_point(void **state)
{
    char text[UTF8_MAX];

    (void)state;
    for (uint32_t point = 0; point <= 0x110000; point++) {
        bool good = point < 0xD800 || (point > 0xDFFF && point <= 0x10FFFF);
        uint32_t back = 0;
        size_t n = utf8_write(point, text);
        assert_int_equal(utf8_read(text, n, &back), good ? n : 0);
        assert_int_equal(back, good ? point : 0);
    }
}

static void test_texts(void **state)
{
    (void)state;
    assert_int_equal(utf8_valid(TEXT("")), 0);
    assert_int_equal(utf8_valid(TEXT("ş€\0x")), 7);
    assert_int_equal(utf8_valid(TEXT("ş\xFFx")), 2);
    assert_int_equal(utf8_valid(TEXT("x\xE2\x82")), 1);
    assert_int_equal(utf8_count(TEXT("")), 0);
    assert_int_equal(utf8_count(TEXT("aş€\xF0\x9F\x93\xA6")), 4);
}

static void test_cut(void **state)
{
    (void)state;
    assert_int_equal(utf8_cut("a\xc3\xa7", 3, 2), 1);
    assert_int_equal(utf8_cut("\xe2\x82\xac", 3, 2), 0);
    assert_int_equal(utf8_cut("abc", 3, 2), 2);
    assert_int_equal(utf8_cut("abc", 3, 3), 3);
    assert_int_equal(utf8_cut("abc", 3, 0), 0);
    assert_int_equal(utf8_cut("\xF0\x9F\x93\xA6", 4, 3), 0);
    assert_int_equal(utf8_cut("\x80\x80\x80\x80\x80\x80", 6, 5), 5);
}

static void test_mend(void **state)
{
    static const char *const pairs[][2] = {{"", ""}, {"a\xc3\xa7", "a\xc3\xa7"},
        {"\xff", "?"}, {"a\x80\x80z\xe2\x82", "a??z??"},
        {"\xc3\xc3\xa7\xf0", "?\xc3\xa7?"}};
    char text[16];

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        strcpy(text, pairs[i][0]);
        utf8_mend(text, strlen(text));
        assert_string_equal(text, pairs[i][1]);
    }
}

static void test_controls(void **state)
{
    static const uint32_t edges[] = {0, 0x1F, 0x20, 0x7E, 0x7F, 0x9F, 0xA0};
    static const bool control[] = {1, 1, 0, 0, 1, 1, 0};

    (void)state;
    for (size_t i = 0; i < COUNT(edges); i++)
        assert_int_equal(utf8_is_control(edges[i]), control[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_every_point),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_mend),
        cmocka_unit_test(test_controls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
