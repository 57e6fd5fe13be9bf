/* When releases may go out: the first look, the log-in, one alone, the pace,
 * further tries, the brake, the end of a run, and what earlier runs left. */
#include "delivery_rig.h"

static void check_kept(const struct asked *asked, const char *why)
{
    check(asked, VERDICT_PENDING, "kept; goes out by itself: ");
    check(asked, VERDICT_PENDING, why);
    check_row(asked->result.order_item_id, JOURNAL_PENDING, asked->result.code,
        asked->result.update_stock);
}

/* What each answer to the first look allows. */
static const struct {
    int status;
    const char *body;
    enum stop_reason stop;
    const char *told;
} looks[] = {
    {200, "{\"results\":[]}", STOP_NONE, ""},
    {200, "[]", STOP_NONE, ""},
    {403, "{\"detail\":\"no\"}", STOP_NONE, ""},
    {401, "{}", STOP_TOKEN, "refused the token (401"},
    {407, "", STOP_TOKEN, "refused the token (407"},
    {404, "{}", STOP_PREFIX, "does not know the API"},
    {200, "<html>log in</html>", STOP_PREFIX, "HTML"},
    {204, "", STOP_PREFIX, "does not know the API"},
    {302, "", STOP_REDIRECT, "sends requests elsewhere"},
    {429, "{}", STOP_NO_ANSWER, "429"},
    {500, "oops", STOP_NO_ANSWER, "500"},
    {0, "", STOP_NO_ANSWER, "Connection refused"},
};

static void test_first_look(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        open_rules(&(struct delivery_rules){.first_look = true});
        struct asked *a = ask(1, "E-1", true), *b = ask(2, "E-2", true);
        settle();
        assert_int_equal(world.looks, 1);
        assert_int_equal(world.kinds[JOURNAL_ADMIT], 0);
        look_says(looks[i].status, looks[i].body);
        check_stopped(looks[i].stop);
        assert_int_equal(world.bodies, looks[i].stop == STOP_NONE);
        if (looks[i].stop == STOP_NONE) {
            reply_echo(1);
            settle();
            reply_echo(2);
            settle();
            check(a, VERDICT_CONFIRMED, "");
            check(b, VERDICT_CONFIRMED, "");
        } else {
            check_kept(a, looks[i].told);
            check_kept(b, looks[i].told);
        }
        assert_int_equal(world.looks, 1);
        close_world();
    }
}

/* What the journal can answer needs no look. */
static void test_no_look_needed(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.first_look = false});
    confirm(1, "E-1", true);
    world.rules.first_look = true;
    next_run();
    struct asked *a = ask(1, "E-1", true), *b = ask(1, "E-2", true);
    settle();
    check(a, VERDICT_ALREADY, "");
    check(b, VERDICT_CONFLICT, "E-2");
    assert_int_equal(world.looks, 0);
    close_world();
}

/* After an unknown outcome it is taken again, and one goes alone again. */
static void test_look_again(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.first_look = true});
    for (int i = 1; i <= 6; i++)
        ask(i, "E", true);
    settle();
    look_says(200, "{}");
    assert_int_equal(world.call_count, 1);
    reply_echo(1);
    settle();
    assert_int_equal(world.call_count, 4);
    reply_broken(2, true);
    reply_echo(3);
    settle();
    assert_int_equal(world.call_count, 2);
    assert_int_equal(world.looking, 1);
    look_says(200, "{}");
    assert_int_equal(world.call_count, 2);
    reply_broken(4, false);
    settle();
    assert_int_equal(world.call_count, 1);
    reply_echo(5);
    settle();
    reply_echo(6);
    wait_due();
    reply_echo(4);
    settle();
    check(&world.asked[1], VERDICT_UNKNOWN, "");
    assert_int_equal(world.looks, 2);
    close_world();
}

/* Twenty refusals in a row, of a host that applied something before: whether
 * it is still the API that answers is looked at, and then it goes on. */
