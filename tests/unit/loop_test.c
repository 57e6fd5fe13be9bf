/* What ends the loop's sleep: a watched descriptor, what delivery waits for,
 * operations that are gathered for a commit, and tasks. Nothing here measures
 * time: what counts is how long the loop would have slept. */
#include "base/clock.h"
#include "task/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <curl/curl.h>
#include <dlfcn.h>
#include <lauxlib.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FOR_EVER_MS = 600000, LONGEST_MS = 1000, AT_ONCE = 8, RELEASES = 40 };

static struct world {
    struct loop loop;
    struct tasks tasks; // none
    int sends, done;
    bool answers;
    int64_t commit_us;                 // that one seems to have taken
    struct wire_call *calls[RELEASES]; // without an answer
    int call_count;
} world;

static struct poll_seen {
    int timeout_ms;
    unsigned watched;
    size_t waiting; // operations that the journal's thread does not have
    int64_t due_us; // delivery's, at that moment; -1: none
} polled;

/* In place of libcurl's: looks, then calls it. */
CURLMcode curl_multi_poll(CURLM *multi, struct curl_waitfd fds[],
    unsigned count, int timeout_ms, int *ready)
{
    CURLMcode (*theirs)(CURLM *, struct curl_waitfd *, unsigned, int, int *);
    void *symbol = dlsym(RTLD_NEXT, "curl_multi_poll");

    memcpy(&theirs, &symbol, sizeof theirs);
    polled.timeout_ms = timeout_ms;
    polled.watched = count;
    polled.due_us =
        world.loop.delivery ? delivery_due_us(world.loop.delivery) : -1;
    polled.waiting =
        world.loop.journal ? journal_waiting(world.loop.journal) : 0;
    if (polled.waiting > 0)
        assert_int_equal(timeout_ms, 0);
    return theirs(multi, fds, count, timeout_ms, ready);
}

static struct net *new_net(void)
{
    struct error err;
    struct net *net = net_open(&err);

    alarm(60); // a sleep that does not end
    assert_non_null(net);
    return net;
}

static void old_net(struct net *net)
{
    net_close(net);
    alarm(0);
}

static void *write_one(void *fd)
{
    poll(NULL, 0, 20);
    assert_int_equal(write(*(int *)fd, "x", 1), 1);
    return NULL;
}

static void test_watch(void **state)
{
    struct net *net = new_net();
    pthread_t thread;
    int ends[2];
    char byte;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    net_watch(net, ends[0]);
    for (int i = 0; i < 3; i++) {
        pthread_create(&thread, NULL, write_one, &ends[1]);
        net_poll(net, FOR_EVER_MS); // asleep before there is anything
        assert_int_equal(polled.watched, 1);
        net_poll(net, FOR_EVER_MS); // and as long as it is there
        pthread_join(thread, NULL);
        assert_int_equal(read(ends[0], &byte, 1), 1);
    }
    close(ends[1]);
    net_poll(net, FOR_EVER_MS); // an end of file
    net_watch(net, -1);
    net_poll(net, 1);
    assert_int_equal(polled.watched, 0);
    close(ends[0]);
    old_net(net);
}

static void test_wake(void **state)
{
    struct net *net = new_net();

    (void)state;
    net_wake(net);
    net_poll(net, FOR_EVER_MS);
    old_net(net);
}

static void wake(void *net)
{
    net_wake(net);
}

static void (*admitted)(struct journal_op *op);

/* A commit takes long, and so intents are written ahead. */
static void written(struct journal_op *op)
{
    world.commit_us = 1000000;
    admitted(op);
    world.commit_us = 0;
}

static void port_submit(void *self, struct journal_op *op)
{
    if (op->kind == JOURNAL_ADMIT) {
        admitted = op->done;
        op->done = written;
    }
    journal_submit(((struct world *)self)->loop.journal, op);
}

static bool port_send(void *self, struct wire_call *call, struct error *err)
{
    struct world *w = self;

    w->sends++;
    if (w->answers) {
        w->calls[w->call_count++] = call;
        return true;
    }
    return error_set(err, ERROR_OTHER, "no route to the host");
}

static int64_t port_wall(void *self)
{
    (void)self;
    return clock_wall_ms();
}

static int64_t port_ticks(void *self)
{
    return clock_monotonic_us() + ((struct world *)self)->commit_us;
}

/* The first wait is 40 ms, then 80. */
static double port_draw(void *self)
{
    (void)self;
    return 0.08;
}

static void on_done(struct release *r, void *arg)
{
    struct world *w = arg;

    w->done++;
    assert_int_equal(release_result(r)->verdict, VERDICT_PENDING);
    release_free(r);
}

static void open_world(struct world *w, int at_once)
{
    const struct delivery_ports ports = {.self = w,
        .submit = port_submit,
        .send = port_send,
        .wall_ms = port_wall,
        .ticks_us = port_ticks,
        .draw = port_draw};
    const struct delivery_rules rules = {
        .host = "h", .run = 1, .at_once = at_once, .tries = 3};
    struct journal_options options = {.script = "x", .wake = wake};
    struct error err;

    memset(w, 0, sizeof *w);
    assert_true(journal_init(&err));
    w->loop.net = options.wake_arg = new_net();
    w->loop.journal = journal_open(&options, &err);
    w->loop.delivery = delivery_new(&ports, &rules);
    w->loop.tasks = &w->tasks;
    assert_non_null(w->loop.journal);
    assert_non_null(w->loop.delivery);
}

