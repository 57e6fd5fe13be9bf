#include "task/tick.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Read by the signal at any moment, so that what it leads to is complete
 * before it is set. */
static struct tick_frame *volatile running;
static volatile int depth;        // frames that work
static volatile int64_t deaf_for; // ticks
static void (*volatile told)(int64_t ms);
static lua_Hook called;

/* The Lua manual on lua_sethook does not say so, but its own program relies on
 * it: the hook may be set by a signal. */
static void on_signal(int number)
{
    (void)number;
    for (struct tick_frame *frame = running; frame; frame = frame->outer)
        if (frame->L)
            lua_sethook(frame->L, called, LUA_MASKCOUNT, 1);
    if (depth > 0 && told)
        told(++deaf_for * TICK_MS);
}

static bool start_timer(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGVTALRM};
    struct itimerspec every = {
        {.tv_nsec = TICK_MS * 1000000L}, {.tv_nsec = TICK_MS * 1000000L}};
    timer_t timer;

    event._sigev_un._tid = gettid();
    return sigaction(SIGVTALRM, &action, NULL) == 0 &&
           timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0 &&
           timer_settime(timer, 0, &every, NULL) == 0;
}

bool tick_start(lua_Hook hook)
{
    static bool started, ticking;

    called = hook;
    if (!started)
        ticking = start_timer();
    started = true;
    return ticking;
}

void tick_on_deaf(void (*deaf)(int64_t ms))
{
    told = deaf;
}

void tick_heard(void)
{
    deaf_for = 0;
}

void tick_add(struct tick_frame *frame, lua_State *L)
{
    frame->L = L;
    frame->outer = running;
    atomic_signal_fence(memory_order_release);
    running = frame;
}

void tick_remove(struct tick_frame *frame)
{
    struct tick_frame *inner = running;

    if (inner == frame) {
        running = frame->outer;
        return;
    }
    while (inner && inner->outer != frame)
        inner = inner->outer;
    if (inner)
        inner->outer = frame->outer;
}

void tick_enter(struct tick_frame *frame, lua_State *L)
{
    deaf_for = 0;
    tick_add(frame, L);
    depth++;
}

void tick_leave(struct tick_frame *frame)
{
    depth--;
    tick_remove(frame);
    deaf_for = 0;
}
