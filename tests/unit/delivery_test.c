/* From a release to its outcome, and what an item's row makes of a further
 * one. What stops the sending is in sending_test.c. */
#include "delivery_rig.h"
#include "seed.h"

/* Nothing leaves before its intent is durable; nothing is answered before
 * its outcome is. */
static void test_durable_first(void **state)
{
    (void)state;
    open_world(4);
    struct asked *a = ask(1, "E-1", true);
    assert_int_equal(world.op_count, 0);
    for (int i = 0; i < 5; i++)
        turn();
    assert_int_equal(world.op_count, 1);
    assert_int_equal(world.ops[0]->kind, JOURNAL_ADMIT);
    assert_int_equal(world.bodies, 0);
    commit(LIST);
    assert_int_equal(delivery_ready(world.delivery), 1);
    turn();
    assert_int_equal(world.bodies, 1);
    assert_int_equal(delivery_ready(world.delivery), 0);
    reply_echo(1);
    assert_int_equal(world.op_count, 1);
    assert_int_equal(a->done, 0);
    commit(LIST);
    check(a, VERDICT_CONFIRMED, "");
    assert_int_equal(a->result.mapping.pk, 1001);
    assert_int_equal(a->result.mapping.content_type, 66);
    check_row(1, JOURNAL_CONFIRMED, "E-1", true);
    close_world();
}

/* What stands in the row and in the answer after each kind of reply. */
static const struct {
    int status;
    const char *body;
    enum journal_state state;
    enum verdict verdict;
    const char *message;
} ends[] = {
    {400, "{\"detail\":\"no\"}", JOURNAL_REJECTED, VERDICT_REJECTED, "400 no"},
    {404, "{\"detail\":\"Not found.\"}", JOURNAL_REJECTED, VERDICT_REJECTED,
        "404 Not found."},
    {401, "{}", JOURNAL_PENDING, VERDICT_PENDING,
        "acme.omnitron.net refused the token (401"},
    {429, "{}", JOURNAL_PENDING, VERDICT_PENDING,
        "asks for fewer requests (429"},
    {500, "oops", JOURNAL_UNKNOWN, VERDICT_UNKNOWN, "may have been applied"},
    {302, "", JOURNAL_UNKNOWN, VERDICT_UNKNOWN, "redirect"},
    {200, "", JOURNAL_UNKNOWN, VERDICT_UNKNOWN, "the answer is empty"},
    {200, "<html>", JOURNAL_UNKNOWN, VERDICT_UNKNOWN, "not JSON"},
    {201, "{\"pk\":1,\"object_id\":8,\"code\":\"E-2\"}", JOURNAL_UNKNOWN,
        VERDICT_UNKNOWN, "object_id"},
    {201, "{\"pk\":1,\"object_id\":7,\"code\":\"E-2\"}", JOURNAL_UNKNOWN,
        VERDICT_UNKNOWN, "code"},
};

static void test_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        open_rules(&(struct delivery_rules){.tries = 1});
        struct asked *a = fly(7, "E-1", true);
        reply_status(7, ends[i].status, ends[i].body);
        commit(LIST);
        check(a, ends[i].verdict, ends[i].message);
        assert_false(a->result.mapping.known);
        check_row(7, ends[i].state, "E-1", true);
        close_world();
    }
}

/* libcurl's words outlive the transfer that they came from. */
static void test_broken(void **state)
{
    (void)state;
    for (int sent = 0; sent < 2; sent++) {
        open_rules(&(struct delivery_rules){.tries = 1});
        struct asked *a = fly(7, "E-1", true);
        reply_broken(7, sent);
        commit(LIST);
        check(a, sent ? VERDICT_UNKNOWN : VERDICT_PENDING,
            sent ? "may have been applied"
                 : "does not answer (Connection reset");
        check_row(7, sent ? JOURNAL_UNKNOWN : JOURNAL_PENDING, "E-1", true);
        assert_string_equal(world.message, "Connection reset by peer");
        close_world();
    }
}