static void test_look_after_refusals(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.first_look = true, .at_once = 1});
    for (int i = 1; i <= 23; i++)
        ask(i, "E", true);
    settle();
    look_says(200, "{}");
    reply_echo(1);
    settle();
    for (int i = 2; i <= 21; i++) {
        assert_int_equal(world.looks, 1);
        reply_status(i, 404, "{}");
        settle();
    }
    assert_int_equal(world.looking, 1);
    assert_int_equal(world.call_count, 0);
    look_says(200, "{}");
    reply_echo(22);
    settle();
    reply_echo(23);
    settle();
    assert_int_equal(world.looks, 2);
    close_world();
}

/* Those that the journal was asked for while nothing could be sent are not
 * overtaken by those that come when something can. */
static void test_order_after_look(void **state)
{
    struct wire_reply good = reply_of(200, "{}");

    (void)state;
    open_rules(&(struct delivery_rules){.first_look = true, .at_once = 1});
    ask(1, "E", true);
    settle();
    look_says(200, "{}");
    reply_echo(1);
    ask(2, "E", true);
    ask(3, "E", true);
    settle();
    reply_broken(2, true);
    settle();
    assert_int_equal(world.looking, 1);
    ask(4, "E", true);
    turn();
    world.looking = 0;
    delivery_looked(world.delivery, &good);
    turn();
    reply_echo(3);
    ask(5, "E", true);
    turn();
    for (int64_t item = 4; item <= 5; item++) {
        settle();
        reply_echo(item);
    }
    settle();
    assert_int_equal(delivery_open(world.delivery), 0);
    close_world();
}

/* Neither what did not leave nor what was only put off ends it. */
static void test_alone(void **state)
{
    static const int statuses[] = {400, 404, 201};

    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        open_world(8);
        for (int item = 1; item <= 20; item++)
            ask(item, "E", true);
        settle();
        assert_int_equal(world.call_count, 1);
        reply_broken(1, false);
        settle();
        assert_int_equal(world.call_count, 0);
        wait_due();
        assert_int_equal(world.call_count, 1);
        reply_status(1, 429, "{}");
        settle();
        wait_due();
        assert_int_equal(world.call_count, 1);
        if (statuses[i] == 201)
            reply_echo(1);
        else
            reply_status(1, statuses[i], "{}");
        settle();
        assert_int_equal(world.call_count, 8);
        while (delivery_open(world.delivery)) {
            reply_echo(world.calls[0]->order_item_id);
            settle();
        }
        close_world();
    }
}

static void test_log_in(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.first_look = true, .logs_in = true});
    struct asked *a = ask(1, "E-1", true);
    settle();
    assert_int_equal(world.logins, 1);
    assert_int_equal(world.looks, 0);
    login_says(200);
    assert_int_equal(world.looks, 1);
    look_says(200, "{}");
    reply_echo(1);
    settle();
    check(a, VERDICT_CONFIRMED, "");
    assert_int_equal(world.logins, 1);
    close_world();
}

static const struct {
    int status;
    enum stop_reason stop;
} logins[] = {
    {400, STOP_PASSWORD},
    {401, STOP_PASSWORD},
    {403, STOP_PASSWORD},
    {404, STOP_PREFIX},
    {302, STOP_REDIRECT},
    {429, STOP_NO_ANSWER},
    {503, STOP_NO_ANSWER},
};

static void test_log_in_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        open_rules(&(struct delivery_rules){.logs_in = true});
        struct asked *a = ask(1, "E-1", true);
        settle();
        login_says(logins[i].status);
        check_stopped(logins[i].stop);
        check_kept(a, "acme.omnitron.net");
        assert_int_equal(world.bodies, 0);
        close_world();
    }
}

/* One log-in too many is not made; said from inside, in one turn. */
static void test_log_in_limit(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.logs_in = true});
    world.refuse_login_at = HOUR_MS + 60000;
    struct asked *a = ask(1, "E-1", true);
    turn();
    commit(LIST);
    turn();
    check_stopped(STOP_LOG_IN);
    assert_int_equal(
        delivery_stopped(world.delivery)->next_at, HOUR_MS + 60000);
    commit(LIST);
    check_kept(a, "3 log-ins within 6 minutes");
    close_world();
}

