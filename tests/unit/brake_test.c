#include "delivery/brake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A run of outcomes, a letter each:
 *   a applied  r refused (400)  b refused, and the row was before
 *   f 403  F 405  e 403 of a row that was refused before
 *   u unknown  l 401  t 429  d not done  n not sent  3 a redirect
 *   x not sent, its tries used up  y 429, its tries used up */
static struct brake_seen seen_of(char letter)
{
    static const struct {
        char letter;
        struct brake_seen seen;
    } rows[] = {
        {'a', {.outcome = OUTCOME_APPLIED, .status = 201}},
        {'r', {.outcome = OUTCOME_REFUSED, .status = 400}},
        {'b', {OUTCOME_REFUSED, 400, true, false}},
        {'f', {.outcome = OUTCOME_REFUSED, .status = 403}},
        {'F', {.outcome = OUTCOME_REFUSED, .status = 405}},
        {'e', {OUTCOME_REFUSED, 403, true, false}},
        {'u', {.outcome = OUTCOME_UNKNOWN, .status = 502}},
        {'l', {.outcome = OUTCOME_NO_LOGIN, .status = 401}},
        {'t', {.outcome = OUTCOME_THROTTLED, .status = 429}},
        {'d', {.outcome = OUTCOME_NOT_DONE, .status = 503}},
        {'n', {.outcome = OUTCOME_NOT_SENT}},
        {'3', {.outcome = OUTCOME_UNKNOWN, .status = 302}},
        {'x', {OUTCOME_NOT_SENT, 0, false, true}},
        {'y', {OUTCOME_THROTTLED, 429, false, true}},
    };
    size_t i = 0;

    while (i < sizeof rows / sizeof *rows && rows[i].letter != letter)
        i++;
    assert_true(i < sizeof rows / sizeof *rows);
    return rows[i].seen;
}

#define R5  "rrrrr"
#define R19 R5 R5 R5 "rrrr"
#define B5  "bbbbb"
#define B20 B5 B5 B5 B5

/* Where the sending stops: at the last letter, and not before. */
static const struct {
    const char *run;
    enum stop_reason stop;
} runs[] = {
    {"", STOP_NONE},
    // three unknown ones
    {"uuu", STOP_UNKNOWN},
    {"uu", STOP_NONE},
    {"uauauauauau", STOP_NONE},
    {"uuauu", STOP_NONE},
    {"uuauuu", STOP_UNKNOWN},
    {"uuruu", STOP_NONE},
    {"uubuu", STOP_NONE},
    {"uufuu", STOP_NONE},
    {"uutuu", STOP_NONE},
    {"uuluu", STOP_NONE},
    {"uuduu", STOP_NONE},
    {"unnunnnu", STOP_UNKNOWN}, // not sent: neither counts nor ends
    {"nnnnnnnnnnnnnnnnnnnnnnnnn", STOP_NONE},
    {"aaaauuu", STOP_UNKNOWN},
    // three that forbid
    {"fff", STOP_FORBIDDEN},
    {"FFF", STOP_FORBIDDEN},
    {"fFf", STOP_FORBIDDEN},
    {"ff", STOP_NONE},
    {"ffaff", STOP_NONE},
    {"ffrff", STOP_NONE},
    {"ffuff", STOP_NONE},
    {"fftff", STOP_NONE},
    {"fflff", STOP_NONE},
    {"fnfnf", STOP_FORBIDDEN},
    {"eee", STOP_FORBIDDEN}, // whatever the rows were before
    {"aaaafff", STOP_FORBIDDEN},
    // twenty refusals of rows that were not refused before
    {R19, STOP_NONE},
    {R19 "r", STOP_REJECTED},
    {R19 "f", STOP_REJECTED},
    {R19 "nnn", STOP_NONE},
    {R19 "nr", STOP_REJECTED},
    {R19 "b", STOP_NONE}, // no news, and no end of the row
    {R19 B20 "r", STOP_REJECTED},
    {B20 B20 B20, STOP_NONE},
    {R19 "ur", STOP_NONE},
    {R19 "tr", STOP_NONE},
    {R19 "lr", STOP_NONE},
    {R19 "dr", STOP_NONE},
    {R19 "u" R19 "r", STOP_REJECTED},
    {"a" R19 R19 R19, STOP_NONE}, // something was applied in this run
    {R19 "a" R19 R19, STOP_NONE},
    // a redirect, at once
    {"3", STOP_REDIRECT},
    {"aaa3", STOP_REDIRECT},
    {"uu3", STOP_REDIRECT},
    // one that was given up
    {"x", STOP_NO_ANSWER},
    {"y", STOP_NO_ANSWER},
    {"aaax", STOP_NO_ANSWER},
    {"ttttt", STOP_NONE},
};

