#include "mock/server.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 4096, NS_PER_S = 1000000000, NS_PER_MS = 1000000 };

/* Of two waits the shorter, the second in another unit; -1: no end. */
static int64_t sooner(int64_t ns, int64_t other, int64_t unit)
{
    if (other < 0)
        return ns;
    other *= unit;
    return ns >= 0 && ns < other ? ns : other;
}

/* The longest that the next turn may wait; -1: until something comes. */
static int64_t timeout_ns(struct server *server)
{
    int64_t ns = sooner(pause_remaining_ns(&server->pause),
        breaker_remaining_ms(&server->breaker), NS_PER_MS);
    MHD_UNSIGNED_LONG_LONG ms;

    if (MHD_get_timeout(server->daemon, &ms) != MHD_YES)
        return ns;
    if (ms > 1000)
        ms = 1000; // coming early does no harm
    return sooner(ns, (int64_t)ms, NS_PER_MS);
}

/* False: it is time to stop. */
static bool wait_for_work(struct server *server, int epoll)
{
    struct pollfd fds[] = {
        {.fd = epoll, .events = POLLIN},
        {.fd = server->wake, .events = POLLIN},
        {.fd = server->breaker.epoll, .events = POLLIN},
    };
    int64_t ns = timeout_ns(server);
    struct timespec timeout = {
        .tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S)};

    ppoll(fds, 3, ns < 0 ? NULL : &timeout, NULL);
    return !fds[1].revents;
}

/* The loop is ours because libmicrohttpd 0.9.75's own, when exactly 128
 * events come at once, waits for more before it looks at them: 128 clients
 * that wait for their replies would wait for ever. MHD_run never blocks. */
static void *run(void *arg)
{
    struct server *server = arg;
    int epoll =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;

    while (wait_for_work(server, epoll)) {
        pause_resume_due(&server->pause);
        breaker_turn(&server->breaker);
        MHD_run(server->daemon);
    }
    breaker_stop(&server->breaker); // the daemon must find none suspended
    pause_close(&server->pause);
    MHD_run(server->daemon);
    return NULL;
}

static bool fail(struct error *err, int number)
{
    return error_set(err, ERROR_OTHER, "the mock cannot start its server: %s",
        number ? strerror(number) : "libmicrohttpd does not say why");
}

static bool open_breaker(struct server *server, struct error *err)
{
    return breaker_open(&server->breaker) || fail(err, errno);
}

/* Without MHD_USE_ERROR_LOG it prints nothing. */
static bool start_daemon(struct server *server, int listener, struct error *err)
{
    const struct tls *tls = &server->serve.site->tls;
    struct MHD_OptionItem pem[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, tls->cert.data},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, tls->key.data},
        {MHD_OPTION_END, 0, NULL},
    };
    bool secure = tls->cert.len > 0;

    errno = 0;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (secure ? MHD_USE_TLS : 0),
        0, NULL, NULL, serve_request, &server->serve, MHD_OPTION_LISTEN_SOCKET,
        listener, MHD_OPTION_NOTIFY_COMPLETED, serve_forget, NULL,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_ARRAY, secure ? pem : pem + 2, MHD_OPTION_END);
    if (!server->daemon && secure)
        return error_set(err, ERROR_USAGE,
            "the mock cannot start https: is --cert a certificate in PEM and "
            "--key its key, without a password?");
    return server->daemon || fail(err, errno);
}

static bool start_thread(struct server *server, struct error *err)
{
    int failed;

    server->wake = eventfd(0, EFD_CLOEXEC);
    if (server->wake < 0)
        return fail(err, errno);
    failed = pthread_create(&server->thread, NULL, run, server);
    if (failed == 0)
        return true;
    close(server->wake);
    return fail(err, failed);
}

bool server_start(
    struct server *server, struct site *site, int listener, struct error *err)
{
    *server = (struct server){.wake = -1};
    server->serve = (struct serve){site, &server->pause, &server->breaker};
    if (!open_breaker(server, err) || !start_daemon(server, listener, err)) {
        breaker_close(&server->breaker);
        close(listener);
        return false;
    }
    if (start_thread(server, err))
        return true;
    MHD_stop_daemon(server->daemon);
    breaker_close(&server->breaker);
    return false;
}

void server_stop(struct server *server)
{
    eventfd_write(server->wake, 1);
    pthread_join(server->thread, NULL);
    MHD_stop_daemon(server->daemon);
    breaker_close(&server->breaker);
    close(server->wake);
}

const char *mock_version(void)
{
    return MHD_get_version();
}
