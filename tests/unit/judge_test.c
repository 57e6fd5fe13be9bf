#include "delivery/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { DAY_MS = 86400000, LAST_AT = 1000, NONE = -1 };

/* A row (its code is "A") meets a release, an hour later. */
struct meeting {
    enum journal_state state;
    bool stock;  // of the row
    int applied; // confirmed with; NONE: never
    const char *code;
    bool asked; // update_stock of the release
    enum judgement judgement;
    const char *note; // a part of it; "": none at all
};

static const struct meeting meetings[] = {
    // confirmed
    {JOURNAL_CONFIRMED, true, 1, "A", true, JUDGE_ALREADY, ""},
    {JOURNAL_CONFIRMED, false, 0, "A", false, JUDGE_ALREADY, ""},
    {JOURNAL_CONFIRMED, true, 1, "B", true, JUDGE_CONFLICT, "\"B\" was asked"},
    {JOURNAL_CONFIRMED, false, 0, "B", true, JUDGE_CONFLICT, "the code \"A\""},
    {JOURNAL_CONFIRMED, false, 0, "B", false, JUDGE_CONFLICT, "(confirmed)"},
    {JOURNAL_CONFIRMED, true, 1, "A", false, JUDGE_CONFLICT, "false was asked"},
    {JOURNAL_CONFIRMED, true, 1, "a", true, JUDGE_CONFLICT, "\"a\" was asked"},
    {JOURNAL_CONFIRMED, true, 1, "A\u0308", true, JUDGE_CONFLICT,
        "\" was asked; at character 2 that is its end, this U+0308"},
    {JOURNAL_CONFIRMED, true, 1, "\u0410", true, JUDGE_CONFLICT,
        "\" was asked; at character 1 that is U+0041, this U+0410"},
    {JOURNAL_CONFIRMED, false, 0, "A", true, JUDGE_SEND, "became \"A\", true"},
    // unknown: never sent from here
    {JOURNAL_UNKNOWN, true, NONE, "A", true, JUDGE_UNKNOWN, ""},
    {JOURNAL_UNKNOWN, false, NONE, "A", false, JUDGE_UNKNOWN, ""},
    {JOURNAL_UNKNOWN, false, NONE, "A", true, JUDGE_UNKNOWN, ""},
    {JOURNAL_UNKNOWN, true, 0, "A", true, JUDGE_UNKNOWN, ""},
    {JOURNAL_UNKNOWN, true, NONE, "B", true, JUDGE_CONFLICT, "(unknown)"},
    {JOURNAL_UNKNOWN, true, NONE, "A", false, JUDGE_CONFLICT, "(unknown)"},
    {JOURNAL_SENDING, true, NONE, "A", true, JUDGE_UNKNOWN, ""},
    {JOURNAL_SENDING, true, NONE, "B", true, JUDGE_CONFLICT, "(sending)"},
    // certainly not applied: a mended rule wins
    {JOURNAL_PENDING, true, NONE, "A", true, JUDGE_SEND, ""},
    {JOURNAL_PENDING, true, NONE, "B", true, JUDGE_SEND, "became \"B\", true"},
    {JOURNAL_PENDING, true, NONE, "A", false, JUDGE_SEND, "became \"A\", fals"},
    {JOURNAL_PENDING, false, NONE, "A", true, JUDGE_SEND, "stock false becam"},
    {JOURNAL_REJECTED, true, NONE, "A", true, JUDGE_REJECTED, ""},
    {JOURNAL_REJECTED, true, NONE, "B", true, JUDGE_SEND, "\"A\", update_st"},
    {JOURNAL_REJECTED, true, NONE, "A", false, JUDGE_SEND, "\"A\", false"},
    {JOURNAL_CANCELLED, true, NONE, "A", true, JUDGE_SEND, "cancelled"},
    {JOURNAL_CANCELLED, true, NONE, "B", true, JUDGE_SEND, "became \"B\""},
    // confirmed with false, true asked and not applied yet
    {JOURNAL_PENDING, true, 0, "A", true, JUDGE_SEND, ""},
    {JOURNAL_PENDING, true, 0, "B", true, JUDGE_CONFLICT, "(pending)"},
    {JOURNAL_PENDING, true, 0, "B", false, JUDGE_CONFLICT, "\"B\" was asked"},
    {JOURNAL_PENDING, true, 0, "A", false, JUDGE_RESTORE, "became false"},
    {JOURNAL_CANCELLED, true, 0, "B", true, JUDGE_CONFLICT, "(cancelled)"},
};