static void test_runs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        const char *run = runs[i].run;
        struct brake brake = {0};
        enum stop_reason got = STOP_NONE;
        for (size_t at = 0; run[at]; at++) {
            struct brake_seen seen = seen_of(run[at]);
            if (got != STOP_NONE)
                fail_msg("%s: stopped before letter %zu", run, at);
            got = brake_count(&brake, &seen);
        }
        if (got != runs[i].stop)
            fail_msg("%s: \"%s\"", run, stop_reason_name(got));
    }
}

/* Only a 3xx that nobody can judge; a status without its headers' end is
 * one too, for it has led elsewhere. */
static void test_redirects(void **state)
{
    (void)state;
    for (int status = 0; status < 600; status++)
        for (int i = 0; i < OUTCOMES; i++) {
            struct brake brake = {0};
            struct brake_seen seen = {(enum outcome)i, status, false, false};
            bool stops = i == OUTCOME_UNKNOWN && status / 100 == 3;
            assert_int_equal(
                brake_count(&brake, &seen), stops ? STOP_REDIRECT : STOP_NONE);
        }
}

static void test_what_forbids(void **state)
{
    (void)state;
    for (int status = 0; status < 600; status++)
        for (int i = 0; i < OUTCOMES; i++)
            assert_int_equal(brake_is_forbidden((enum outcome)i, status),
                i == OUTCOME_REFUSED && (status == 403 || status == 405));
}

/* Every run of 7 outcomes, against a reading of the rule that looks back
 * instead of counting. */
static const char letters[] = "aufnbt3";

static int back(const char *run, size_t end, const char *of)
{
    int n = 0;

    while (end > 0 && (run[end - 1] == 'n' || strchr(of, run[end - 1])))
        n += run[--end] != 'n';
    return n;
}

static enum stop_reason looking_back(const char *run, size_t end)
{
    if (run[end - 1] == '3')
        return STOP_REDIRECT;
    if (back(run, end, "u3") >= 3)
        return STOP_UNKNOWN;
    return back(run, end, "f") >= 3 ? STOP_FORBIDDEN : STOP_NONE;
}

static void check_run(const char *run)
{
    struct brake brake = {0};

    for (size_t at = 0; run[at]; at++) {
        struct brake_seen seen = seen_of(run[at]);
        enum stop_reason got = brake_count(&brake, &seen);
        enum stop_reason want = looking_back(run, at + 1);
        if (got != want)
            fail_msg("%s, letter %zu: \"%s\"", run, at, stop_reason_name(got));
        if (got != STOP_NONE)
            return;
    }
}

static void test_every_run_of_seven(void **state)
{
    char run[8] = "";
    long most = 7L * 7 * 7 * 7 * 7 * 7 * 7;

    (void)state;
    for (long n = 0; n < most; n++) {
        long rest = n;
        for (int i = 0; i < 7; i++, rest /= 7)
            run[i] = letters[rest % 7];
        check_run(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_redirects),
        cmocka_unit_test(test_what_forbids),
        cmocka_unit_test(test_every_run_of_seven),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
