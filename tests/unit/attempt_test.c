#include "delivery/attempt.h"

#include "base/mem.h"
#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ECHO                                                                   \
    "{\"pk\":4183,\"object_id\":46761,\"code\":\"E-1\",\"content_type\":66,"   \
    "\"integration_type\":\"external_company\"}"

static const bool not_done[600] = {[503] = true};

/* Of item 46761 with the code E-1 and update_stock true. */
static struct release *release_new(void)
{
    struct release *r = mem_calloc(1, sizeof *r);
    const struct journal_ask ask = {.order_item_id = 46761,
        .code = "E-1",
        .update_stock = true,
        .source = "lines.csv:812"};

    assert_non_null(r);
    assert_true(release_fill(r, &ask));
    return r;
}

static struct wire_reply answer(int status, const char *body)
{
    return (struct wire_reply){.sent = true,
        .complete = true,
        .status = status,
        .error = "",
        .body = body,
        .body_len = strlen(body),
        .ms = 12};
}

static struct journal_op *record(
    struct release *r, const struct wire_reply *reply)
{
    const char *why = NULL;
    enum outcome outcome = attempt_judge(r, reply, not_done, &why);

    assert_non_null(why);
    return attempt_record(r, reply, outcome, why);
}

struct row {
    struct wire_reply reply; // sent and complete but for the first ones
    const char *body;
    const char *outcome, *why; // why: a part of it
    enum journal_state state;
    enum verdict verdict;
    const char *message; // what the script is told
};

#define KEPT "kept; goes out by itself: "
#define HELD "it may have been applied; a person settles it: "

static const struct row rows[] = {
    {{.curl = 6, .error = "Could not resolve host: h"}, "", "not sent",
        "did not leave", JOURNAL_PENDING, VERDICT_PENDING,
        KEPT "Could not resolve host: h"},
    {{.error = ""}, "", "not sent", "did not leave", JOURNAL_PENDING,
        VERDICT_PENDING, KEPT "the request did not leave"},
    {{.sent = true, .curl = 52, .error = "Empty reply from server"}, "",
        "unknown", "no whole answer", JOURNAL_UNKNOWN, VERDICT_UNKNOWN,
        HELD "it was sent and no whole answer came"},
    {{.sent = true, .curl = 18, .status = 201, .error = "cut"}, ECHO, "unknown",
        "no whole answer", JOURNAL_UNKNOWN, VERDICT_UNKNOWN,
        HELD "it was sent and no whole answer came"},
    {{.sent = true, .status = 201, .error = ""}, ECHO, "unknown",
        "was cut short", JOURNAL_UNKNOWN, VERDICT_UNKNOWN,
        HELD "the answer was cut short"},
    {{.status = 201}, ECHO, "applied", "echoes", JOURNAL_CONFIRMED,
        VERDICT_CONFIRMED, ""},
    {{.status = 200}, ECHO, "applied", "echoes", JOURNAL_CONFIRMED,
        VERDICT_CONFIRMED, ""},
    {{.status = 201}, "", "unknown", "the answer is empty", JOURNAL_UNKNOWN,
        VERDICT_UNKNOWN, HELD "the answer is empty"},
    {{.status = 200}, "<html>Log in</html>", "unknown", "not JSON",
        JOURNAL_UNKNOWN, VERDICT_UNKNOWN, HELD "the answer is not JSON"},
    {{.status = 201}, "{\"pk\":1,\"object_id\":46762,\"code\":\"E-1\"}",
        "unknown", "object_id", JOURNAL_UNKNOWN, VERDICT_UNKNOWN,
        HELD "the answer's object_id is not the item"},
    {{.status = 400}, "{\"code\":[\"Not this.\"]}", "refused", "definite",
        JOURNAL_REJECTED, VERDICT_REJECTED, "400 code: Not this."},
    {{.status = 404}, "", "refused", "definite", JOURNAL_REJECTED,
        VERDICT_REJECTED, "404 Not Found"},
    {{.status = 400}, ECHO, "refused", "definite", JOURNAL_REJECTED,
        VERDICT_REJECTED, NULL},
    {{.status = 401}, "{\"detail\":\"Invalid token.\"}", "no log-in", "log-in",
        JOURNAL_PENDING, VERDICT_PENDING, KEPT "401 Invalid token."},
    {{.status = 429}, "", "throttled", "too many", JOURNAL_PENDING,
        VERDICT_PENDING, KEPT "429 Too Many Requests"},
    {{.status = 503}, "", "not done", "profile says", JOURNAL_PENDING,
        VERDICT_PENDING, KEPT "503 Service Unavailable"},
    {{.status = 502}, "<h1>", "unknown", "neither yes nor no", JOURNAL_UNKNOWN,
        VERDICT_UNKNOWN, HELD "a status that says neither yes nor no"},
    {{.status = 302}, "", "unknown", "redirect", JOURNAL_UNKNOWN,
        VERDICT_UNKNOWN, HELD "a redirect, which is never followed"},
};