/* A token that ran out: once more with a new one, at once. */
static void test_401_cured(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.logs_in = true});
    for (int i = 1; i <= 5; i++)
        ask(i, "E", true);
    settle();
    login_says(200);
    reply_echo(1);
    settle();
    assert_int_equal(world.call_count, 4);
    for (int i = 2; i <= 5; i++)
        reply_status(i, 401, "{}");
    settle();
    assert_int_equal(world.logins, 2);
    assert_int_equal(world.call_count, 0);
    login_says(200);
    while (delivery_open(world.delivery)) {
        assert_true(world.call_count > 0);
        reply_echo(world.calls[0]->order_item_id);
        settle();
    }
    for (int i = 0; i < 5; i++)
        check(&world.asked[i], VERDICT_CONFIRMED, "");
    assert_int_equal(must_row(3)->attempts, 2);
    assert_int_equal(world.logins, 2);
    close_world();
}

/* A new token that is refused at once is no cure. */
static void test_401_again(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.logs_in = true});
    struct asked *a = ask(1, "E-1", true);
    settle();
    login_says(200);
    reply_status(1, 401, "{}");
    settle();
    check_stopped(STOP_TOKEN);
    check_kept(a, "refused the token");
    close_world();
}

static void test_401_without_user(void **state)
{
    (void)state;
    open_world(1);
    confirm(1, "E-1", true);
    struct asked *a = fly(2, "E-2", true), *b = ask(3, "E-3", true);
    reply_status(2, 401, "{\"detail\":\"Invalid token.\"}");
    settle();
    check_stopped(STOP_TOKEN);
    check_kept(a, "refused the token (401 Invalid token.)");
    check_kept(b, "refused the token");
    assert_int_equal(must_row(3)->attempts, 0);
    close_world();
}

/* Half of 0.5 s, doubled with each try. */
static void test_backoff(void **state)
{
    static const int64_t waits_ms[] = {250, 500, 1000, 2000};

    (void)state;
    open_world(4);
    confirm(9, "E-9", true);
    struct asked *a = fly(1, "E-1", true);
    for (size_t i = 0; i < 4; i++) {
        int64_t before = world.ticks_us;
        reply_broken(1, false);
        settle();
        check_row(1, JOURNAL_PENDING, "E-1", true);
        assert_int_equal(
            delivery_due_us(world.delivery), before + waits_ms[i] * 1000);
        assert_int_equal(world.call_count, 0);
        world.ticks_us = before + waits_ms[i] * 1000 - 101;
        turn();
        assert_int_equal(world.op_count, 0);
        wait_due();
        assert_int_equal(world.call_count, 1);
    }
    confirm(2, "E-2", true); // somebody answers, so the run goes on
    reply_broken(1, false);
    settle();
    check_kept(a, "Connection reset");
    check_stopped(STOP_NONE);
    assert_int_equal(must_row(1)->attempts, 5);
    assert_int_equal(delivery_due_us(world.delivery), -1);
    close_world();
}

/* Time that passes between a turn and the question loses no wake-up. */
static void test_due_in_between(void **state)
{
    (void)state;
    open_world(4);
    fly(1, "E-1", true);
    reply_broken(1, false);
    settle();
    int64_t due_us = delivery_due_us(world.delivery);
    world.ticks_us = due_us + 50;
    assert_int_equal(delivery_due_us(world.delivery), due_us);
    settle();
    reply_echo(1);
    settle();
    close_world();
}

/* A server that asks to wait is left in peace by all, also when no try is
 * left. */
