/* Who gets which token, and when there is a log-in for it. Nobody answers
 * at the host's address. */
#include "delivery/token.h"

#include "delivery/logins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct net *net;
static int told;

static void done(struct token_wait *wait, const struct wire_reply *reply)
{
    (void)wait;
    assert_int_equal(reply->status, 0);
    told++;
}

static struct token *make(const char *given, const char *journal)
{
    struct token_options options = {.given = given,
        .username = given ? NULL : "eva",
        .password = "a password",
        .journal_path = journal,
        .visit = {.origin = "http://127.0.0.1:1",
            .prefix = "i1",
            .route.timeout_ms = 5000,
            .route.connect_timeout_ms = 5000}};
    struct error err;
    struct token *token = token_new(net, &options, &err);

    assert_non_null(token);
    told = 0;
    return token;
}

static void turn_until_told(int count)
{
    for (int i = 0; i < 200 && told < count; i++) {
        net_poll(net, 50);
        net_turn(net);
    }
    assert_int_equal(told, count);
}

static void test_given(void **state)
{
    struct token *token = make("a token", NULL);
    struct token_wait wait = {.done = done};

    (void)state;
    assert_int_equal(token_want(token, 0, &wait), TOKEN_HERE);
    assert_string_equal(token_text(token), "a token");
    assert_int_equal(token_number(token), 1);
    assert_true(token_answered(token, 1, false));
    assert_false(token_answered(token, 1, true));
    assert_int_equal(token_want(token, 1, &wait), TOKEN_NONE);
    assert_int_equal(token_failure(token)->why, STOP_TOKEN);
    token_free(token);
}

static void test_shared(void **state)
{
    struct token *token = make(NULL, NULL);
    struct token_wait waits[3] = {
        {.done = done}, {.done = done}, {.done = done}};

    (void)state;
    assert_null(token_text(token));
    for (int i = 0; i < 3; i++)
        assert_int_equal(token_want(token, 0, &waits[i]), TOKEN_ASKED);
    assert_int_equal(net_open_transfers(net), 1);
    token_forget(token, &waits[1]);
    token_forget(token, &waits[1]);
    turn_until_told(2);
    assert_int_equal(token_failure(token)->why, STOP_NO_ANSWER);
    // what failed just now is not tried again at once
    assert_int_equal(token_want(token, 0, &waits[0]), TOKEN_NONE);
    assert_int_equal(net_open_transfers(net), 0);
    token_free(token);
}

static void test_stopped(void **state)
{
    struct token *token = make(NULL, NULL);
    struct token_wait wait = {.done = done};

    (void)state;
    assert_int_equal(token_want(token, 0, &wait), TOKEN_ASKED);
    token_free(token);
    assert_int_equal(net_open_transfers(net), 0);
    assert_int_equal(told, 0);
}

static void test_limit(void **state)
{
    char folder[] = "/tmp/token_test.XXXXXX", path[64], notes[80];
    struct token_wait wait = {.done = done};

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/journal.db", folder);
    snprintf(notes, sizeof notes, "%s.notes", path);
    for (int i = 0; i <= LOGINS_MOST; i++) { // another run each
        struct token *token = make(NULL, path);
        bool last = i == LOGINS_MOST;
        assert_int_equal(
            token_want(token, 0, &wait), last ? TOKEN_NONE : TOKEN_ASKED);
        if (last)
            assert_int_equal(token_failure(token)->why, STOP_LOG_IN);
        token_free(token);
    }
    unlink(notes);
    assert_int_equal(rmdir(folder), 0);
}

/* The second token in a row that is refused is the last. */
static void test_refused(void **state)
{
    struct token *token = make(NULL, NULL);

    (void)state;
    assert_true(token_answered(token, 1, true));
    assert_true(token_answered(token, 1, true)); // others find out as well
    assert_false(token_answered(token, 2, true));
    assert_true(token_answered(token, 2, false));
    assert_true(token_answered(token, 3, true));
    token_free(token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_given),
        cmocka_unit_test(test_shared),
        cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_refused),
    };
    struct error err;

    net = net_open(&err);
    assert_non_null(net);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    net_close(net);
    return failed;
}