static struct wire_reply reply_of(const struct row *row)
{
    struct wire_reply reply = row->reply;

    if (!reply.error)
        reply = answer(reply.status, row->body);
    reply.body = row->body;
    reply.body_len = strlen(row->body);
    reply.ms = 12;
    return reply;
}

/* All that the journal gets of an attempt. */
static void check_fields(const struct journal_op *op, const struct row *row,
    const struct wire_reply *reply)
{
    const struct journal_outcome *out = &op->outcome;
    bool applied = row->state == JOURNAL_CONFIRMED;

    assert_int_equal(op->kind, JOURNAL_OUTCOME);
    assert_int_equal(op->ask.order_item_id, 46761);
    assert_int_equal(out->state, row->state);
    assert_true(out->update_stock);
    assert_false(out->resent);
    assert_int_equal(out->sent, reply->sent);
    assert_int_equal(out->curl, reply->curl);
    assert_int_equal(out->http_status, reply->status);
    assert_int_equal(out->ms, 12);
    assert_string_equal(out->outcome, row->outcome);
    if (!strstr(out->why, row->why))
        fail_msg("%s", out->why);
    assert_int_equal(out->reply_len, reply->body_len);
    assert_memory_equal(out->reply, reply->body, reply->body_len);
    assert_int_equal(out->mapping.known, applied);
    assert_int_equal(out->message[0] == '\0',
        applied || (!reply->status && !reply->error[0]));
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        struct release *r = release_new();
        struct wire_reply reply = reply_of(row);
        check_fields(record(r, &reply), row, &reply);
        if (r->result.verdict != row->verdict)
            fail_msg("%s: %s", row->outcome, verdict_name(r->result.verdict));
        if (row->message)
            assert_string_equal(r->result.message, row->message);
        release_destroy(r);
    }
}

static void test_mapping(void **state)
{
    struct release *r = release_new();
    struct wire_reply reply = answer(201, ECHO);
    const struct journal_mapping *mapping = &record(r, &reply)->outcome.mapping;

    (void)state;
    assert_int_equal(mapping->pk, 4183);
    assert_int_equal(mapping->content_type, 66);
    assert_string_equal(mapping->integration_type, "external_company");
    assert_int_equal(r->result.mapping.pk, 4183);
    assert_true(r->result.mapping.known);
    // the next one says nothing of a mapping, and the first one's is gone
    reply = answer(502, "");
    record(r, &reply);
    assert_false(r->result.mapping.known);
    release_destroy(r);
}

/* The resend of an unknown attempt: only what was applied changes the row.
 * It is spent, unless nothing left. */
static void test_doubted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct release *r = release_new();
        struct wire_reply reply = reply_of(&rows[i]);
        bool applied = rows[i].state == JOURNAL_CONFIRMED;
        r->doubted = true;
        const struct journal_op *op = record(r, &reply);
        assert_int_equal(
            op->outcome.state, applied ? JOURNAL_CONFIRMED : JOURNAL_UNKNOWN);
        assert_int_equal(op->outcome.resent, reply.sent);
        assert_int_equal(
            r->result.verdict, applied ? VERDICT_CONFIRMED : VERDICT_UNKNOWN);
        if (!applied)
            assert_memory_equal(r->result.message, HELD, sizeof HELD - 1);
        release_destroy(r);
    }
}

/* Confirmed with false before, and true was asked for: refused, it goes back
 * to that and the script hears the refusal; else as ever. */
