#include "ending/notice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

enum { MINUTE = 60 * 1000 };

static const int64_t hour = 60 * MINUTE, day = 24 * 60 * MINUTE;
static const int64_t start = 1763777640000; // 2025-11-22 02:14

/* What is kept between two runs, and what the last one had to say. */
struct days {
    struct buf kept;
    int news, again, ended;
};

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct days));
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    struct days *days = *state;

    buf_free(&days->kept);
    free(days);
    return 0;
}

static void on_end(const struct notice *trouble, void *arg)
{
    struct days *days = arg;

    assert_int_equal(trouble->about, 7);
    days->ended++;
}

/* One run at `now`, in which trouble 7 is there or not. */
static void run(struct days *days, int64_t now, bool there)
{
    struct notices t = {0};

    assert_true(notices_read(&t, buf_text(&days->kept)));
    if (there) {
        enum notice_say say = notices_see(&t, NOTICE_STOP, 0, 7, now, NULL);
        days->news += say == NOTICE_NEW;
        days->again += say == NOTICE_AGAIN;
        assert_int_equal(notices_lasting(&t, NOTICE_STOP, 0), 1);
    }
    notices_end(&t, NOTICE_STOP, 0, now, on_end, days);
    buf_clear(&days->kept);
    assert_true(notices_write(&t, now, &days->kept));
    notices_fini(&t);
}

/* Every five minutes from `from`, `n` times. */
static void runs(struct days *days, int64_t from, int n, bool there)
{
    for (int i = 0; i < n; i++)
        run(days, from + (int64_t)i * 5 * MINUTE, there);
}

static void says(struct days *days, int news, int again, int ended)
{
    assert_int_equal(days->news, news);
    assert_int_equal(days->again, again);
    assert_int_equal(days->ended, ended);
    days->news = days->again = days->ended = 0;
}

static void once_a_day(void **state)
{
    runs(*state, start, 288, true);
    says(*state, 1, 0, 0);
    runs(*state, start + day, 288, true);
    says(*state, 0, 1, 0);
    runs(*state, start + 2 * day, 288, true);
    says(*state, 0, 1, 0);
    runs(*state, start + 3 * day, 288, false);
    says(*state, 0, 0, 1);
    assert_string_equal(buf_text(&((struct days *)*state)->kept), "");
}

/* Cron begins a nightly run a moment earlier than the night before. */
static void every_night(void **state)
{
    for (int i = 0; i < 10; i++)
        run(*state, start + i * day - i * 100, true);
    says(*state, 1, 9, 0);
}

static void comes_and_goes(void **state)
{
    for (int i = 0; i < 144; i++) {
        run(*state, start + (int64_t)i * 10 * MINUTE, true);
        run(*state, start + (int64_t)i * 10 * MINUTE + 5 * MINUTE, false);
    }
    says(*state, 3, 0, 3);
    run(*state, start + 25 * hour, true);
    says(*state, 1, 0, 0);
    run(*state, start + 26 * hour, false);
    says(*state, 0, 0, 1);
}

/* Hushed, and then it stays. */
static void comes_to_stay(void **state)
{
    for (int i = 0; i < 5; i++) {
        run(*state, start + (int64_t)i * 10 * MINUTE, true);
        run(*state, start + (int64_t)i * 10 * MINUTE + 5 * MINUTE, false);
    }
    says(*state, 3, 0, 3);
    runs(*state, start + hour, 282, true);
    says(*state, 0, 1, 0);
    run(*state, start + 2 * day, false);
    says(*state, 0, 0, 1);
}

static void a_clock_that_was_far_ahead(void **state)
{
    run(*state, start + 400 * day, true);
    says(*state, 1, 0, 0);
    run(*state, start, true);
    says(*state, 0, 1, 0);
    run(*state, start + 5 * MINUTE, true);
    says(*state, 0, 0, 0);
    run(*state, start - hour, true);
    says(*state, 0, 0, 0);
}

static void knows_one_from_another(void **state)
{
    struct notices t = {0};
    struct notice *which;

    (void)state;
    assert_int_equal(
        notices_see(&t, NOTICE_ROW, 1, 7, start, &which), NOTICE_NEW);
    assert_int_equal(which->since, start);
    assert_int_equal(
        notices_see(&t, NOTICE_ROW, 2, 7, start, NULL), NOTICE_NEW);
    assert_int_equal(
        notices_see(&t, NOTICE_FAULT, 1, 7, start, NULL), NOTICE_NEW);
    assert_int_equal(
        notices_see(&t, NOTICE_ROW, 1, 8, start, NULL), NOTICE_NEW);
    // Twice in one run: the same answer.
    assert_int_equal(
        notices_see(&t, NOTICE_ROW, 1, 7, start, NULL), NOTICE_NEW);
    assert_int_equal(notices_lasting(&t, NOTICE_ROW, 1), 2);
    assert_int_equal(notices_lasting(&t, NOTICE_ROW, 2), 1);
    notices_fini(&t);
}