static enum judgement judge(
    const struct meeting *m, int64_t now_ms, int64_t retry_ms, char *note)
{
    struct journal_row row = {.order_item_id = 46761,
        .code = "A",
        .update_stock = m->stock,
        .state = m->state,
        .applied_stock = m->applied,
        .last_at = LAST_AT};
    struct journal_ask ask = {
        .order_item_id = 46761, .code = m->code, .update_stock = m->asked};

    const struct judge_rules rules = {.retry_rejected_ms = retry_ms};

    return judge_release(&row, &ask, now_ms, &rules, note);
}

static void test_meetings(void **state)
{
    char note[JUDGE_NOTE_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof meetings / sizeof *meetings; i++) {
        const struct meeting *m = &meetings[i];
        memset(note, 'x', sizeof note);
        enum judgement got = judge(m, LAST_AT + 3600000, DAY_MS, note);
        if (got != m->judgement)
            fail_msg("%s %d/%d meets \"%s\" %d: %d, not %d",
                journal_state_name(m->state), m->stock, m->applied, m->code,
                m->asked, got, m->judgement);
        if (!m->note[0])
            assert_string_equal(note, "");
        else if (!strstr(note, m->note))
            fail_msg("row %zu: %s", i, note);
    }
}

static void test_refusal_is_over(void **state)
{
    static const struct meeting again = {
        JOURNAL_REJECTED, true, NONE, "A", true, JUDGE_SEND, ""};
    char note[JUDGE_NOTE_MAX];

    (void)state;
    assert_int_equal(
        judge(&again, LAST_AT + DAY_MS - 1, DAY_MS, note), JUDGE_REJECTED);
    assert_int_equal(judge(&again, LAST_AT + DAY_MS, DAY_MS, note), JUDGE_SEND);
    assert_non_null(strstr(note, "after its refusal"));
    assert_int_equal(judge(&again, LAST_AT, 0, note), JUDGE_SEND);
}

/* Whatever is asked of a row that Omnitron may have: nothing is sent, but
 * for the step from update_stock false to true of what is confirmed. */
static void test_what_may_be_applied_is_not_sent(void **state)
{
    static const enum journal_state states[] = {
        JOURNAL_UNKNOWN, JOURNAL_SENDING, JOURNAL_CONFIRMED};
    char note[JUDGE_NOTE_MAX];

    (void)state;
    for (int bits = 0; bits < 24; bits++) {
        enum journal_state at = states[bits / 8];
        struct meeting m = {at, bits & 1,
            at == JOURNAL_CONFIRMED ? bits & 1 : NONE, bits & 2 ? "A" : "B",
            bits & 4, JUDGE_SEND, ""};
        bool step =
            at == JOURNAL_CONFIRMED && !m.stock && m.asked && m.code[0] == 'A';
        assert_int_equal(judge(&m, INT64_MAX, 0, note) == JUDGE_SEND, step);
    }
}

/* An unknown row is sent once more by a later run, when the profile says so,
 * and only as it is: with another code it is a conflict, with more of it two
 * things would be unknown. */
static void test_resend(void **state)
{
    char note[JUDGE_NOTE_MAX];

    (void)state;
    for (int bits = 0; bits < 128; bits++) {
        bool resend = bits & 1, resent = bits & 2, same_run = bits & 4;
        bool other_code = bits & 8, stock = bits & 16, asked = bits & 32;
        struct journal_row row = {.order_item_id = 1,
            .code = "A",
            .update_stock = stock,
            .state = bits & 64 ? JOURNAL_SENDING : JOURNAL_UNKNOWN,
            .applied_stock = NONE,
            .run = same_run ? 7 : 6,
            .resent = resent};
        struct journal_ask ask = {.order_item_id = 1,
            .code = other_code ? "B" : "A",
            .update_stock = asked};
        const struct judge_rules rules = {DAY_MS, resend, 7};
        bool conflict = other_code || (stock && !asked);
        bool goes = resend && !resent && !same_run && stock == asked;
        enum judgement got = judge_release(&row, &ask, 0, &rules, note);
        assert_int_equal(got, conflict ? JUDGE_CONFLICT
                              : goes   ? JUDGE_RESEND
                                       : JUDGE_UNKNOWN);
        if (got == JUDGE_RESEND)
            assert_string_equal(note, judge_resend_note);
        if (got == JUDGE_UNKNOWN)
            assert_string_equal(note, "");
    }
}