/* A request that could not be started is like one that did not leave. */
static void test_not_started(void **state)
{
    (void)state;
    open_world(1);
    world.net_failed = true;
    struct asked *a = fly(7, "E-1", true);
    assert_int_equal(a->done, 0);
    check_row(7, JOURNAL_PENDING, "E-1", true);
    assert_string_equal(world.message, "no descriptor is left");
    world.net_failed = false;
    wait_due();
    reply_echo(7);
    commit(LIST);
    check(a, VERDICT_CONFIRMED, "");
    assert_int_equal(must_row(7)->attempts, 2);
    close_world();
}

static void test_same_item_waits(void **state)
{
    (void)state;
    open_world(4);
    struct asked *a = fly(1, "E-1", true);
    struct asked *b = ask(1, "E-1", true), *c = ask(1, "E-2", true);
    turn();
    commit(LIST);
    turn();
    assert_int_equal(world.op_count, 0);
    assert_int_equal(world.call_count, 1);
    reply_echo(1);
    commit(LIST);
    check(a, VERDICT_CONFIRMED, "");
    assert_int_equal(b->done + c->done, 0);
    turn();
    commit(LIST);
    check(b, VERDICT_ALREADY, "");
    assert_int_equal(b->result.mapping.pk, 1001);
    assert_string_equal(b->result.mapping.integration_type, "external_company");
    assert_int_equal(c->done, 0);
    turn();
    commit(LIST);
    assert_int_equal(c->done, 0); // its conflict is not durable yet
    commit(LIST);
    check(c, VERDICT_CONFLICT, "\"E-2\" was asked");
    assert_int_equal(world.bodies, 1);
    assert_int_equal(world.conflicts, 1);
    close_world();
}

/* The one that waited goes out when the first is certainly not applied. */
static void test_same_item_after_refusal(void **state)
{
    (void)state;
    open_world(4);
    struct asked *a = fly(1, "E-1", true);
    struct asked *b = ask(1, "E-2", true), *c = ask(1, "E-2", true);
    reply_status(1, 400, "{}");
    commit(LIST);
    check(a, VERDICT_REJECTED, "400");
    for (int i = 0; i < 4; i++) {
        turn();
        commit(LIST);
    }
    assert_int_equal(world.bodies, 2);
    reply_echo(1);
    commit(LIST);
    check(b, VERDICT_CONFIRMED, "");
    turn();
    commit(LIST);
    check(c, VERDICT_ALREADY, "");
    check_row(1, JOURNAL_CONFIRMED, "E-2", true);
    assert_int_equal(world.conflicts, 0);
    close_world();
}

static void test_conflict(void **state)
{
    (void)state;
    open_world(2);
    confirm(1, "E-1", true);
    check_row(1, JOURNAL_CONFIRMED, "E-1", true);
    check(fly(1, "E-9", true), VERDICT_CONFLICT, "\"E-1\" already (confirmed)");
    check(fly(1, "E-1", false), VERDICT_CONFLICT, "false was asked");
    check(fly(1, "E-1", true), VERDICT_ALREADY, "");
    check_row(1, JOURNAL_CONFIRMED, "E-1", true);
    assert_int_equal(world.conflicts, 2);
    assert_int_equal(world.bodies, 1);
    close_world();
}

static void test_mended_rule(void **state)
{
    (void)state;
    open_world(2);
    struct asked *a = fly(1, "E-1", true);
    reply_status(1, 400, "{\"detail\":\"unknown line\"}");
    commit(LIST);
    check(a, VERDICT_REJECTED, "unknown line");
    check(fly(1, "E-1", true), VERDICT_REJECTED, "unknown line");
    assert_int_equal(world.bodies, 1);
    a = fly(1, "E-2", true);
    assert_string_equal(
        world.note, "code \"E-1\", update_stock true became \"E-2\", true");
    reply_echo(1);
    commit(LIST);
    check(a, VERDICT_CONFIRMED, "");
    check_row(1, JOURNAL_CONFIRMED, "E-2", true);
    assert_int_equal(must_row(1)->attempts, 2);
    close_world();
}

