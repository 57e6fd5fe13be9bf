#include "task/cpu_tick.h"

#include "task/spot.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

/* A nudge; nothing else of this process wants it, and who sends one by chance
 * does no harm. */
enum { NUDGE = SIGURG };

/* Read by the signal at any moment, so that what it leads to is complete
 * before it is set. */
static struct cpu_tick_frame *volatile running;
static volatile int depth;      // frames that work
static volatile int64_t worked; // ticks
static void (*volatile told)(int64_t ms);
static volatile lua_Hook called;

static pthread_t nudged; // once `can_nudge`
static atomic_bool can_nudge, asked;
static sem_t answered;
static char place[SPOT_MAX];

/* The Lua manual on lua_sethook does not say so, but its own program relies on
 * it: the hook may be set by a signal. */
static void hook_all(void)
{
    for (struct cpu_tick_frame *frame = running; frame; frame = frame->outer)
        if (frame->L && called)
            lua_sethook(frame->L, called, LUA_MASKCOUNT, 1);
}

static void on_tick(int number)
{
    (void)number;
    hook_all();
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

/* Where the walk goes on when it met what was just being changed. */
static sigjmp_buf beside;

static void on_bad_address(int number)
{
    (void)number;
    siglongjmp(beside, 1);
}

/* The signal came between any two instructions of Lua: the list of calls may
 * be half made, the stack just moved. The walk reads alone, ends with the list,
 * and where it meets a bad address there is no place. The old handlers do not
 * come back: the process is about to end. */
const char *cpu_tick_place(void)
{
    struct sigaction action = {.sa_handler = on_bad_address};

    place[0] = '\0';
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    if (sigsetjmp(beside, 1)) {
        place[0] = '\0';
        return place;
    }
    for (struct cpu_tick_frame *frame = running; frame; frame = frame->outer) {
        lua_State *L = frame->L ? frame->L : frame->closed;
        if (L && spot_find(L, place))
            break;
    }
    return place;
}

static void on_nudge(int number)
{
    int kept = errno;

    (void)number;
    hook_all();
    if (atomic_exchange(&asked, false)) {
        cpu_tick_place();
        sem_post(&answered); // signal-safety(7) has it
    }
    errno = kept;
}

bool cpu_tick_open(void)
{
    struct sigaction action = {.sa_handler = on_nudge}; // without SA_RESTART

    nudged = pthread_self();
    can_nudge =
        sem_init(&answered, 0, 0) == 0 && sigaction(NUDGE, &action, NULL) == 0;
    return can_nudge;
}

void cpu_tick_nudge(void)
{
    if (can_nudge)
        pthread_kill(nudged, NUDGE);
}

const char *cpu_tick_ask(int wait_ms)
{
    struct timespec until;

    if (!can_nudge)
        return "";
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += wait_ms * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    atomic_store(&asked, true);
    cpu_tick_nudge();
    return sem_timedwait(&answered, &until) == 0 ? place : "";
}
