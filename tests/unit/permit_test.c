#include "delivery/permit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What happens, a letter each.
 *   .  permit_next        k  the look says yes     t  the look: 401
 *   p  the look: prefix   i  logged in             w  log-in: wrong password
 *   g  there was a token for something else
 *   m  log-in: not now    a  applied   r  refused  u  unknown
 *   q  throttled          n  not sent  d  not done
 *   0 to 9  401 to a request that was made with this token
 *   S  stopped from elsewhere (the brake) */
static enum stop_reason step(struct permit *p, char letter, int made_with)
{
    switch (letter) {
    case 'k':
        permit_looked(p, STOP_NONE);
        break;
    case 't':
        permit_looked(p, STOP_TOKEN);
        break;
    case 'p':
        permit_looked(p, STOP_PREFIX);
        break;
    case 'i':
        permit_logged_in(p, STOP_NONE, p->token_no + 1);
        break;
    case 'g':
        permit_token_known(p, p->token_no + 1);
        break;
    case 'w':
        permit_logged_in(p, STOP_TOKEN, 0);
        break;
    case 'm':
        permit_logged_in(p, STOP_LOG_IN, 0);
        break;
    case 'a':
        return permit_count(p, OUTCOME_APPLIED, made_with);
    case 'r':
        return permit_count(p, OUTCOME_REFUSED, made_with);
    case 'u':
        return permit_count(p, OUTCOME_UNKNOWN, made_with);
    case 'q':
        return permit_count(p, OUTCOME_THROTTLED, made_with);
    case 'n':
        return permit_count(p, OUTCOME_NOT_SENT, made_with);
    case 'd':
        return permit_count(p, OUTCOME_NOT_DONE, made_with);
    case 'S':
        permit_stop(p, STOP_UNKNOWN);
        break;
    default:
        return permit_count(p, OUTCOME_NO_LOGIN, letter - '0');
    }
    return STOP_NONE;
}

/* What it wants or allows now: 'L' a look, 'I' a log-in, 's' shut and
 * nothing to ask, 'A' alone, 'O' open, 'X' stopped. */
static char seen(struct permit *p)
{
    enum permit_errand errand = permit_next(p);

    if (errand != PERMIT_NO_ERRAND)
        return errand == PERMIT_LOOK ? 'L' : 'I';
    if (permit_stopped(p))
        return permit_may_go(p) || permit_alone(p) ? '?' : 'X';
    if (permit_alone(p))
        return permit_may_go(p) ? 'A' : '?';
    return permit_may_go(p) ? 'O' : 's';
}

/* A 401 that no log-in can cure stops, as delivery does it. */
static const struct path {
    bool looks, logs_in;
    const char *events; // '.' is the beginning
    const char *seen;   // one letter after each
    enum stop_reason why;
} paths[] = {
    // shut, look, alone, open
    {true, false, ".ka", "LAO", STOP_NONE},
    {true, false, ".kr", "LAO", STOP_NONE},
    {true, false, ".kqndqa", "LAAAAAO", STOP_NONE},
    {true, false, "..k", "LsA", STOP_NONE},
    {false, false, ".a", "AO", STOP_NONE},
    // a log-in before the look
    {true, true, ".ika", "ILAO", STOP_NONE},
    {false, true, ".ia", "IAO", STOP_NONE},
    {true, true, "..i.k", "IsLsA", STOP_NONE},
    // an unknown outcome: another look, then alone again
    {true, false, ".kauka", "LAOLAO", STOP_NONE},
    {true, false, ".kuka", "LALAO", STOP_NONE},
    {false, false, ".aua", "AOAO", STOP_NONE},
    {true, false, ".kau.a", "LAOLss", STOP_NONE},
    {true, false, ".kaup", "LAOLX", STOP_PREFIX},
    {true, false, ".kauua", "LAOLss", STOP_NONE},
    // the look says no
    {true, false, ".p", "LX", STOP_PREFIX},
    {true, false, ".t", "LX", STOP_TOKEN},
    {true, true, ".it", "ILX", STOP_TOKEN}, // with a fresh token
    // the log-in says no
    {true, true, ".w", "IX", STOP_TOKEN},
    {true, true, ".m", "IX", STOP_LOG_IN},
    {false, true, ".w", "IX", STOP_TOKEN},
    // 401 without a user
    {true, false, ".k1", "LAX", STOP_TOKEN},
    {true, false, ".ka1", "LAOX", STOP_TOKEN},
    // 401 in mid-run: log in once, and the look stays taken
    {true, true, ".ika1ia", "ILAOIAO", STOP_NONE},
    {false, true, ".ia1ia", "IAOIAO", STOP_NONE},
    {true, true, ".ika1w", "ILAOIX", STOP_TOKEN},
    {true, true, ".ika1m", "ILAOIX", STOP_LOG_IN},
    // more 401 to the old token, before and after the log-in
    {true, true, ".ika111i1a", "ILAOIssAAO", STOP_NONE},
    {true, true, ".ika1i0a", "ILAOIAAO", STOP_NONE},
    // the fresh token refused: no second log-in
    {true, true, ".ik1", "ILAX", STOP_TOKEN},
    {true, true, ".ika1i2", "ILAOIAX", STOP_TOKEN},
    {true, true, ".ika1ia2ia", "ILAOIAOIAO", STOP_NONE},
    // a token that a script's own request got: a 401 to it is no surprise
    {true, true, ".gka", "ILAO", STOP_NONE},
    {false, true, ".ga", "IAO", STOP_NONE},
    {true, true, ".gtika", "ILILAO", STOP_NONE},
    {true, true, ".gtit", "ILILX", STOP_TOKEN},
    {true, true, ".ika1g2i3", "ILAOIAIAX", STOP_TOKEN},
    {true, true, ".Sg", "IXX", STOP_UNKNOWN},
    // 401, and what was on its way answers meanwhile
    {true, true, ".ika1ai", "ILAOIsA", STOP_NONE},
    {true, true, ".ika1uik", "ILAOIsLA", STOP_NONE},
    {true, true, ".ikau1ki", "ILAOLsIA", STOP_NONE},
    // stopped is for ever, and the first reason stays
    {true, false, ".kaSka0p", "LAOXXXXX", STOP_UNKNOWN},
    {true, true, ".Si", "IXX", STOP_UNKNOWN},
    {true, true, ".iSk", "ILXX", STOP_UNKNOWN},
    {true, true, ".ikaS1iu", "ILAOXXXX", STOP_UNKNOWN},
    {true, false, ".kpSa", "LAXXX", STOP_PREFIX},
};