static void test_retry_after(void **state)
{
    (void)state;
    for (int tries = 1; tries <= 2; tries++) {
        open_rules(&(struct delivery_rules){.tries = tries});
        confirm(1, "E-1", true);
        struct asked *a = fly(2, "E-2", true), *b = fly(3, "E-3", true);
        int64_t before = world.ticks_us;
        reply_echo(3);
        reply_after(2, 429, "7");
        settle();
        check(b, VERDICT_CONFIRMED, "");
        struct asked *c = ask(4, "E-4", true);
        settle();
        assert_int_equal(world.call_count, 0);
        assert_int_equal(
            delivery_due_us(world.delivery), before + 7 * SECOND_US);
        wait_due();
        if (tries == 2)
            reply_echo(2);
        reply_echo(4);
        settle();
        check(a, tries == 2 ? VERDICT_CONFIRMED : VERDICT_PENDING, "");
        check(c, VERDICT_CONFIRMED, "");
        close_world();
    }
}

/* Of a status that the profile calls not done, its own release waits. */
static void test_not_done(void **state)
{
    bool not_done[600] = {[503] = true};

    (void)state;
    open_rules(&(struct delivery_rules){.not_done = not_done});
    confirm(1, "E-1", true);
    struct asked *a = fly(2, "E-2", true);
    int64_t before = world.ticks_us;
    reply_after(2, 503, "9");
    settle();
    ask(3, "E-3", true); // who asks to wait is left in peace by all
    settle();
    assert_int_equal(world.bodies, 2);
    assert_int_equal(delivery_due_us(world.delivery), before + 9 * SECOND_US);
    wait_due();
    reply_echo(2);
    reply_echo(3);
    settle();
    check(a, VERDICT_CONFIRMED, "");
    close_world();
}

static void test_per_second(void **state)
{
    int64_t started = -SECOND_US;

    (void)state;
    open_rules(&(struct delivery_rules){.per_second = 4});
    for (int i = 1; i <= 10; i++)
        ask(i, "E", true);
    settle();
    for (int i = 1; i <= 10; i++) {
        assert_int_equal(world.bodies, i);
        assert_true(world.ticks_us - started >= SECOND_US / 4);
        started = world.ticks_us;
        reply_echo(i);
        settle();
        if (i < 10)
            wait_due();
    }
    close_world();
}

/* Each reason to stop, by the answers that lead to it. */
static const struct {
    const char *name;
    int status, times;
    bool applied; // one before
    enum stop_reason stop;
    enum journal_state state; // of the rows answered so
} brakes[] = {
    {"two 403", 403, 2, false, STOP_NONE, JOURNAL_REJECTED},
    {"three 403", 403, 3, false, STOP_FORBIDDEN, JOURNAL_PENDING},
    {"three 405", 405, 3, true, STOP_FORBIDDEN, JOURNAL_PENDING},
    {"two 500", 500, 2, true, STOP_NONE, JOURNAL_UNKNOWN},
    {"three 500", 500, 3, true, STOP_UNKNOWN, JOURNAL_UNKNOWN},
    {"302", 302, 1, true, STOP_REDIRECT, JOURNAL_UNKNOWN},
    {"19 refusals", 400, 19, false, STOP_NONE, JOURNAL_REJECTED},
    {"20 refusals", 400, 20, false, STOP_REJECTED, JOURNAL_REJECTED},
    {"20 refusals, one applied", 400, 20, true, STOP_NONE, JOURNAL_REJECTED},
};

static void test_brakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof brakes / sizeof *brakes; i++) {
        open_world(1);
        if (brakes[i].applied)
            confirm(99, "E-99", true);
        for (int n = 1; n <= brakes[i].times; n++) {
            check_stopped(STOP_NONE);
            fly(n, "E", true);
            reply_status(n, brakes[i].status, "{}");
            settle();
        }
        check_stopped(brakes[i].stop);
        for (int n = 1; n <= brakes[i].times; n++)
            check_row(n, brakes[i].state, "E", true);
        struct asked *last = fly(100, "E", true);
        settle();
        if (brakes[i].stop == STOP_NONE) {
            reply_echo(100);
            settle();
            check(last, VERDICT_CONFIRMED, "");
        } else
            check_kept(last, "acme.omnitron.net");
        close_world();
    }
}