static void keeps_the_text_and_the_count(void **state)
{
    struct notices t = {0}, back = {0};
    struct buf kept = {0};
    struct notice *which;

    (void)state;
    (void)notices_see(&t, NOTICE_STOP, 0, 7, start, &which);
    which->count = 480;
    snprintf(which->text, sizeof which->text, "502 \x1B[2J\tBad\nGateway");
    (void)notices_see(&t, NOTICE_ROW, 3, UINT64_MAX, start, NULL);
    assert_true(notices_write(&t, start, &kept));
    assert_null(strpbrk(buf_text(&kept), "\n\r\x1B"));
    assert_true(notices_read(&back, buf_text(&kept)));
    assert_int_equal(back.len, 2);
    assert_int_equal(back.list[0].count, 480);
    assert_string_equal(back.list[0].text, "502 \\x1B[2J\\tBad\\nGateway");
    assert_int_equal(back.list[0].since, start);
    assert_int_equal(notices_see(&back, NOTICE_ROW, 3, UINT64_MAX, start, NULL),
        NOTICE_SILENT);
    notices_fini(&t);
    notices_fini(&back);
    buf_free(&kept);
}

static void passes_over_what_is_none(void **state)
{
    static const char *const texts[] = {"", "\t\t", "r", "hello",
        "q 0 7 1 1 0 0 1", "s 0 7 9007199254740993 1 0 0 1",
        "s 0 7 1 -9007199254740993 0 0 1", "s 0 7 1 1 9223372036854775807 0 1",
        "s 0 x 1 1 0 0 1", "s 0 7 1 1 0 0", "runs 3"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct notices t = {0};
        char text[100];
        snprintf(text, sizeof text, "%s\ts 0 7 1 1 0 0 1", texts[i]);
        assert_true(notices_read(&t, text));
        assert_int_equal(t.len, 1);
        assert_int_equal(t.list[0].about, 7);
        notices_fini(&t);
    }
}

static void is_never_full_for_those_that_are_few(void **state)
{
    struct notices t = {0};
    struct buf kept = {0};
    struct notice *which;

    (void)state;
    for (uint64_t i = 0; i < 5000; i++)
        assert_int_equal(
            notices_see(&t, NOTICE_ROW, 9, i << 40, start, NULL), NOTICE_NEW);
    assert_int_equal(t.len, NOTICES_ROWS_MOST);
    (void)notices_see(&t, NOTICE_ROW, 9, 1, start, &which);
    assert_null(which);
    (void)notices_see(&t, NOTICE_STOP, 0, 7, start, &which);
    assert_non_null(which);
    assert_true(notices_write(&t, start, &kept));
    assert_in_range(kept.len, 1, 100000);
    // Those that are over make room.
    for (size_t i = 0; i < t.len; i++)
        t.list[i].seen = false;
    notices_end(&t, NOTICE_ROW, 9, start, NULL, NULL);
    (void)notices_see(&t, NOTICE_ROW, 9, 1, start, &which);
    assert_non_null(which);
    notices_fini(&t);
    buf_free(&kept);
}

/* A script that is run with another file each time. */
static void forgets_what_never_comes_again(void **state)
{
    static const enum notice_kind kinds[] = {NOTICE_ROW, NOTICE_KEPT,
        NOTICE_CROWD, NOTICE_FAULT, NOTICE_LOG, NOTICE_OTHER, NOTICE_UNKNOWN,
        NOTICE_STOP, NOTICE_HELD, NOTICE_DISK, NOTICE_SETUP};

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct notices t = {0};
        struct buf day_later = {0}, later = {0}, before = {0};
        (void)notices_see(&t, kinds[i], 9, 7, start, NULL);
        assert_true(notices_write(&t, start + 47 * hour, &day_later));
        assert_true(notices_write(&t, start + 49 * hour, &later));
        assert_true(notices_write(&t, start - 49 * hour, &before));
        assert_true(day_later.len > 0);
        assert_int_equal(later.len > 0, i >= 6);
        assert_int_equal(before.len > 0, i >= 6);
        notices_fini(&t);
        buf_free(&day_later);
        buf_free(&later);
        buf_free(&before);
    }
}