/* The token that the requests are made with is the latest there is. */
static void check(const struct path *path)
{
    struct permit p;
    size_t len = strlen(path->events);

    permit_init(&p, path->looks, path->logs_in);
    for (size_t at = 0; at < len; at++) {
        enum stop_reason why = STOP_NONE;
        if (path->events[at] != '.')
            why = step(&p, path->events[at], p.token_no);
        if (why != STOP_NONE)
            permit_stop(&p, why);
        char got = seen(&p);
        if (got != path->seen[at])
            fail_msg("%s, letter %zu: %c, not %c", path->events, at, got,
                path->seen[at]);
    }
    assert_int_equal(p.note.why, path->why);
}

static void test_paths(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_int_equal(strlen(paths[i].events), strlen(paths[i].seen));
        check(&paths[i]);
    }
}

/* Whatever happens, in every order of seven events: nothing may go without a
 * token and, where there is one, a look since it was shut; a stop ends it;
 * what may go is never being asked for. */
struct walk {
    struct permit p;
    bool looks, stopped;
    bool looked; // said yes, and nothing unknown since
    bool token;  // not refused
};

static void after(struct walk *w, char letter, enum stop_reason why)
{
    if (letter == 'u')
        w->looked = false;
    if (letter == 'k')
        w->looked = true;
    if (letter == 'i')
        w->token = true;
    if (letter == 't' || letter == '9')
        w->token = false;
    w->stopped = w->stopped || why != STOP_NONE || letter == 'S' ||
                 letter == 'p' || letter == 'w';
}

static void check_walk(const struct walk *w)
{
    bool may = permit_may_go(&w->p);

    if (w->stopped)
        assert_true(permit_stopped(&w->p));
    if (permit_stopped(&w->p))
        assert_false(may);
    if (may)
        assert_true(w->token && (w->looked || !w->looks));
    assert_true(!permit_alone(&w->p) || may);
}

/* An event that cannot be: an answer that nobody asked for. */
static bool fits(char letter, enum permit_errand asked)
{
    if (strchr("ktp", letter))
        return asked == PERMIT_LOOK;
    return !strchr("iw", letter) || asked == PERMIT_LOG_IN;
}

static void walk(struct walk w, enum permit_errand asked, int depth)
{
    static const char events[] = "ktpiwauqS9";

    check_walk(&w);
    enum permit_errand next = permit_next(&w.p);
    assert_true(next == PERMIT_NO_ERRAND || asked == PERMIT_NO_ERRAND);
    assert_true(next == PERMIT_NO_ERRAND || !permit_may_go(&w.p));
    if (next != PERMIT_NO_ERRAND)
        asked = next;
    for (const char *e = events; depth > 0 && *e; e++) {
        struct walk then = w;
        if (!fits(*e, asked))
            continue;
        enum stop_reason why =
            *e == '9' ? permit_count(&then.p, OUTCOME_NO_LOGIN, then.p.token_no)
                      : step(&then.p, *e, then.p.token_no);
        if (why != STOP_NONE)
            permit_stop(&then.p, why);
        after(&then, *e, why);
        walk(then, strchr("ktpiw", *e) ? PERMIT_NO_ERRAND : asked, depth - 1);
    }
}

static void test_every_walk(void **state)
{
    (void)state;
    for (int bits = 0; bits < 4; bits++) {
        struct walk w = {.looks = bits & 1, .token = !(bits & 2)};
        permit_init(&w.p, w.looks, bits & 2);
        walk(w, PERMIT_NO_ERRAND, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_every_walk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
