#include "ending/watchdog.h"

#include "base/clock.h"
#include "base/log.h"
#include "ending/leave_signal.h"
#include "ending/patience.h"
#include "task/cpu_tick.h"
#include "task/nudge.h"
#include "task/spot.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    TIMES = 2,                 // run_away, of work that cannot be ended
    MOMENT_MS = 300,           // of the repl, that a signal may wait
    PLACE_MS = 200,            // in which a thread says where it is
    IN_FLIGHT_MORE_MS = 30000, // of releases, beside their time-out: the disk
    STACK_BYTES = 256 * 1024,
};

/* Shared with the thread; what is more is its own. The turns are counted by
 * one thread, and looked at by the other: whether there was one since.
 * `stopped_turn` is the turn in which Lua is stopped, so that what was asked
 * for too late means nothing in the next. */
static struct {
    atomic_bool open;
    atomic_uint_fast64_t turns, stopped_turn;
    atomic_bool in_flight, late;
    atomic_int reason;   // an exit code; EXIT_DONE: there is none
    atomic_int expected; // the run's; -1: it is not over
    _Atomic int64_t deadline_ms, timeout_ms; // 0: none
    int wake, signals;                       // descriptors
} dog = {.turns = 1, .expected = -1};

static int64_t most_work_ms;

const char *watchdog_reason(enum exit_code code)
{
    return code == EXIT_SIGTERM  ? "SIGTERM"
           : code == EXIT_SIGINT ? "SIGINT"
                                 : "its deadline";
}

/* A name of a file in a line for people or machines. */
static void make_plain(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == '"' || *text == '\\' ||
            *text == 0x7f)
            *text = '?';
}

/* Only where there is room: nobody may read any more, also this. A pipe that
 * poll(2) calls writable has room for PIPE_BUF bytes; a socket takes what it
 * can. */
static void put(const char *text, size_t len)
{
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
    ssize_t n = send(out.fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (n >= 0 || errno != ENOTSOCK)
        return;
    if (poll(&out, 1, 0) == 1 && (out.revents & POLLOUT))
        n = write(out.fd, text, len);
}

static void say(const char *words)
{
    char line[PIPE_BUF];
    int n = log_is_json()
                ? snprintf(line, sizeof line,
                      "{\"level\":\"error\",\"text\":\"%s\"}\n", words)
                : snprintf(line, sizeof line, "error: %s\n", words);

    put(line, n < (int)sizeof line ? (size_t)n : sizeof line - 1);
}

static enum exit_code code_of(enum exit_code otherwise)
{
    int expected = atomic_load(&dog.expected);
    int reason = atomic_load(&dog.reason);

    return expected >= 0 ? (enum exit_code)expected
           : reason      ? (enum exit_code)reason
                         : otherwise;
}

#define UNKNOWN_NOW                                                            \
    "The program ends here; releases that were in flight are unknown, the "    \
    "journal is right."

static void end_at(const char *place, enum exit_code reason)
{
    const char *why = watchdog_reason(reason);
    char words[512], at[SPOT_MAX];

    snprintf(at, sizeof at, "%s", place);
    make_plain(at);
    if (atomic_load(&dog.expected) >= 0)
        snprintf(words, sizeof words,
            "the run was over, and its end did not come within %d s of %s. "
            "The journal is right.",
            PATIENCE_OVER_MS / 1000, why);
    else
        snprintf(words, sizeof words,
            "the run was ended: %s did not come back within %d s of "
            "%s%s. " UNKNOWN_NOW,
            at[0] ? at : "it", PATIENCE_OVER_MS / 1000, why,
            at[0] ? "" : ", and where it stood cannot be told");
    say(words);
    _exit((int)code_of(reason));
}

/* Inside a signal, which may have come in the middle of anything. snprintf of
 * texts and small numbers allocates nothing and takes no lock in glibc. */
static void on_work(int64_t ms)
{
    char words[512], at[SPOT_MAX];

    if (ms < most_work_ms)
        return;
    snprintf(at, sizeof at, "%s", nudge_place());
    make_plain(at);
    snprintf(words, sizeof words,
        "%s did not come back: it works without waiting and cannot be "
        "interrupted (a pattern that tries every possibility, a loop in "
        "__gc?), for %d times run_away of profile.lua. " UNKNOWN_NOW,
        at[0] ? at : "the script", TIMES);
    say(words);
    _exit((int)code_of(EXIT_SCRIPT));
}

void watchdog_limit_work(int64_t run_away_ms)
{
    most_work_ms = run_away_ms * TIMES;
    cpu_tick_on_work(on_work);
}

static void note(enum exit_code code)
{
    int none = EXIT_DONE;

    atomic_compare_exchange_strong(&dog.reason, &none, (int)code);
}

/* A signal for the whole process is pending for every thread of it, until the
 * loop reads it. */
static void look_for_signal(void)
{
    sigset_t pending;

    if (sigpending(&pending) != 0)
        return;
    enum exit_code code = leave_signal_pending(&pending);
    if (code != EXIT_DONE)
        note(code);
}

/* -1: there is no deadline. */
static int deadline_in(void)
{
    int64_t at = atomic_load(&dog.deadline_ms);
    int64_t ms = at - clock_running_ms();

    return at == 0 ? -1 : ms < 0 ? 0 : ms > INT_MAX ? INT_MAX : (int)ms;
}

static void drain_wake(void)
{
    eventfd_t ignored;

    (void)eventfd_read(dog.wake, &ignored);
}

/* Sleeps until there is one. */
static enum exit_code wait_for_reason(void)
{
    struct pollfd fds[] = {{.fd = dog.signals, .events = POLLIN},
        {.fd = dog.wake, .events = POLLIN}};

    while (atomic_load(&dog.reason) == EXIT_DONE) {
        if (poll(fds, 2, deadline_in()) > 0) {
            look_for_signal();
            drain_wake();
        }
        if (deadline_in() == 0)
            note(EXIT_PENDING);
    }
    return (enum exit_code)atomic_load(&dog.reason);
}

static bool is_pending(void)
{
    struct pollfd fd = {.fd = dog.signals, .events = POLLIN};

    return poll(&fd, 1, 0) > 0;
}

static void *look_at_lines(void *unused)
{
    struct pollfd fd = {.fd = dog.signals, .events = POLLIN};

    for (int ms = 0; poll(&fd, 1, -1) > 0; ms = 0)
        for (; is_pending(); ms += PATIENCE_LOOK_MS) {
            poll(NULL, 0, PATIENCE_LOOK_MS);
            if (ms >= MOMENT_MS && is_pending())
                nudge_send();
            look_for_signal();
            if (ms >= PATIENCE_OVER_MS &&
                atomic_load(&dog.reason) == EXIT_SIGTERM)
                end_at(nudge_ask(PLACE_MS), EXIT_SIGTERM);
            atomic_store(&dog.reason, EXIT_DONE);
        }
    return unused;
}

static void act(enum patience_end what, enum exit_code reason)
{
    if (what == PATIENCE_WAITS)
        return;
    if (what == PATIENCE_OVER)
        end_at(nudge_ask(PLACE_MS), reason);
    if (what != PATIENCE_STOPS)
        atomic_store(&dog.late, true);
    if (what != PATIENCE_LATE)
        atomic_store(&dog.stopped_turn,
            what == PATIENCE_LAST ? UINT64_MAX : atomic_load(&dog.turns));
    nudge_send();
}

static void *look_on(void *unused)
{
    struct patience patience;
    enum exit_code reason = wait_for_reason();

    patience_begin(&patience, clock_running_ms(), atomic_load(&dog.turns),
        atomic_load(&dog.timeout_ms) + IN_FLIGHT_MORE_MS);
    for (;;) {
        poll(NULL, 0, PATIENCE_LOOK_MS);
        bool in_flight = atomic_load(&dog.in_flight);
        act(patience_look(&patience, clock_running_ms(),
                atomic_load(&dog.turns), in_flight),
            reason);
    }
    return unused;
}

/* Every signal is blocked in it: none is ever delivered there. */
static bool start_thread(void *(*look)(void *))
{
    sigset_t all, kept;
    pthread_attr_t attr;
    pthread_t thread;

    if (pthread_attr_init(&attr) != 0)
        return false;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &kept);
    bool ok =
        pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
        pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED) == 0 &&
        pthread_create(&thread, &attr, look, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &kept, NULL);
    pthread_attr_destroy(&attr);
    return ok;
}

