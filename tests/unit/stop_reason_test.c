#include "delivery/stop_reason.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const struct {
    enum stop_reason why;
    const char *name;
    bool person; // exit 6; else 5
    const char *sentence;
} rows[] = {
    {STOP_NONE, "", false, "may be sent to"},
    {STOP_TOKEN, "token", true, "refused the token"},
    {STOP_PASSWORD, "token", true, "the password"},
    {STOP_LOG_IN, "token", false, "3 log-ins within 6 minutes"},
    {STOP_PREFIX, "prefix", true, "does not know the API"},
    {STOP_FORBIDDEN, "forbidden", true, "three times in a row"},
    {STOP_NO_ANSWER, "no answer", false, "does not answer"},
    {STOP_UNKNOWN, "unknown", true, "stopped answering"},
    {STOP_REJECTED, "rejected", true, "20 releases in a row"},
    {STOP_REDIRECT, "redirect", true, "never followed"},
    {STOP_LEAVE, "", false, "the run had to end"},
};

static void test_rows(void **state)
{
    char out[600];

    (void)state;
    assert_int_equal(sizeof rows / sizeof *rows, STOP_LEAVE + 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stop_note note = {.why = rows[i].why};
        assert_int_equal(rows[i].why, i);
        assert_string_equal(stop_reason_name(note.why), rows[i].name);
        assert_int_equal(stop_reason_needs_person(note.why), rows[i].person);
        stop_reason_say(&note, "acme.omnitron.net", out, sizeof out);
        if (!strstr(out, rows[i].sentence))
            fail_msg("%s", out);
        if (rows[i].why != STOP_LEAVE)
            assert_memory_equal(out, "acme.omnitron.net ", 18);
    }
}

static void test_words(void **state)
{
    struct stop_note note = {.why = STOP_TOKEN, .words = "401 Invalid token."};
    char out[600], small[20];

    (void)state;
    stop_reason_say(&note, "acme.omnitron.net", out, sizeof out);
    assert_string_equal(
        out, "acme.omnitron.net refused the token (401 Invalid token.)");
    note.words[0] = '\0';
    stop_reason_say(&note, "acme.omnitron.net", out, sizeof out);
    assert_string_equal(out, "acme.omnitron.net refused the token");
    note.why = STOP_LEAVE;
    snprintf(note.words, sizeof note.words, "words");
    stop_reason_say(&note, "acme.omnitron.net", out, sizeof out);
    assert_string_equal(out, "the run had to end");
    note.why = STOP_PREFIX;
    memset(small, 'x', sizeof small);
    stop_reason_say(&note, "acme.omnitron.net", small, sizeof small);
    assert_string_equal(small, "acme.omnitron.net d");
}

/* When a log-in may be made again is told in the machine's time. */
static void test_next_log_in(void **state)
{
    struct stop_note note = {
        .why = STOP_LOG_IN, .words = "429", .next_at = 1763777647000};
    char out[600];

    (void)state;
    setenv("TZ", "TRT-3", 1);
    tzset();
    stop_reason_say(&note, "h", out, sizeof out);
    unsetenv("TZ");
    tzset();
    if (!strstr(out, "is due (2025-11-22 05:14:07 +0300)"))
        fail_msg("%s", out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_next_log_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