/* The refusal is asked for again when retry_rejected is over. */
static void test_retry_rejected(void **state)
{
    (void)state;
    open_world(2);
    fly(1, "E-1", true);
    reply_status(1, 400, "{}");
    commit(LIST);
    world.now_ms += 24 * HOUR_MS - 1;
    check(fly(1, "E-1", true), VERDICT_REJECTED, "400");
    world.now_ms++;
    confirm(1, "E-1", true);
    close_world();
}

/* From false to true: a new attempt, whose refusal leaves what was. */
static void test_half_done_refused(void **state)
{
    (void)state;
    open_world(2);
    confirm(1, "E-1", false);
    check(fly(1, "E-1", false), VERDICT_ALREADY, "");
    struct asked *a = fly(1, "E-1", true);
    assert_int_equal(world.bodies, 2);
    reply_status(1, 406, "{\"error\":\"canceled\"}");
    commit(LIST);
    check(a, VERDICT_REJECTED, "406 canceled");
    check_row(1, JOURNAL_CONFIRMED, "E-1", false);
    assert_string_equal(must_row(1)->message, "406 canceled");
    check(fly(1, "E-1", false), VERDICT_ALREADY, "");
    confirm(1, "E-1", true);
    check_row(1, JOURNAL_CONFIRMED, "E-1", true);
    close_world();
}

/* Not sent it stays `pending` with true; asked for false, it is as before. */
static void test_half_done_pending(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.tries = 1});
    confirm(1, "E-1", false);
    struct asked *a = fly(1, "E-1", true);
    reply_broken(1, false);
    commit(LIST);
    check(a, VERDICT_PENDING, "kept");
    check_row(1, JOURNAL_PENDING, "E-1", true);
    check(fly(1, "E-2", true), VERDICT_CONFLICT, "\"E-2\"");
    a = fly(1, "E-1", false);
    check(a, VERDICT_ALREADY, "");
    assert_int_equal(a->result.mapping.pk, 1001);
    check_row(1, JOURNAL_CONFIRMED, "E-1", false);
    next_run();
    a = fly(1, "E-1", true);
    reply_broken(1, true);
    commit(LIST);
    check(a, VERDICT_UNKNOWN, "");
    check_row(1, JOURNAL_UNKNOWN, "E-1", true);
    close_world();
}

static void test_unknown_stays(void **state)
{
    (void)state;
    open_world(2);
    fly(1, "E-1", true);
    reply_status(1, 500, "");
    commit(LIST);
    world.now_ms += 1000 * (int64_t)HOUR_MS;
    check(fly(1, "E-1", true), VERDICT_UNKNOWN, "nothing was sent");
    check(fly(1, "E-2", true), VERDICT_CONFLICT, "(unknown)");
    check(fly(1, "E-1", false), VERDICT_CONFLICT, "(unknown)");
    check_row(1, JOURNAL_UNKNOWN, "E-1", true);
    assert_int_equal(world.bodies, 1);
    close_world();
}

/* The journal has failed: what is on its way ends, nothing more leaves, not
 * even what is ready to. */
static void test_halted(void **state)
{
    (void)state;
    open_world(1);
    fly(9, "E-9", true); // alone, until there is an answer
    reply_echo(9);
    settle();
    struct asked *flying = fly(1, "E-1", true);
    struct asked *same = ask(1, "E-1", true);
    struct asked *ready = fly(2, "E-2", true);
    assert_int_equal(delivery_ready(world.delivery), 1);
    struct asked *admitting = ask(3, "E-3", true);
    turn();
    struct asked *queued = ask(4, "E-4", true);
    world.disk_failed = true;
    delivery_halt(world.delivery);
    reply_echo(1);
    commit(LIST);
    for (int i = 0; i < 3; i++) {
        turn();
        commit(LIST);
    }
    const struct asked *all[] = {flying, same, ready, admitting, queued};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        check(all[i], VERDICT_LOST, "the journal failed");
    assert_int_equal(world.bodies, 2);
    assert_int_equal(world.lost, 1);
    close_world();
}