/* A descriptor of its own: the loop's is closed before the process ends. */
static bool open_descriptors(void)
{
    sigset_t set;

    leave_signal_fill(&set);
    dog.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    dog.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return dog.signals >= 0 && dog.wake >= 0;
}

static bool open_for(void *(*look)(void *), struct error *err)
{
    if (!nudge_open() || !open_descriptors() || !start_thread(look))
        return error_set(
            err, ERROR_OTHER, "cannot look after the run: %s", strerror(errno));
    atomic_store(&dog.open, true);
    return true;
}

bool watchdog_open(struct error *err)
{
    return open_for(look_on, err);
}

bool watchdog_open_repl(struct error *err)
{
    return open_for(look_at_lines, err);
}

static void wake(void)
{
    if (atomic_load(&dog.open))
        eventfd_write(dog.wake, 1);
}

void watchdog_set_deadline(int64_t deadline_ms, int64_t timeout_ms)
{
    atomic_store(&dog.timeout_ms, timeout_ms);
    atomic_store(&dog.deadline_ms,
        deadline_ms > 0 ? clock_running_ms() + deadline_ms : 0);
    wake();
}

void watchdog_leave(enum exit_code code)
{
    note(code);
    wake();
}

void watchdog_turned(bool in_flight)
{
    atomic_store_explicit(&dog.in_flight, in_flight, memory_order_relaxed);
    atomic_fetch_add_explicit(&dog.turns, 1, memory_order_release);
}

void watchdog_expect(enum exit_code code)
{
    atomic_store(&dog.expected, (int)code);
}

bool watchdog_stops(void *unused)
{
    uint64_t turn =
        atomic_load_explicit(&dog.stopped_turn, memory_order_relaxed);

    (void)unused;
    return turn == UINT64_MAX ||
           turn == atomic_load_explicit(&dog.turns, memory_order_relaxed);
}

bool watchdog_is_late(void)
{
    return atomic_load(&dog.late);
}
