#include "cli/arguments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct option_row rows[] = {
    {"verbose", 'v', NULL, false, false, "say more"},
    {"journal", 'j', "FILE", false, false, "where it is"},
    {"only", 0, "ITEM", true, false, "this one"},
    {"limit", 0, "N", false, false, "so many"},
    {"json", 0, NULL, false, true, "for programs"},
    {"state", 0, "STATE", false, true, "in this state"},
    {NULL, 0, NULL, false, false, NULL},
};

enum { WORDS_MAX = 12 };

static struct arguments args;
static struct error err;

/* Reads the words of one line, parted by single spaces. */
static bool read_line(const char *line)
{
    static char copy[200];
    static char *argv[WORDS_MAX + 1];
    int argc = 0;
    char *at = copy;

    snprintf(copy, sizeof copy, "%s", line);
    memset(argv, 0, sizeof argv);
    err.text[0] = '\0';
    while (*line && at && argc < WORDS_MAX)
        argv[argc++] = strsep(&at, " ");
    return arguments_read(&args, rows, argc, argv, &err);
}

/* What was read, as one line: options in the order of the rows. */
static const char *shown(void)
{
    static char out[400];
    const char *list[8];
    size_t n = 0;

    out[0] = '\0';
    for (const struct option_row *row = rows; row->name; row++) {
        if (!arguments_given(&args, row->name))
            continue;
        n += (size_t)snprintf(out + n, sizeof out - n, "%s=%s ", row->name,
            arguments_text(&args, row->name));
    }
    size_t all = arguments_list(&args, "only", list, 8);
    for (size_t i = 0; i < all; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "<%s> ", list[i]);
    for (int i = 0; i < args.plain_count; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s[%s]",
            i && i == args.open_count ? "/" : "", args.plain[i]);
    return out;
}

static const char *const lines[][2] = {
    {"", ""},
    {"a b", "[a][b]"},
    {"-v a", "verbose= [a]"},
    {"-v --verbose a", "verbose= [a]"},
    {"--journal x a", "journal=x [a]"},
    {"--journal=x a", "journal=x [a]"},
    {"--journal= a", "journal= [a]"},
    {"--journal=a=b", "journal=a=b "},
    {"-j x", "journal=x "},
    {"--journal -v", "journal=-v "},
    {"--journal -- a", "journal=-- [a]"},
    {"--only 1 --only 2 a", "only=2 <1> <2> [a]"},
    // what follows the first plain word is not ours …
    {"a -v --journal x", "[a][-v][--journal][x]"},
    {"a --nonsense", "[a][--nonsense]"},
    {"- -v", "[-][-v]"},
    {"-v -- --limit 1", "verbose= [--limit][1]"},
    {"-- a", "[a]"},
    // … but for the options that may stand anywhere
    {"a --json b", "json= [a][b]"},
    {"a --state x b --json", "json= state=x [a][b]"},
    {"a --state=x", "state=x [a]"},
    {"a --states x", "[a][--states][x]"},
    // … until "--" ends them all
    {"-- a --json", "[a][--json]"},
    {"a -- --json", "[a]/[--json]"},
    {"-v a --json b -- c --json", "verbose= json= [a][b]/[c][--json]"},
    // the first, and no other
    {"a -- b -- c", "[a]/[b][--][c]"},
    {"a --", "[a]"},
};

static void test_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!read_line(lines[i][0]))
            fail_msg("%s: %s", lines[i][0], err.text);
        if (strcmp(shown(), lines[i][1]) != 0)
            fail_msg("%s: %s", lines[i][0], shown());
    }
}

static const char *const bad[][2] = {
    {"--nonsense", "no option --nonsense here"},
    {"--nonsense", "--verbose, --journal, --only, --limit, --json, --state"},
    {"--", NULL},
    {"-x", "no option -x here"},
    {"-vj", "no option -vj here"},
    {"--verb", "no option --verb here"},
    {"--verbosely", "no option --verbosely here"},
    {"--=x", "no option --=x here"},
    {"---verbose", "no option ---verbose here"},
    {"--verbose=yes", "--verbose takes no value"},
    {"--journal", "--journal needs a value: FILE"},
    {"a --state", "--state needs a value: STATE"},
    {"--journal x --journal y", "--journal was given twice"},
    {"--state x a --state y", "--state was given twice"},
};