static void the_oldest_makes_room(void **state)
{
    struct notices t = {0};
    struct notice *which;

    (void)state;
    for (uint64_t i = 0; i < NOTICES_ROWS_MOST; i++)
        (void)notices_see(&t, i < 5 ? NOTICE_UNKNOWN : NOTICE_ROW,
            i < 600 ? 9 : 8, i, start + (int64_t)i, NULL);
    for (size_t i = 0; i < t.len; i++)
        t.list[i].seen = false;
    // Not an unknown item, and not a row of the same script.
    for (uint64_t i = 0; i < 400; i++) {
        (void)notices_see(&t, NOTICE_ROW, 9, 5000 + i, start + hour, &which);
        assert_non_null(which);
        assert_int_equal(t.len, NOTICES_ROWS_MOST);
        assert_int_equal(notices_lasting(&t, NOTICE_ROW, 8), 399 - i);
    }
    assert_int_equal(
        notices_see(&t, NOTICE_ROW, 9, 5, start + hour, NULL), NOTICE_SILENT);
    (void)notices_see(&t, NOTICE_ROW, 9, 6000, start + hour, &which);
    assert_null(which);
    (void)notices_see(&t, NOTICE_ROW, 7, 6000, start + hour, &which);
    assert_non_null(which);
    assert_int_equal(notices_lasting(&t, NOTICE_UNKNOWN, 9), 5);
    notices_fini(&t);
}

static const struct {
    const char *one, *other;
    bool same;
} messages[] = {
    {"no code 'ANK'", "no code 'ANK'", true},
    {"no code 'ANK'", "no code 'IST'", false},
    {"timed out after 3001 ms", "timed out after 2999 ms", true},
    {"request 8f3a-ab failed", "request 9c0b2-7 failed", true},
    {"request 8f3a11 failed", "request x9c0b2 failed", true},
    {"table: 0x55d0c0", "table: 0x7f1a32", true},
    {"rules.lua:6: nil", "rules.lua:7: nil", true},
    {"a", "ab", false},
    {"", "a", false},
    {"1", "", false},
};

static void words_with_digits_are_alike(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(messages); i++) {
        const char *one[] = {messages[i].one, NULL};
        const char *other[] = {messages[i].other, NULL};
        assert_int_equal(notice_about(FINGERPRINT_BUT_NUMBERS, one) ==
                             notice_about(FINGERPRINT_BUT_NUMBERS, other),
            messages[i].same);
        assert_int_equal(notice_about(FINGERPRINT_TO_THE_LETTER, one) ==
                             notice_about(FINGERPRINT_TO_THE_LETTER, other),
            strcmp(messages[i].one, messages[i].other) == 0);
    }
    const char *joined[] = {"ab", "c", NULL}, *split[] = {"a", "bc", NULL};
    assert_int_not_equal(notice_about(FINGERPRINT_TO_THE_LETTER, joined),
        notice_about(FINGERPRINT_TO_THE_LETTER, split));
}

static const struct {
    const char *one, *other;
    bool same;
} logged[] = {
    {"order 4711 is not booked", "order 4712 is not booked", false},
    {"order 20251122 is not booked", "order 20251123 is not booked", false},
    {"SO-2025-11-22-1 is late", "SO-2025-11-22-2 is late", false},
    {"2025-11-22-1 is late", "2025-11-22-2 is late", false},
    {"A 123456 s", "A 123457 s", false},
    {"4711 days", "4712 days", false},
    {"12 pieces", "13 pieces", false},
    {"lines.csv:2: nil", "lines.csv:3: nil", false},
    {"a 0xyz", "a 0xyy", false},
    {"it took 3001 ms", "it took 29 ms", true},
    {"it took 0.35 s.", "it took 1.2 s.", true},
    {"it took 35ms.", "it took 129ms.", true},
    {"1 h 02 min", "12 h 40 min", true},
    {"12 dakika", "13 dakika", true},
    {"since 02:14", "since 23:59", true},
    {"at 2025-11-22T02:14:07Z: x", "at 2025-11-23T03:14:07.5+03:00: x", true},
    {"at 2025-11-22 02:14:07,31 x", "at 2025-11-23 03:14:07,99 x", true},
    {"22.11.2025", "23.11.2025", true},
    {"table: 0x55d0c0", "table: 0x7f1a32", true},
};

static void times_are_alike(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(logged); i++) {
        const char *one[] = {logged[i].one, NULL};
        const char *other[] = {logged[i].other, NULL};
        bool same = notice_about(FINGERPRINT_BUT_TIMES, one) ==
                    notice_about(FINGERPRINT_BUT_TIMES, other);
        if (same != logged[i].same)
            fail_msg("%s, %s", logged[i].one, logged[i].other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(once_a_day, setup, teardown),
        cmocka_unit_test_setup_teardown(every_night, setup, teardown),
        cmocka_unit_test_setup_teardown(comes_and_goes, setup, teardown),
        cmocka_unit_test_setup_teardown(comes_to_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_clock_that_was_far_ahead, setup, teardown),
        cmocka_unit_test(knows_one_from_another),
        cmocka_unit_test(keeps_the_text_and_the_count),
        cmocka_unit_test(passes_over_what_is_none),
        cmocka_unit_test(is_never_full_for_those_that_are_few),
        cmocka_unit_test(forgets_what_never_comes_again),
        cmocka_unit_test(the_oldest_makes_room),
        cmocka_unit_test(words_with_digits_are_alike),
        cmocka_unit_test(times_are_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
