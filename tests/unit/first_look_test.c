#include "delivery/first_look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The two tables a second time, a letter for each status of a whole reply:
 * '-' go on, 't' the token, 'w' the password, 'p' the prefix, '3' a redirect,
 * 'n' no answer; 'j' goes on with JSON. */
static char look_letter(int status)
{
    switch (status) {
    case 401:
    case 407:
        return 't';
    case 403:
        return '-';
    case 408:
    case 429:
        return 'n';
    default:
        return "npj3pn"[status / 100 > 5 ? 5 : status / 100];
    }
}

static char login_letter(int status)
{
    char look = look_letter(status);

    return status == 400 || status == 403 || look == 't' ? 'w' : look;
}

static enum stop_reason stop_of(char letter, bool json)
{
    switch (letter) {
    case '-':
        return STOP_NONE;
    case 't':
        return STOP_TOKEN;
    case 'w':
        return STOP_PASSWORD;
    case '3':
        return STOP_REDIRECT;
    case 'n':
        return STOP_NO_ANSWER;
    case 'j':
        return json ? STOP_NONE : STOP_PREFIX;
    default:
        return STOP_PREFIX;
    }
}

static void check(const struct first_look_seen *seen)
{
    bool whole = seen->curl == 0 && seen->complete;
    char look = whole ? look_letter(seen->status) : 'n';
    char login = whole ? login_letter(seen->status) : 'n';

    if (first_look_judge(seen) != stop_of(look, seen->json))
        fail_msg("look at %d: \"%s\"", seen->status,
            stop_reason_name(first_look_judge(seen)));
    if (first_look_judge_login(seen) != stop_of(login, seen->json))
        fail_msg("log-in with %d: \"%s\"", seen->status,
            stop_reason_name(first_look_judge_login(seen)));
}

static void test_every_status(void **state)
{
    static const int codes[] = {0, 6, 7, 28, 35, 52, 56, 60};

    (void)state;
    for (int status = 100; status < 700; status++)
        for (int bits = 0; bits < 4; bits++)
            for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
                check(&(struct first_look_seen){
                    codes[i], bits & 1, status, bits & 2});
}

/* No reply at all lets nothing go. */
static void test_nothing_came(void **state)
{
    (void)state;
    check(&(struct first_look_seen){.curl = 7});
    check(
        &(struct first_look_seen){.curl = 0, .complete = false, .json = true});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_status),
        cmocka_unit_test(test_nothing_came),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