static void close_world(struct world *w)
{
    assert_false(loop_busy(&w->loop));
    delivery_free(w->loop.delivery);
    w->loop.delivery = NULL;
    journal_close(w->loop.journal);
    timers_fini(&w->loop.timers);
    old_net(w->loop.net);
}

/* No longer than until delivery has something to do. */
static void check_turn(struct world *w, int64_t *dues)
{
    int64_t now_us = clock_monotonic_us();

    loop_turn(&w->loop);
    if (polled.due_us < 0)
        return;
    ++*dues;
    int64_t most_ms = (polled.due_us - now_us + 999) / 1000;
    assert_true(polled.timeout_ms <= (most_ms < 0 ? 0 : most_ms));
    assert_true(polled.timeout_ms < LONGEST_MS);
}

static void test_backoff(void **state)
{
    const struct journal_ask ask = {
        .order_item_id = 1, .code = "A", .update_stock = true};
    struct error err;
    int64_t dues = 0;
    int turns = 0;

    (void)state;
    open_world(&world, 1);
    assert_int_equal(delivery_due_us(world.loop.delivery), -1);
    assert_non_null(
        delivery_release(world.loop.delivery, &ask, on_done, &world, &err));
    for (; !world.done && turns < 500; turns++)
        check_turn(&world, &dues);
    assert_int_equal(world.done, 1);
    assert_int_equal(world.sends, 3);
    assert_true(dues > 0);
    close_world(&world);
}

static void on_confirmed(struct release *r, void *arg)
{
    ((struct world *)arg)->done++;
    assert_int_equal(release_result(r)->verdict, VERDICT_CONFIRMED);
    release_free(r);
}

static void answer(struct wire_call *call)
{
    char body[80];
    int len = snprintf(body, sizeof body,
        "{\"pk\":1,\"object_id\":%lld,\"code\":\"A\"}",
        (long long)call->order_item_id);

    call->replied(call, &(struct wire_reply){.sent = true,
                            .complete = true,
                            .status = 201,
                            .error = "",
                            .body = body,
                            .body_len = (size_t)len});
}

static void answer_all(struct world *w)
{
    while (w->call_count > 0)
        answer(w->calls[--w->call_count]);
}

/* The host falls silent with intents at hand: an outcome that comes then is
 * gathered, and nothing else comes for whose sake the loop would wake. */
static void test_gathered(void **state)
{
    struct journal_ask ask = {.code = "A", .update_stock = true};
    struct delivery *d;
    struct error err;

    (void)state;
    open_world(&world, AT_ONCE);
    d = world.loop.delivery;
    world.answers = true;
    while (ask.order_item_id++ < RELEASES)
        assert_non_null(delivery_release(d, &ask, on_confirmed, &world, &err));
    while (delivery_runs_short(d) || delivery_flying(d) < AT_ONCE) {
        assert_true(world.done < RELEASES);
        answer_all(&world);
        loop_turn(&world.loop);
    }
    int done = world.done;
    answer(world.calls[--world.call_count]);
    loop_turn(&world.loop);
    assert_true(polled.waiting > 0);
    assert_int_equal(journal_waiting(world.loop.journal), 0);
    while (world.done == done)
        loop_turn(&world.loop);
    for (; world.done < RELEASES; loop_turn(&world.loop))
        answer_all(&world);
    close_world(&world);
}

/* One of two that wake one another. */
struct player {
    struct waiter waiter, *other;
    int turns;
};

static int play_on(lua_State *L, int status, lua_KContext ctx)
{
    struct player *p = (struct player *)ctx;

    (void)status;
    p->turns++;
    task_wake(p->other);
    return task_park(L, &p->waiter, ctx, play_on);
}

static int play(lua_State *L)
{
    return play_on(L, LUA_OK, (lua_KContext)lua_touserdata(L, 1));
}

/* They work as often as the network is looked at, and it is not slept. */
static void test_endless(void **state)
{
    struct player players[2] = {
        {.other = &players[1].waiter}, {.other = &players[0].waiter}};
    lua_State *L = luaL_newstate();

    (void)state;
    open_world(&world, 1);
    tasks_init(&world.tasks, L, FOR_EVER_MS, NULL);
    for (int i = 0; i < 2; i++) {
        lua_pushcfunction(L, play);
        lua_pushlightuserdata(L, &players[i]);
        task_spawn(L, 1, NULL, NULL);
    }
    for (int i = 1; i <= 100; i++) {
        loop_turn(&world.loop);
        assert_int_equal(polled.timeout_ms, 0);
        assert_in_range(players[0].turns, i, 100 * i);
        assert_in_range(players[1].turns, i, 100 * i);
    }
    tasks_fini(&world.tasks);
    lua_close(L);
    close_world(&world);
}

/* With nothing left to do it does not sleep. */
static void test_over(void **state)
{
    (void)state;
    open_world(&world, 1);
    loop_turn(&world.loop);
    assert_int_equal(polled.timeout_ms, 0);
    close_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_watch),
        cmocka_unit_test(test_wake),
        cmocka_unit_test(test_backoff),
        cmocka_unit_test(test_gathered),
        cmocka_unit_test(test_endless),
        cmocka_unit_test(test_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