static void test_half_done(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct release *r = release_new();
        struct wire_reply reply = reply_of(&rows[i]);
        bool refused = rows[i].state == JOURNAL_REJECTED;
        r->applied_stock = 0;
        const struct journal_op *op = record(r, &reply);
        assert_int_equal(
            op->outcome.state, refused ? JOURNAL_CONFIRMED : rows[i].state);
        assert_int_equal(op->outcome.update_stock, !refused);
        assert_int_equal(r->result.verdict, rows[i].verdict);
        if (rows[i].message)
            assert_string_equal(r->result.message, rows[i].message);
        release_destroy(r);
    }
}

/* Of a long reply the first bytes are kept, as they came. */
static void test_long_reply(void **state)
{
    struct release *r = release_new();
    static char body[RELEASE_REPLY_KEPT * 3];

    (void)state;
    for (size_t i = 0; i < sizeof body; i++)
        body[i] = (char)(i * 31 + i / 256);
    for (int over = -2; over <= 2; over++) {
        struct wire_reply reply = answer(502, "");
        reply.body = body;
        reply.body_len = (size_t)(RELEASE_REPLY_KEPT + over);
        const struct journal_outcome *out = &record(r, &reply)->outcome;
        assert_int_equal(
            out->reply_len, RELEASE_REPLY_KEPT + (over < 0 ? over : 0));
        assert_memory_equal(out->reply, body, out->reply_len);
    }
    release_destroy(r);
}

static struct secret *remember(const char *text)
{
    struct error err;
    struct secret *s = secret_new("a test", text, strlen(text), &err);

    assert_non_null(s);
    return s;
}

/* No eight bytes of the secret in a row are in what is kept. */
static void check_masked(const struct journal_outcome *out, const char *secret)
{
    for (size_t at = 0; at + 8 <= strlen(secret); at++)
        assert_null(memmem(out->reply, out->reply_len, secret + at, 8));
}

/* A secret that lies across the end of what is kept. */
static void test_secret_across_the_end(void **state)
{
    static const char token[] = "0123456789abcdefghijklmnopqrstuvwxyzABCD";
    struct secret *s = remember(token);
    struct release *r = release_new();
    static char body[RELEASE_REPLY_KEPT * 2];

    (void)state;
    for (int at = RELEASE_REPLY_KEPT - 45; at < RELEASE_REPLY_KEPT + 5; at++) {
        memset(body, '.', sizeof body);
        memcpy(body + at, token, strlen(token));
        struct wire_reply reply = answer(500, "");
        reply.body = body;
        reply.body_len = sizeof body;
        const struct journal_outcome *out = &record(r, &reply)->outcome;
        assert_int_equal(out->reply_len, RELEASE_REPLY_KEPT);
        check_masked(out, token);
        if (at + 3 <= RELEASE_REPLY_KEPT)
            assert_memory_equal(out->reply + at, "***", 3);
        check_masked(&(struct journal_outcome){.reply = r->words,
                         .reply_len = strlen(r->words)},
            token);
    }
    secret_free(s);
    release_destroy(r);
}

/* Masking makes a text shorter, so what comes later moves into what is kept:
 * a secret said over and over, and one of the longest. */
static void test_many_secrets(void **state)
{
    static const char token[] = "0123456789abcdefghijklmnopqrstuvwxyzABCD";
    static char longest[4096 + 1], body[3 * 4096];
    struct release *r = release_new();

    (void)state;
    for (size_t i = 0; i + 1 < sizeof longest; i++)
        longest[i] = (char)('!' + i * i % 89);
    const char *const secrets[] = {token, longest};
    for (int i = 0; i < 2; i++) {
        struct secret *s = remember(secrets[i]);
        size_t len = strlen(secrets[i]), at = i ? 1500 : 0;
        memset(body, '.', sizeof body);
        for (; at + len <= sizeof body; at += len + 1)
            memcpy(body + at, secrets[i], len);
        struct wire_reply reply = answer(500, "");
        reply.body = body;
        reply.body_len = sizeof body;
        check_masked(&record(r, &reply)->outcome, secrets[i]);
        secret_free(s);
    }
    release_destroy(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_mapping),
        cmocka_unit_test(test_doubted),
        cmocka_unit_test(test_half_done),
        cmocka_unit_test(test_long_reply),
        cmocka_unit_test(test_secret_across_the_end),
        cmocka_unit_test(test_many_secrets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
