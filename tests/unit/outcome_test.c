#include "delivery/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The table of "Outcome of one attempt", written a second time: one letter
 * for each status of a whole reply. A 2xx is 'e' (its echo decides), what
 * the profile may call not done is 'n', the rest never changes. */
static char letter(int status)
{
    switch (status) {
    case 400:
    case 403:
    case 404:
    case 405:
    case 406:
    case 410:
    case 413:
    case 414:
    case 415:
    case 422:
        return 'r';
    case 401:
    case 407:
        return 'l';
    case 429:
        return 't';
    case 408:
    case 409:
        return 'n';
    default:
        return status / 100 == 2 ? 'e' : status / 100 == 5 ? 'n' : 'u';
    }
}

static enum outcome whole(int status, bool echoed, bool not_done)
{
    switch (letter(status)) {
    case 'r':
        return OUTCOME_REFUSED;
    case 'l':
        return OUTCOME_NO_LOGIN;
    case 't':
        return OUTCOME_THROTTLED;
    case 'n':
        return not_done ? OUTCOME_NOT_DONE : OUTCOME_UNKNOWN;
    case 'e':
        return echoed ? OUTCOME_APPLIED : OUTCOME_UNKNOWN;
    default:
        return OUTCOME_UNKNOWN;
    }
}

static enum outcome expected(const struct outcome_seen *seen, bool not_done)
{
    if (!seen->sent)
        return OUTCOME_NOT_SENT;
    if (seen->curl != 0 || !seen->complete)
        return OUTCOME_UNKNOWN;
    return whole(seen->status, seen->echoed, not_done);
}

static void check(const struct outcome_seen *seen, bool not_done)
{
    const char *why = NULL;
    enum outcome got = outcome_judge(seen, &why);
    enum outcome want = expected(seen, not_done);

    if (got != want)
        fail_msg("sent %d curl %d complete %d status %d echoed %d not_done "
                 "%d: %s, not %s",
            seen->sent, seen->curl, seen->complete, seen->status, seen->echoed,
            not_done, outcome_name(got), outcome_name(want));
    assert_non_null(why);
    assert_true(why[0] != '\0');
}

/* Each value of what is seen against each other; 0, 1xx to 5xx and beyond. */
static void test_every_combination(void **state)
{
    static const int codes[] = {0, 7, 28, 42, 52, 56};
    static bool mark[600];
    int n = 0;

    (void)state;
    for (int status = 0; status < 700; status++) {
        bool allowed = status < 600 && letter(status) == 'n';
        for (int bits = 0; bits < 16; bits++)
            for (size_t i = 0; i < sizeof codes / sizeof *codes; i++, n++) {
                bool not_done = allowed && (bits & 8);
                memset(mark, 0, sizeof mark);
                if (not_done)
                    mark[status] = true;
                check(&(struct outcome_seen){.sent = bits & 1,
                          .complete = bits & 2,
                          .echoed = bits & 4,
                          .curl = codes[i],
                          .status = status,
                          .not_done = mark},
                    not_done);
            }
    }
    assert_int_equal(n, 700 * 16 * 6);
}

/* A profile that calls everything "not done" that it may changes nothing
 * else: neither another status nor a reply that is not whole. */
static void test_not_done_is_for_its_statuses(void **state)
{
    bool mark[600] = {false};

    (void)state;
    for (int status = 0; status < 600; status++)
        mark[status] = letter(status) == 'n';
    for (int status = 0; status < 600; status++)
        for (int bits = 0; bits < 8; bits++)
            check(&(struct outcome_seen){.sent = bits & 1,
                      .complete = bits & 2,
                      .echoed = bits & 4,
                      .status = status,
                      .not_done = mark},
                mark[status]);
}

static void test_no_profile(void **state)
{
    (void)state;
    for (int status = 0; status < 600; status++)
        check(&(struct outcome_seen){.sent = true,
                  .complete = true,
                  .echoed = true,
                  .status = status},
            false);
}

/* "States of one release" and what an attempt may change, written a second
 * time. 'c' confirmed, 'r' rejected, 'p' pending, 'u' unknown. */
struct after {
    char state;
    bool stock;
};

static struct after after(
    enum outcome outcome, const struct outcome_before *before)
{
    static const char usual[OUTCOMES + 1] = "pcrpppu";

    if (outcome == OUTCOME_APPLIED)
        return (struct after){'c', before->update_stock};
    if (before->doubted) // kept as evidence, the row stays
        return (struct after){'u', before->update_stock};
    if (outcome == OUTCOME_REFUSED && before->applied_stock != -1)
        return (struct after){'c', before->applied_stock == 1};
    return (struct after){usual[outcome], before->update_stock};
}

static void check_state(
    enum outcome outcome, const struct outcome_before *before)
{
    struct after want = after(outcome, before);
    bool stock = !want.stock;
    enum journal_state got = outcome_state(outcome, before, &stock);

    if (journal_state_name(got)[0] != want.state || stock != want.stock)
        fail_msg("%s, doubted %d, applied %d, asked %d: %s, %d",
            outcome_name(outcome), before->doubted, before->applied_stock,
            before->update_stock, journal_state_name(got), stock);
}

static void test_every_state(void **state)
{
    int n = 0;

    (void)state;
    for (int outcome = 0; outcome < OUTCOMES; outcome++)
        for (int bits = 0; bits < 4; bits++)
            for (int applied = -1; applied <= 1; applied++, n++)
                check_state((enum outcome)outcome,
                    &(struct outcome_before){.doubted = bits & 1,
                        .update_stock = bits & 2,
                        .applied_stock = applied});
    assert_int_equal(n, 7 * 4 * 3);
}

/* What may have been applied is never sent again by itself, and a refusal is
 * an answer. */
static void test_what_may_be_tried_again(void **state)
{
    static const bool may[OUTCOMES] = {[OUTCOME_NOT_SENT] = true,
        [OUTCOME_NO_LOGIN] = true,
        [OUTCOME_THROTTLED] = true,
        [OUTCOME_NOT_DONE] = true};

    (void)state;
    for (int i = 0; i < OUTCOMES; i++)
        assert_int_equal(outcome_may_retry((enum outcome)i), may[i]);
}

static void test_refusals(void **state)
{
    (void)state;
    for (int status = -1; status < 700; status++)
        assert_int_equal(outcome_refuses(status), letter(status) == 'r');
}

static void test_names(void **state)
{
    static const char *const names[] = {"not sent", "applied", "refused",
        "no log-in", "throttled", "not done", "unknown"};

    (void)state;
    for (int i = OUTCOME_NOT_SENT; i <= OUTCOME_UNKNOWN; i++)
        assert_string_equal(outcome_name((enum outcome)i), names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_combination),
        cmocka_unit_test(test_not_done_is_for_its_statuses),
        cmocka_unit_test(test_no_profile),
        cmocka_unit_test(test_every_state),
        cmocka_unit_test(test_what_may_be_tried_again),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
