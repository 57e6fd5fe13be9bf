#include "delivery/delivery.h"
#include "delivery/judge.h"
#include "delivery/leftover.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The journal's answer: `n` items from `from` on. */
static void answer(struct leftover *carry, int64_t from, int64_t n)
{
    buf_clear(&carry->op.text);
    for (int64_t item = from; item < from + n; item++)
        assert_true(buf_add(&carry->op.text, &item, sizeof item));
    leftover_was_read(carry);
}

static void check_items(struct leftover *carry, int64_t from, int64_t n)
{
    int64_t item;

    for (int64_t want = from; want < from + n; want++) {
        assert_null(leftover_read(carry)); // the page is not used up
        assert_true(leftover_next(carry, &item));
        assert_int_equal(item, want);
    }
    assert_false(leftover_next(carry, &item));
}

static void test_pages(void **state)
{
    struct leftover carry = {0};
    int64_t item;

    (void)state;
    assert_null(leftover_read(&carry));
    assert_false(leftover_next(&carry, &item));
    leftover_begin(&carry, true);
    assert_false(leftover_next(&carry, &item));
    for (int page = 0; page < 3; page++) {
        struct journal_op *op = leftover_read(&carry);
        assert_ptr_equal(op, &carry.op);
        assert_int_equal(op->kind, JOURNAL_LEFT);
        assert_true(op->resend);
        assert_int_equal(op->ask.order_item_id, page * 256);
        assert_null(leftover_read(&carry)); // one at a time
        assert_false(leftover_next(&carry, &item));
        answer(&carry, page * 256 + 1, 256);
        check_items(&carry, page * 256 + 1, 256);
    }
    assert_non_null(leftover_read(&carry));
    answer(&carry, 0, 0);
    assert_false(carry.active);
    assert_null(leftover_read(&carry));
    assert_false(leftover_next(&carry, &item));
    leftover_fini(&carry);
}

static void test_without_resend(void **state)
{
    struct leftover carry = {0};

    (void)state;
    leftover_begin(&carry, false);
    assert_false(leftover_read(&carry)->resend);
    answer(&carry, 0, 0);
    leftover_fini(&carry);
}

/* A journal that failed has no items, whatever stood in the page. */
static void test_failed(void **state)
{
    struct leftover carry = {0};
    int64_t item;

    (void)state;
    leftover_begin(&carry, false);
    leftover_read(&carry);
    answer(&carry, 1, 3);
    check_items(&carry, 1, 3);
    leftover_read(&carry)->failed = true;
    answer(&carry, 4, 3);
    assert_false(leftover_next(&carry, &item));
    assert_null(leftover_read(&carry));
    assert_false(carry.active);
    leftover_fini(&carry);
}

/* The end while a page is on its way: it is the journal's until it is back,
 * and nothing of it is taken. */
static void test_end(void **state)
{
    struct leftover carry = {0};
    int64_t item;

    (void)state;
    leftover_begin(&carry, false);
    assert_non_null(leftover_read(&carry));
    leftover_end(&carry);
    assert_true(carry.reading);
    answer(&carry, 1, 3);
    assert_false(carry.reading);
    assert_false(leftover_next(&carry, &item));
    assert_null(leftover_read(&carry));
    leftover_fini(&carry);
}

static struct journal_op *page, *submitted;

static void port_submit(void *self, struct journal_op *op)
{
    (void)self;
    if (op->kind == JOURNAL_LEFT)
        page = op;
    else
        submitted = op;
}

static bool port_send(void *self, struct wire_call *call, struct error *err)
{
    (void)self;
    (void)call;
    return error_memory(err);
}

static int64_t port_clock(void *self)
{
    (void)self;
    return 1000;
}

/* What an earlier run left is asked for as the profile's when_unknown says:
 * an unknown row only to be sent once more, with the note for it. */
static void check_take_up(bool resend)
{
    const struct delivery_ports ports = {.submit = port_submit,
        .send = port_send,
        .wall_ms = port_clock,
        .ticks_us = port_clock};
    const struct delivery_rules rules = {
        .host = "h", .at_once = 1, .tries = 5, .resend = resend};
    struct delivery *d = delivery_new(&ports, &rules);
    int64_t item = 46761;

    assert_non_null(d);
    delivery_carry(d);
    delivery_turn(d);
    assert_int_equal(page->resend, resend);
    assert_true(buf_add(&page->text, &item, sizeof item));
    page->done(page);
    delivery_turn(d);
    buf_clear(&page->text);
    page->done(page);
    assert_int_equal(submitted->kind, JOURNAL_TAKE_UP);
    assert_int_equal(submitted->resend, resend);
    assert_string_equal(submitted->note, judge_resend_note);
    submitted->found = false; // somebody settled it
    submitted->done(submitted);
    assert_int_equal(delivery_open(d), 0);
    delivery_free(d);
}

static void test_take_up(void **state)
{
    (void)state;
    check_take_up(false);
    check_take_up(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_without_resend),
        cmocka_unit_test(test_failed),
        cmocka_unit_test(test_end),
        cmocka_unit_test(test_take_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