/* In the order they were asked for, never more than at_once on their way. */
static void test_order(void **state)
{
    static const int widths[] = {1, 2, 8, 64};

    (void)state;
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        open_world(widths[w]);
        for (int i = 1; i <= 200; i++)
            ask(i, "E", true);
        for (int n = 0; delivery_open(world.delivery); n++) {
            assert_true(n < 2000);
            turn();
            commit(LIST);
            turn();
            if (world.call_count)
                reply_echo(world.calls[0]->order_item_id);
        }
        for (int i = 0; i < 200; i++)
            assert_int_equal(world.sent_items[i], i + 1);
        assert_int_equal(world.most_calls, widths[w]);
        assert_int_equal(delivery_tally(world.delivery)->attempts, 200);
        close_world();
    }
}

/* Intents ahead: at most 2 × at_once besides what may be in flight. */
static void test_ahead(void **state)
{
    (void)state;
    open_world(4);
    confirm(200, "E", true);
    for (int i = 1; i <= 100; i++)
        ask(i, "E", true);
    turn();
    assert_int_equal(world.op_count, 5); // a quick disk: 1 ahead
    world.ticks_us += 1000000;           // a slow disk, and quick replies
    commit(LIST);
    turn();
    world.ticks_us += 100;
    reply_echo(1);
    commit(LIST);
    turn();
    turn();
    assert_int_equal(
        world.op_count + world.call_count + delivery_ready(world.delivery), 12);
    while (delivery_open(world.delivery)) {
        commit(LIST);
        turn();
        if (world.call_count)
            reply_echo(world.calls[0]->order_item_id);
    }
    close_world();
}

static void test_abandoned(void **state)
{
    (void)state;
    open_world(1);
    struct asked *a = ask(1, "E-1", true);
    release_abandon(a->release);
    turn();
    commit(LIST);
    turn();
    reply_echo(1);
    commit(LIST);
    assert_int_equal(a->done, 0);
    check_row(1, JOURNAL_CONFIRMED, "E-1", true);
    a->done = 1;
    close_world();
}

static void reply_random(int64_t item, bool *applied)
{
    static const int statuses[] = {400, 401, 429, 500, 200, 302};

    switch (random() % 4) {
    case 0:
        reply_broken(item, random() % 2);
        break;
    case 1:
        reply_status(item, statuses[random() % 6], "{}");
        break;
    default:
        applied[item] = true;
        reply_echo(item);
    }
}

/* Releases, commits and replies in any order: each release ends, and what is
 * confirmed was applied. The ports check the rest. */
static void wander(unsigned seed)
{
    static const char *const codes[] = {"E-1", "E-1", "E-1", "E-2"};
    bool applied[11] = {false};

    srandom(seed);
    open_world(1 + (int)(random() % 4));
    while (world.asked_count < 120 || delivery_open(world.delivery)) {
        long dice = random() % 5;
        if (dice == 0 && world.asked_count < 120)
            ask(1 + random() % 10, codes[random() % 4], random() % 4 != 0);
        else if (dice == 1)
            commit((size_t)(random() % 4));
        else if (dice == 2 && world.call_count)
            reply_random(
                world.calls[(size_t)random() % world.call_count]->order_item_id,
                applied);
        else {
            world.ticks_us += random() % SECOND_US;
            turn();
        }
    }
    for (size_t i = 0; i < world.row_count; i++) {
        const struct journal_row *row = &world.rows[i];
        assert_int_not_equal(row->state, JOURNAL_SENDING);
        if (row->state == JOURNAL_CONFIRMED)
            assert_true(applied[row->order_item_id]);
    }
    close_world();
}

static void test_any_order(void **state)
{
    unsigned first = (unsigned)seed_take(1);

    (void)state;
    for (unsigned i = 0; i < 300; i++)
        wander(first + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durable_first),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_not_started),
        cmocka_unit_test(test_same_item_waits),
        cmocka_unit_test(test_same_item_after_refusal),
        cmocka_unit_test(test_conflict),
        cmocka_unit_test(test_mended_rule),
        cmocka_unit_test(test_retry_rejected),
        cmocka_unit_test(test_half_done_refused),
        cmocka_unit_test(test_half_done_pending),
        cmocka_unit_test(test_unknown_stays),
        cmocka_unit_test(test_halted),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_ahead),
        cmocka_unit_test(test_abandoned),
        cmocka_unit_test(test_any_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