/* The first two were told `rejected`; the sums follow the journal. */
static void test_set_back(void **state)
{
    (void)state;
    open_world(1);
    confirm(9, "E-9", false);
    for (int i = 1; i <= 2; i++) {
        struct asked *a = fly(i, "E", true);
        reply_status(i, 403, "{}");
        settle();
        check(a, VERDICT_REJECTED, "403");
    }
    struct asked *last = fly(9, "E-9", true);
    reply_status(9, 403, "{}");
    settle();
    check_kept(last, "three times in a row");
    check_row(1, JOURNAL_PENDING, "E", true);
    assert_int_equal(world.kinds[JOURNAL_SET_BACK], 3);
    assert_string_equal(world.note, "said to every release, not to this one: "
                                    "the host forbids it");
    const int64_t *by = delivery_tally(world.delivery)->by_verdict;
    assert_int_equal(by[VERDICT_REJECTED], 0);
    assert_int_equal(by[VERDICT_PENDING], 3);
    close_world();
}

/* A row that was refused for itself meanwhile, or is out, stays. */
static void test_set_back_guarded(void **state)
{
    (void)state;
    open_world(4);
    confirm(9, "E-9", true);
    fly(1, "E", true);
    reply_status(1, 403, "{}");
    settle();
    struct asked *mended = fly(1, "M", true);
    fly(2, "E", true);
    fly(3, "E", true);
    reply_status(2, 403, "{}");
    reply_status(3, 403, "{}");
    settle();
    check_stopped(STOP_FORBIDDEN);
    check_row(1, JOURNAL_SENDING, "M", true);
    reply_echo(1);
    settle();
    check(mended, VERDICT_CONFIRMED, "");
    check_row(1, JOURNAL_CONFIRMED, "M", true);
    close_world();
}

/* One that uses up its tries, with nothing answered since its first. */
static void test_given_up(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.tries = 2});
    confirm(1, "E-1", true);
    struct asked *a = fly(2, "E-2", true);
    reply_broken(2, false);
    settle();
    wait_due();
    reply_broken(2, false);
    settle();
    check_stopped(STOP_NO_ANSWER);
    check_kept(a, "does not answer (Connection reset");
    close_world();
}

/* Each release at another place on its way when the run has to end. */
static void test_leave(void **state)
{
    (void)state;
    open_world(1);
    struct asked *flying = fly(1, "E-1", true), *same = ask(1, "E-1", true);
    reply_echo(1);
    settle();
    check(flying, VERDICT_CONFIRMED, "");
    check(same, VERDICT_ALREADY, "");
    flying = fly(2, "E-2", true);
    struct asked *ready = fly(3, "E-3", true), *queued = ask(4, "E-4", true),
                 *waiting = ask(4, "E-4", true);
    assert_int_equal(delivery_ready(world.delivery), 1);
    delivery_leave(world.delivery);
    struct asked *late = ask(5, "E-5", true);
    settle();
    struct asked *left[] = {ready, queued, waiting, late};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        check_kept(left[i], "the run had to end");
        assert_true(left[i]->result.left);
    }
    assert_int_equal(flying->done, 0);
    reply_echo(2);
    settle();
    check(flying, VERDICT_CONFIRMED, "");
    assert_false(flying->result.left);
    assert_int_equal(world.bodies, 2);
    close_world();
}

/* What waits for a further try is pending already. */
static void test_leave_backoff(void **state)
{
    (void)state;
    open_world(2);
    struct asked *a = fly(1, "E-1", true);
    reply_broken(1, false);
    settle();
    int writes = world.kinds[JOURNAL_KEEP];
    delivery_leave(world.delivery);
    settle();
    check_kept(a, "the run had to end");
    assert_true(a->result.left);
    assert_int_equal(world.kinds[JOURNAL_KEEP], writes);
    close_world();
}

/* A row that exists is kept with what is asked now. */
static void test_keep_mended(void **state)
{
    (void)state;
    open_world(1);
    fly(1, "E-1", true);
    reply_status(1, 400, "{}");
    settle();
    world.rules.first_look = true;
    next_run();
    struct asked *a = ask(1, "E-2", false);
    settle();
    look_says(500, "");
    check_kept(a, "500");
    check_row(1, JOURNAL_PENDING, "E-2", false);
    assert_string_equal(
        world.note, "code \"E-1\", update_stock true became \"E-2\", false");
    assert_int_equal(must_row(1)->attempts, 1);
    close_world();
}

