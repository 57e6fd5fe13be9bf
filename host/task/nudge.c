#include "task/nudge.h"

#include "task/cpu_tick.h"
#include "task/spot.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

/* Nothing else of this process wants it, and who sends one by chance does no
 * harm. */
enum { NUDGE = SIGURG };

static pthread_t nudged; // once `can_nudge`
static atomic_bool can_nudge, asked;
static sem_t answered;
static char place[SPOT_MAX];

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
const char *nudge_place(void)
{
    struct sigaction action = {.sa_handler = on_bad_address};

    place[0] = '\0';
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    if (sigsetjmp(beside, 1)) {
        place[0] = '\0';
        return place;
    }
    for (const struct cpu_tick_frame *frame = cpu_tick_frames(); frame;
         frame = frame->outer) {
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
    cpu_tick_hook_all();
    if (atomic_exchange(&asked, false)) {
        nudge_place();
        sem_post(&answered); // signal-safety(7) has it
    }
    errno = kept;
}

bool nudge_open(void)
{
    struct sigaction action = {.sa_handler = on_nudge}; // without SA_RESTART

    nudged = pthread_self();
    can_nudge =
        sem_init(&answered, 0, 0) == 0 && sigaction(NUDGE, &action, NULL) == 0;
    return can_nudge;
}

void nudge_send(void)
{
    if (can_nudge)
        pthread_kill(nudged, NUDGE);
}

const char *nudge_ask(int wait_ms)
{
    struct timespec until;

    if (!can_nudge)
        return "";
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += wait_ms * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    atomic_store(&asked, true);
    nudge_send();
    return sem_timedwait(&answered, &until) == 0 ? place : "";
}
