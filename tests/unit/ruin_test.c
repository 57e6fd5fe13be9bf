#include "delivery/ruin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *text;
    const char *says;
} sure[] = {
    {"#N/A", "\"#N/A\""},
    {"#N/A/10", "\"#N/A\""},
    {"SO-1/#REF!", "\"#REF!\""},
    {"#VALUE!/10", "\"#VALUE!\""},
    {"#DIV/0!", "\"#DIV/0!\""},
    {"#NAME?/1", "\"#NAME?\""},
    {"#NUM!", "formula"},
    {"#NULL!", "formula"},
    {"#SPILL!", "formula"},
    {"#GETTING_DATA", "formula"},
    {"#YOK/10", "\"#YOK\""},
    {"#BAŞV!/10", "\"#BAŞV!\""},
    {"#DEĞER!/10", "\"#DEĞER!\""},
    {"#AD?/10", "\"#AD?\""},
    {"#SAYI!/10", "\"#SAYI!\""},
    {"#SAYI/0!", "\"#SAYI/0!\""},
    {"#BOŞ!", "\"#BOŞ!\""},
    {"#TAŞMA!", "formula"},
    {"#WERT!", "formula"},
    {"#NV", "formula"},
    {"Err:502/10", "\"Err:502\""},
    {"Hata:508", "\"Hata:508\""},
    {"########", "too narrow"},
    {"###/10", "too narrow"},
    {"1E+11/10", "Export that column"},
    {"2e+12/10", "Export that column"},
    {"1,2E+11", "Export that column"},
    {"1.2345678901235e+15", "Export that column"},
    {"1,2E-05/10", "Export that column"},
    {"SO-1E+11", "Export that column"},
    {"=\"000123\"/10", "=\" keeps"},
    {"'000123/10", "' keeps"},
    {"SO/'0012", "' keeps"},
    {"SO-\xef\xbf\xbd"
     "1",
        "U+FFFD"},
    {"SO-1\u200b", "U+200B"},
    {"SO\u200c-1", "U+200C"},
    {"\u200dSO-1", "U+200D"},
    {"SO-\u200e1", "U+200E"},
    {"SO-1/\u200f", "U+200F"},
    {"SO-1\u2060/1", "U+2060"},
    {"SO-1/1\u00ad", "U+00AD"},
    {"\ufeffSO-1", "U+FEFF"},
    {"SO\u202e-1", "U+202E"},
    {"SO\U000e0041-1", "U+E0041"},
    {"nan", "\"nan\""},
    {"-nan/10", "\"nan\""},
    {"SO-1/inf", "\"inf\""},
    {"nil/10", "\"nil\""},
    {"userdata: (nil)", "\"userdata:\""},
    {"SO/table: 0x55d0c0ffee", "\"table:\""},
    {"function: 0x5", "\"function:\""},
    {"function: builtin: 0x5", "\"function:\""},
};

static const struct {
    const char *text;
    const char *found;
} doubtful[] = {
    {"NULL/10", "NULL"},
    {"(null)/10", "null"},
    {"10/None", "None"},
    {"undefined/10", "undefined"},
    {"NaN/10", "NaN"},
    {"N/A", "N/A"},
    {"\\N/10", "\\N"},
    {"[object Object]/10", "[object Object]"},
    {"{{erp_doc}}/10", "{{"},
    {"${erp_doc}/10", "${"},
    {"<NA>/10", "<NA>"},
    {"%s/10", "%s"},
    {"SO-1/true", "true"},
    {"1201/10.0", "10.0"},
    {"1201.0/10", "1201.0"},
    {"TRUE", "TRUE"},
    {"SO-1/False", "False"},
    {"YANLIŞ/10", "YANLIŞ"},
    {"0", "0 is hardly a code"},
    {"000", "000 is hardly a code"},
    {"10.Ara", "10.Ara"},
    {"1-Dec/10", "1-Dec"},
    {"SO/Şub-01", "Şub-01"},
    {"-/10", "a part of it is empty"},
    {"/10", "a part of it is empty"},
    {"SO-1/", "a part of it is empty"},
    {"SO-1//10", "a part of it is empty"},
    {"/", "a part of it is empty"},
    {"-", "a part of it is empty"},
    {"SO-1/--", "a part of it is empty"},
    {"?/10", "a part of it is empty"},
};

/* Near one of those, and a code. */
static const char *const none[] = {
    "SO-1201/10",
    "#1201/10",
    "SO#12!",
    "#SO-1",
    "##",
    "A###",
    "1E11",
    "1E-3",
    "12E+3",
    "12,3E+11",
    "1,23E11",
    "A1,23E+11",
    "A1E+11",
    "1E+11A",
    "SO'12",
    "O'Neil",
    "nano/10",
    "banana",
    "INF/10",
    "NIL-4",
    "info/1",
    "table/10",
    "table:10",
    "NULLS/1",
    "ANULL/1",
    "null_1",
    "Nonesuch",
    "S\u0130PAR\u0130\u015e-7",
    "a\u00a0b",
    "SO\u20111/40",
    "-1/10",
    "100%",
    "V1.0/10",
    "10.05/1",
    "0/10",
    "100",
    "MAR-12",
    "Mars-12",
    "123-Dec",
    "12-December",
    "01.12.2026",
    "1.10.0/1",
    "{1}",
    "\U0001F4E6",
};

static void test_sure(void **state)
{
    char words[RUIN_WORDS_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof sure / sizeof *sure; i++) {
        if (ruin_look(sure[i].text, strlen(sure[i].text), words) != RUIN_SURE)
            fail_msg("\"%s\" was taken for a code", sure[i].text);
        if (!strstr(words, sure[i].says))
            fail_msg("\"%s\" %s", sure[i].text, words);
    }
}

static void test_doubtful(void **state)
{
    char words[RUIN_WORDS_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++) {
        const char *text = doubtful[i].text;
        if (ruin_look(text, strlen(text), words) != RUIN_DOUBT)
            fail_msg("\"%s\" is no doubt", text);
        if (strncmp(words, doubtful[i].found, strlen(doubtful[i].found)) != 0)
            fail_msg("\"%s\": %s", text, words);
    }
}

static void test_none(void **state)
{
    char words[RUIN_WORDS_MAX] = "-";

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (ruin_look(none[i], strlen(none[i]), words) != RUIN_NONE)
            fail_msg("\"%s\": %s", none[i], words);
    assert_string_equal(words, "-");
}

/* What follows the text is not read, and half a character is no fault here. */
static void test_ends_at_its_length(void **state)
{
    char words[RUIN_WORDS_MAX];

    (void)state;
    assert_int_equal(ruin_look("1E+11", 3, words), RUIN_NONE);
    assert_int_equal(ruin_look("nil", 2, words), RUIN_NONE);
    assert_int_equal(ruin_look("#NUM!", 4, words), RUIN_NONE);
    assert_int_equal(ruin_look("SO-1/", 4, words), RUIN_NONE);
    assert_int_equal(ruin_look("\xe2\x80\x8b", 2, words), RUIN_NONE);
    assert_int_equal(ruin_look("table: ", 6, words), RUIN_NONE);
}

/* A long word is cut in the message, and the message has room. */
static void test_long(void **state)
{
    char words[RUIN_WORDS_MAX], text[255];

    (void)state;
    memset(text, '#', sizeof text);
    assert_int_equal(ruin_look(text, sizeof text, words), RUIN_SURE);
    assert_true(strlen(words) < 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sure),
        cmocka_unit_test(test_doubtful),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_ends_at_its_length),
        cmocka_unit_test(test_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