static void test_bad_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        bool ok = read_line(bad[i][0]);
        assert_int_equal(ok, !bad[i][1]);
        if (ok)
            continue;
        assert_int_equal(err.kind, ERROR_USAGE);
        if (!strstr(err.text, bad[i][1]))
            fail_msg("%s: %s", bad[i][0], err.text);
    }
}

static const struct {
    const char *line;
    const char *error; // NULL: none
    bool help;
} own[] = {
    {"a b", NULL, false},
    {"a --json", NULL, false},
    {"--help", NULL, true},
    {"-v -h", NULL, true},
    {"a --json -h", NULL, true},
    {"a --help b", NULL, true},
    {"a -- --help", NULL, false},
    {"-- -h --nonsense", NULL, false},
    {"a --state --help", NULL, false},
    {"a -5 -", NULL, false},
    {"a --nonsense", "no option --nonsense here", false},
    {"a --nonsense", "put -- before it", false},
    {"a -x", "no option -x here", false},
    {"a --verbose", "--verbose has to stand before", false},
};

static void test_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        assert_true(read_line(own[i].line));
        bool ok = arguments_own(&args, &err);
        if (ok == !!own[i].error || (!ok && !strstr(err.text, own[i].error)))
            fail_msg("%s: %s", own[i].line, err.text);
        if (args.help != own[i].help)
            fail_msg("%s: help is %d", own[i].line, args.help);
    }
}

static const struct {
    const char *line;
    bool ok;
    int64_t n;
} numbers[] = {
    {"a", true, 77},
    {"--limit 1", true, 1},
    {"--limit 12", true, 12},
    {"--limit=9223372036854775807", true, INT64_MAX},
    {"--limit 9223372036854775808", false, 0},
    {"--limit 0", false, 0},
    {"--limit -1", false, 0},
    {"--limit 1x", false, 0},
    {"--limit 1.5", false, 0},
    {"--limit x", false, 0},
    {"--limit=", false, 0},
};

static void test_numbers(void **state)
{
    int64_t n;

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        assert_true(read_line(numbers[i].line));
        if (arguments_number(&args, "limit", 1, 77, &n, &err) != numbers[i].ok)
            fail_msg("%s: %d", numbers[i].line, !numbers[i].ok);
        if (numbers[i].ok)
            assert_true(n == numbers[i].n);
        else
            assert_non_null(strstr(err.text, "--limit needs a whole number"));
    }
}

/* One more than there is room for is refused, not dropped. */
static void test_too_many_values(void **state)
{
    static char word[] = "--only=1";
    static char *argv[OPTION_VALUES_MAX + 1];
    const char *list[3];

    (void)state;
    for (int i = 0; i <= OPTION_VALUES_MAX; i++)
        argv[i] = word;
    assert_true(arguments_read(&args, rows, OPTION_VALUES_MAX, argv, &err));
    assert_int_equal(arguments_list(&args, "only", list, 3), 3);
    assert_false(
        arguments_read(&args, rows, OPTION_VALUES_MAX + 1, argv, &err));
    assert_non_null(strstr(err.text, "more than 256 times"));
}

static void test_absent(void **state)
{
    (void)state;
    assert_true(read_line("a"));
    assert_false(arguments_given(&args, "journal"));
    assert_null(arguments_text(&args, "journal"));
    assert_false(arguments_given(&args, "nonsense"));
    assert_null(arguments_text(&args, "nonsense"));
}

static void test_help(void **state)
{
    struct buf out = {0};

    (void)state;
    assert_true(arguments_help(rows, &out));
    assert_non_null(strstr(buf_text(&out), "  -v, --verbose "));
    assert_non_null(strstr(buf_text(&out), "      --only ITEM "));
    assert_non_null(strstr(buf_text(&out), " for programs\n"));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_bad_lines),
        cmocka_unit_test(test_own),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_too_many_values),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
