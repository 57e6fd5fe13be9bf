/* What ends the loop's sleep: a watched descriptor, and what delivery waits
 * for. Nothing here measures time: what counts is how long the loop would
 * have slept. */
#include "base/clock.h"
#include "task/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <curl/curl.h>
#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { FOR_EVER_MS = 600000, LONGEST_MS = 1000 };

static struct world {
    struct loop loop;
    struct tasks tasks; // none
    int sends, done;
} world;

static struct poll_seen {
    int timeout_ms;
    unsigned watched;
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

static void port_submit(void *self, struct journal_op *op)
{
    journal_submit(((struct world *)self)->loop.journal, op);
}

static bool port_send(void *self, struct wire_call *call, struct error *err)
{
    (void)call;
    ((struct world *)self)->sends++;
    return error_set(err, ERROR_OTHER, "no route to the host");
}

static int64_t port_wall(void *self)
{
    (void)self;
    return clock_wall_ms();
}

static int64_t port_ticks(void *self)
{
    (void)self;
    return clock_monotonic_us();
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

static void open_world(struct world *w)
{
    const struct delivery_ports ports = {.self = w,
        .submit = port_submit,
        .send = port_send,
        .wall_ms = port_wall,
        .ticks_us = port_ticks,
        .draw = port_draw};
    const struct delivery_rules rules = {
        .host = "h", .run = 1, .at_once = 1, .tries = 3};
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
    open_world(&world);
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

/* With nothing left to do it does not sleep. */
static void test_over(void **state)
{
    (void)state;
    open_world(&world);
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
        cmocka_unit_test(test_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