/* As many as take several pages and do not fit in at once. */
static void test_carry(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.first_look = true});
    for (int i = 1; i <= 300; i++)
        ask(i, "E", true);
    settle();
    look_says(0, "");
    while (delivery_open(world.delivery))
        settle();
    next_run();
    struct asked *a = ask(7, "E", true);
    delivery_carry(world.delivery);
    for (int i = 0; delivery_open(world.delivery); i++) {
        assert_true(i < 2000);
        settle();
        if (world.looking)
            look_says(200, "{}");
        while (world.call_count)
            reply_echo(world.calls[0]->order_item_id);
    }
    check(a, VERDICT_CONFIRMED, "");
    assert_int_equal(delivery_tally(world.delivery)->carried, 299);
    assert_int_equal(world.bodies, 300);
    assert_int_equal(world.looks, 2);
    for (int i = 1; i <= 300; i++)
        check_row(i, JOURNAL_CONFIRMED, "E", true);
    close_world();
}

/* What an earlier run left and this one ended is told with its run. */
static void test_carried_is_told(void **state)
{
    const struct delivery_tally *tally;

    (void)state;
    open_rules(&(struct delivery_rules){.at_once = 1});
    for (int i = 1; i <= 2; i++)
        *add_row(i) = (struct journal_row){
            .order_item_id = i, .applied_stock = -1, .run = 1, .code = "E"};
    confirm(3, "F", true);
    delivery_carry(world.delivery);
    settle();
    reply_status(1, 404, "{\"detail\":\"Not found.\"}");
    settle();
    reply_echo(2);
    settle();
    assert_int_equal(world.carried_count, 2);
    assert_int_equal(world.carried[0].order_item_id, 1);
    assert_int_equal(world.carried[0].verdict, VERDICT_REJECTED);
    assert_int_equal(world.carried[0].kept_by, 1);
    assert_non_null(strstr(world.carried[0].message, "404"));
    assert_int_equal(world.carried[1].verdict, VERDICT_CONFIRMED);
    tally = delivery_tally(world.delivery);
    assert_int_equal(tally->carried_by_verdict[VERDICT_REJECTED], 1);
    assert_int_equal(tally->carried_by_verdict[VERDICT_CONFIRMED], 1);
    assert_int_equal(tally->by_verdict[VERDICT_CONFIRMED], 2);
    close_world();
}

/* More than are taken up at once wait for one first look, in one turn. */
static void test_carry_asks_at_once(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.first_look = true});
    for (int i = 1; i <= 3; i++)
        *add_row(i) = (struct journal_row){
            .order_item_id = i, .applied_stock = -1, .run = 1, .code = "E"};
    delivery_carry(world.delivery);
    turn();
    commit(LIST);
    turn();
    assert_int_equal(world.looking, 1);
    look_says(404, "{}");
    assert_int_equal(delivery_tally(world.delivery)->carried, 0);
    check_row(2, JOURNAL_PENDING, "E", false);
    close_world();
}

/* Once per row, with an audit note; and never in the run that left it so. */
static void test_resend(void **state)
{
    (void)state;
    for (int carried = 0; carried < 2; carried++) {
        open_rules(&(struct delivery_rules){.resend = true});
        fly(1, "E-1", true);
        reply_broken(1, true);
        settle();
        check(fly(1, "E-1", true), VERDICT_UNKNOWN, "nothing was sent");
        for (int sent = 0; sent < 2; sent++) { // not sent, it is not spent
            next_run();
            if (carried)
                delivery_carry(world.delivery);
            else
                ask(1, "E-1", true);
            settle();
            assert_string_equal(world.note,
                "unknown; sent once more: when_unknown = \"resend\"");
            reply_broken(1, sent);
            settle();
            check_row(1, JOURNAL_UNKNOWN, "E-1", true);
            assert_int_equal(
                delivery_tally(world.delivery)->by_verdict[VERDICT_UNKNOWN], 1);
        }
        next_run();
        if (carried)
            delivery_carry(world.delivery);
        else
            check(fly(1, "E-1", true), VERDICT_UNKNOWN, "nothing was sent");
        settle();
        assert_int_equal(world.bodies, 3);
        close_world();
    }
}

