#include "call/breaker.h"

#include "base/clock.h"

#include <errno.h>
#include <linux/sockios.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_MAX = 64, SHARE = 65536, DRAIN_MS = 1 };

static const uint32_t gone = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

static int fd_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(
        connection, MHD_CONNECTION_INFO_CONNECTION_FD)
        ->connect_fd;
}

bool breaker_open(struct breaker *breaker)
{
    *breaker = (struct breaker){.epoll = epoll_create1(EPOLL_CLOEXEC)};
    return breaker->epoll >= 0;
}

/* Asks for `events`, and always for the client's going. */
static bool watch(
    struct breaker *breaker, struct breaker_slot *slot, int op, uint32_t events)
{
    struct epoll_event event = {
        .events = events | EPOLLRDHUP, .data.ptr = slot};

    if (op == EPOLL_CTL_MOD && slot->events == events)
        return true;
    slot->events = events;
    return epoll_ctl(breaker->epoll, op, slot->fd, &event) == 0;
}

bool breaker_add(struct breaker *breaker, struct breaker_slot *slot,
    struct MHD_Connection *connection)
{
    slot->connection = connection;
    slot->fd = fd_of(connection);
    if (breaker->closed || !watch(breaker, slot, EPOLL_CTL_ADD, EPOLLOUT))
        return false;
    MHD_suspend_connection(connection);
    slot->next = breaker->first;
    if (slot->next)
        slot->next->previous = slot;
    breaker->first = slot;
    return true;
}

static void finish(struct breaker *breaker, struct breaker_slot *slot)
{
    epoll_ctl(breaker->epoll, EPOLL_CTL_DEL, slot->fd, NULL);
    if (slot->next)
        slot->next->previous = slot->previous;
    *(slot->previous ? &slot->previous->next : &breaker->first) = slot->next;
    MHD_resume_connection(slot->connection);
}

/* Is there nothing on the way to the client any more? */
static bool is_drained(const struct breaker_slot *slot)
{
    int queued = 0;

    return ioctl(slot->fd, SIOCOUTQ, &queued) != 0 || queued == 0;
}

static void wait_ms(
    struct breaker *breaker, struct breaker_slot *slot, unsigned ms)
{
    slot->due_ms = clock_running_ms() + ms;
    watch(breaker, slot, EPOLL_CTL_MOD, 0);
}

static void wind_up(struct breaker *breaker, struct breaker_slot *slot)
{
    slot->due_ms = 0;
    if (slot->hold)
        watch(breaker, slot, EPOLL_CTL_MOD, 0);
    else if (slot->reset && !is_drained(slot))
        wait_ms(breaker, slot, DRAIN_MS);
    else
        finish(breaker, slot);
}

/* A piece, or one byte of a slow reply; -1: the client is gone. */
static ssize_t put(struct breaker_slot *slot)
{
    size_t len = slot->bytes.len - slot->at;
    ssize_t put;

    if (len > 1 && slot->delay_ms > 0)
        len = 1;
    put = send(slot->fd, slot->bytes.data + slot->at, len,
        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put > 0)
        slot->at += (size_t)put;
    return put < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : put;
}

/* At most a share, so that the others have their turn. */
static void proceed(struct breaker *breaker, struct breaker_slot *slot)
{
    ssize_t done = 1;

    slot->due_ms = 0;
    for (size_t sum = 0; done > 0 && sum < SHARE; sum += (size_t)done) {
        if (slot->at == slot->bytes.len && slot->endless)
            slot->at = slot->again;
        if (slot->at == slot->bytes.len) {
            wind_up(breaker, slot);
            return;
        }
        done = put(slot);
        if (done > 0 && slot->delay_ms > 0) {
            wait_ms(breaker, slot, slot->delay_ms);
            return;
        }
    }
    if (done < 0)
        finish(breaker, slot);
    else
        watch(breaker, slot, EPOLL_CTL_MOD, EPOLLOUT);
}

int64_t breaker_remaining_ms(const struct breaker *breaker)
{
    int64_t first = INT64_MAX, now;

    for (const struct breaker_slot *s = breaker->first; s; s = s->next)
        if (s->due_ms && s->due_ms < first)
            first = s->due_ms;
    if (first == INT64_MAX)
        return -1;
    now = clock_running_ms();
    return first > now ? first - now : 0;
}

void breaker_turn(struct breaker *breaker)
{
    struct epoll_event events[EVENTS_MAX];
    struct breaker_slot *next;
    int64_t now;
    int count;

    if (!breaker->first)
        return;
    count = epoll_wait(breaker->epoll, events, EVENTS_MAX, 0);
    for (int i = 0; i < count; i++)
        if (events[i].events & gone)
            finish(breaker, events[i].data.ptr);
        else
            proceed(breaker, events[i].data.ptr);
    now = clock_running_ms();
    for (struct breaker_slot *slot = breaker->first; slot; slot = next) {
        next = slot->next;
        if (slot->due_ms && slot->due_ms <= now)
            proceed(breaker, slot);
    }
}

void breaker_stop(struct breaker *breaker)
{
    breaker->closed = true;
    while (breaker->first)
        finish(breaker, breaker->first);
}

void breaker_close(struct breaker *breaker)
{
    if (breaker->epoll >= 0)
        close(breaker->epoll);
    breaker->epoll = -1;
}

/* tcp(7) of Linux: connecting to AF_UNSPEC ends the association, and a
 * connection that was established is ended by a reset. SO_LINGER would not
 * do: libmicrohttpd shuts down before it closes, and the client would see
 * that first. */
void breaker_reset(struct MHD_Connection *connection)
{
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};

    (void)connect(fd_of(connection), &nobody, sizeof nobody);
}

void breaker_push(struct MHD_Connection *connection, const char *text)
{
    (void)!send(
        fd_of(connection), text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
}