/* The profile's when_unknown changes nothing for any other state. */
static void test_resend_is_for_unknown(void **state)
{
    const struct judge_rules hold = {DAY_MS, false, 7};
    const struct judge_rules resend = {DAY_MS, true, 7};
    char note[JUDGE_NOTE_MAX], other[JUDGE_NOTE_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof meetings / sizeof *meetings; i++) {
        const struct meeting *m = &meetings[i];
        struct journal_row row = {.code = "A",
            .update_stock = m->stock,
            .state = m->state,
            .applied_stock = m->applied};
        struct journal_ask ask = {.code = m->code, .update_stock = m->asked};
        if (m->state == JOURNAL_UNKNOWN || m->state == JOURNAL_SENDING)
            continue;
        assert_int_equal(judge_release(&row, &ask, 0, &hold, note),
            judge_release(&row, &ask, 0, &resend, other));
        assert_string_equal(note, other);
    }
}

/* retry_rejected on clocks that went forward or back since the refusal: one
 * that lies further in the future than it lasts is of a wrong clock. */
static void test_wrong_clocks(void **state)
{
    static const struct meeting again = {
        JOURNAL_REJECTED, true, NONE, "A", true, JUDGE_SEND, ""};
    static const struct {
        int64_t later_ms, lasts_ms;
        enum judgement judgement;
    } rows[] = {
        {0, DAY_MS, JUDGE_REJECTED},
        {0, 1, JUDGE_REJECTED},
        {0, 0, JUDGE_SEND},
        {DAY_MS - 1, DAY_MS, JUDGE_REJECTED},
        {DAY_MS, DAY_MS, JUDGE_SEND},
        {INT64_C(10) * 365 * DAY_MS, DAY_MS, JUDGE_SEND},
        {-1, DAY_MS, JUDGE_REJECTED},
        {-DAY_MS + 1, DAY_MS, JUDGE_REJECTED},
        {-DAY_MS, DAY_MS, JUDGE_SEND},
        {INT64_C(-10) * 365 * DAY_MS, DAY_MS, JUDGE_SEND},
        {-1, 1, JUDGE_SEND},
        {-1, 0, JUDGE_SEND},
        {1, INT64_MAX, JUDGE_REJECTED},
        {-1, INT64_MAX, JUDGE_REJECTED},
    };
    char note[JUDGE_NOTE_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (judge(&again, LAST_AT + rows[i].later_ms, rows[i].lasts_ms, note) !=
            rows[i].judgement)
            fail_msg("row %zu", i);
}

/* Every ask of a row that was confirmed with false and from which more was
 * wanted, in each state that can be: true is still to be done, false is as
 * it was, another code contradicts; a refusal does not make it wait. */
static void test_half_done(void **state)
{
    static const enum journal_state states[] = {
        JOURNAL_PENDING, JOURNAL_CANCELLED, JOURNAL_REJECTED};
    char note[JUDGE_NOTE_MAX];

    (void)state;
    for (int bits = 0; bits < 12; bits++) {
        bool same = bits & 1, asked = bits & 2;
        struct meeting m = {
            states[bits / 4], true, 0, same ? "A" : "B", asked, JUDGE_SEND, ""};
        enum judgement want = !same   ? JUDGE_CONFLICT
                              : asked ? JUDGE_SEND
                                      : JUDGE_RESTORE;
        assert_int_equal(judge(&m, LAST_AT, DAY_MS, note), want);
        assert_int_equal(note[0] == '\0', want == JUDGE_SEND);
    }
}

/* Two of the longest codes fit into a note. */
static void test_longest_note(void **state)
{
    struct journal_row row = {
        .order_item_id = INT64_MAX, .state = JOURNAL_CONFIRMED};
    char asked[JOURNAL_CODE_MAX + 1], note[JUDGE_NOTE_MAX];
    struct journal_ask ask = {.order_item_id = INT64_MAX, .code = asked};

    (void)state;
    memset(row.code, 'a', JOURNAL_CODE_MAX);
    memset(asked, 'b', JOURNAL_CODE_MAX);
    asked[JOURNAL_CODE_MAX] = '\0';
    assert_int_equal(
        judge_release(&row, &ask, 0, &(const struct judge_rules){0}, note),
        JUDGE_CONFLICT);
    assert_non_null(strstr(note, asked));
    assert_string_equal(note + strlen(note) - 11, "\" was asked");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_meetings),
        cmocka_unit_test(test_refusal_is_over),
        cmocka_unit_test(test_what_may_be_applied_is_not_sent),
        cmocka_unit_test(test_resend),
        cmocka_unit_test(test_resend_is_for_unknown),
        cmocka_unit_test(test_wrong_clocks),
        cmocka_unit_test(test_half_done),
        cmocka_unit_test(test_longest_note),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