/* A refusal of the second says nothing of the first; an echo does. */
static void test_resend_ends(void **state)
{
    static const int statuses[] = {400, 403, 429, 401, 201};

    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        open_rules(&(struct delivery_rules){.resend = true});
        fly(1, "E-1", true);
        reply_broken(1, true);
        settle();
        next_run();
        struct asked *a = fly(1, "E-1", true);
        if (statuses[i] == 201)
            reply_echo(1);
        else
            reply_status(1, statuses[i], "{}");
        settle();
        bool applied = statuses[i] == 201;
        check(a, applied ? VERDICT_CONFIRMED : VERDICT_UNKNOWN, "");
        check_row(
            1, applied ? JOURNAL_CONFIRMED : JOURNAL_UNKNOWN, "E-1", true);
        assert_int_equal(world.bodies, 2);
        close_world();
    }
}

/* More than what is unknown is not asked for before that is known. */
static void test_resend_no_more(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.resend = true});
    fly(1, "E-1", false);
    reply_broken(1, true);
    settle();
    next_run();
    check(fly(1, "E-1", true), VERDICT_UNKNOWN, "nothing was sent");
    check_row(1, JOURNAL_UNKNOWN, "E-1", false);
    assert_int_equal(world.bodies, 1);
    close_world();
}

static void test_unique_codes(void **state)
{
    (void)state;
    open_rules(&(struct delivery_rules){.unique_codes = true});
    confirm(1, "E-1", true);
    check(fly(2, "E-1", true), VERDICT_CONFLICT,
        "\"E-1\" stands for item 1 already (unique_codes)");
    assert_null(find_row(2));
    check(fly(1, "E-1", true), VERDICT_ALREADY, "");
    struct asked *a = fly(3, "E-3", true);
    reply_status(3, 400, "{}");
    settle();
    check(a, VERDICT_REJECTED, "");
    confirm(4, "E-3", true); // a refused one does not have it
    check(fly(3, "E-1", true), VERDICT_CONFLICT, "item 1 already");
    check_row(3, JOURNAL_REJECTED, "E-3", true);
    delivery_leave(world.delivery);
    check(fly(5, "E-1", true), VERDICT_CONFLICT, "item 1 already");
    assert_false(world.asked[world.asked_count - 1].result.left);
    assert_int_equal(world.conflicts, 3);
    close_world();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_look),
        cmocka_unit_test(test_no_look_needed),
        cmocka_unit_test(test_look_again),
        cmocka_unit_test(test_look_after_refusals),
        cmocka_unit_test(test_order_after_look),
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_log_in),
        cmocka_unit_test(test_log_in_fails),
        cmocka_unit_test(test_log_in_limit),
        cmocka_unit_test(test_401_cured),
        cmocka_unit_test(test_401_again),
        cmocka_unit_test(test_401_without_user),
        cmocka_unit_test(test_backoff),
        cmocka_unit_test(test_due_in_between),
        cmocka_unit_test(test_retry_after),
        cmocka_unit_test(test_not_done),
        cmocka_unit_test(test_per_second),
        cmocka_unit_test(test_brakes),
        cmocka_unit_test(test_set_back),
        cmocka_unit_test(test_set_back_guarded),
        cmocka_unit_test(test_given_up),
        cmocka_unit_test(test_leave),
        cmocka_unit_test(test_leave_backoff),
        cmocka_unit_test(test_keep_mended),
        cmocka_unit_test(test_carry),
        cmocka_unit_test(test_carried_is_told),
        cmocka_unit_test(test_carry_asks_at_once),
        cmocka_unit_test(test_resend),
        cmocka_unit_test(test_resend_ends),
        cmocka_unit_test(test_resend_no_more),
        cmocka_unit_test(test_unique_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
