#include "task/cpu_tick.h"

#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

/* Read by the signal at any moment, so that what it leads to is complete
 * before it is set. */
static struct cpu_tick_frame *volatile running;
static volatile int depth;      // frames that work
static volatile int64_t worked; // ticks
static void (*volatile told)(int64_t ms);
static volatile lua_Hook called;

/* The Lua manual on lua_sethook does not say so, but its own program relies on
 * it: the hook may be set by a signal. */
void cpu_tick_hook_all(void)
{
    for (struct cpu_tick_frame *frame = running; frame; frame = frame->outer)
        if (frame->L && called)
            lua_sethook(frame->L, called, LUA_MASKCOUNT, 1);
}

static void on_tick(int number)
{
    (void)number;
    cpu_tick_hook_all();
    if (depth > 0 && told)
        told(++worked * CPU_TICK_MS);
}

static bool start_timer(void)
{
    struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGVTALRM};
    struct itimerspec every = {{.tv_nsec = CPU_TICK_MS * 1000000L},
        {.tv_nsec = CPU_TICK_MS * 1000000L}};
    timer_t timer;

    event._sigev_un._tid = gettid();
    return sigaction(SIGVTALRM, &action, NULL) == 0 &&
           timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0 &&
           timer_settime(timer, 0, &every, NULL) == 0;
}

bool cpu_tick_start(lua_Hook hook)
{
    static bool started, ticking;

    called = hook;
    if (!started)
        ticking = start_timer();
    started = true;
    return ticking;
}

void cpu_tick_on_work(void (*tell)(int64_t ms))
{
    told = tell;
}

void cpu_tick_work_anew(void)
{
    worked = 0;
}

void cpu_tick_add(struct cpu_tick_frame *frame, lua_State *L)
{
    frame->L = L;
    frame->closed = NULL;
    frame->outer = running;
    atomic_signal_fence(memory_order_release);
    running = frame;
}

void cpu_tick_remove(struct cpu_tick_frame *frame)
{
    struct cpu_tick_frame *inner = running;

    if (inner == frame) {
        running = frame->outer;
        return;
    }
    while (inner && inner->outer != frame)
        inner = inner->outer;
    if (inner)
        inner->outer = frame->outer;
}

void cpu_tick_enter(struct cpu_tick_frame *frame, lua_State *L)
{
    cpu_tick_add(frame, L);
    depth++;
}

void cpu_tick_enter_closed(struct cpu_tick_frame *frame, lua_State *L)
{
    cpu_tick_enter(frame, NULL);
    frame->closed = L;
}

void cpu_tick_leave(struct cpu_tick_frame *frame)
{
    depth--;
    cpu_tick_remove(frame);
}

const struct cpu_tick_frame *cpu_tick_frames(void)
{
    return running;
}
