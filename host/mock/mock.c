#include "mock/mock.h"

#include "base/mem.h"
#include "mock/canned.h"
#include "mock/options.h"
#include "mock/server.h"
#include "mock/site.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct mock {
    struct site site;
    struct server server;
    int listener; // the server's
    bool stopped; // it could not be started again
};

/* What is accepted inherits TCP_NODELAY from the listener. */
static bool set_up(int fd, struct sockaddr_in *address)
{
    socklen_t len = sizeof *address;
    int on = 1;

    return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
           bind(fd, (struct sockaddr *)address, len) == 0 &&
           listen(fd, SOMAXCONN) == 0 &&
           getsockname(fd, (struct sockaddr *)address, &len) == 0;
}

/* A listening socket on the loopback, or -1; *port is what it got. */
static int listen_on(uint16_t *port, struct error *err)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(*port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd >= 0 && set_up(fd, &address)) {
        *port = ntohs(address.sin_port);
        return fd;
    }
    error_set(err, errno == EADDRINUSE ? ERROR_USAGE : ERROR_OTHER,
        "the mock cannot listen on 127.0.0.1:%u: %s%s", *port, strerror(errno),
        *port ? "; choose another port, or 0 for a free one" : "");
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The program's signals are not for the thread that begins here. Takes the
 * socket. */
static bool start_with(struct mock *mock, int listener, struct error *err)
{
    sigset_t all, before;
    bool ok;

    mock->listener = listener;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    ok = server_start(&mock->server, &mock->site, listener, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

static bool start(struct mock *mock, struct error *err)
{
    uint16_t port = mock->site.options.port;
    int listener = listen_on(&port, err);

    if (listener < 0)
        return false;
    snprintf(mock->site.url, sizeof mock->site.url, "http%s://127.0.0.1:%u",
        mock->site.options.cert ? "s" : "", port);
    return start_with(mock, listener, err);
}

/* The strings of the caller are not needed any more. */
static bool read_canned(struct site *site, struct error *err)
{
    struct mock_options *o = &site->options;

    if (!o->serve)
        return true;
    site->canned = o->replies ? canned_read(o->replies, o->replies_len,
                                    o->serve, o->strict, err)
                              : canned_load(o->serve, err);
    o->serve = o->replies = NULL;
    return site->canned != NULL;
}

static bool check_options(const struct mock_options *options, struct error *err)
{
    bool every = options->first_item == 0 && options->last_item == 0;

    if (every || options_items_fit(options))
        return options_fit_tls(options, err);
    return error_set(err, ERROR_USAGE,
        "the mock cannot have the items %lld to %lld: they begin at 1 and end "
        "no later than %lld",
        (long long)options->first_item, (long long)options->last_item,
        (long long)OPTIONS_ITEM_MAX);
}

/* The site by these options, and the files that they name. */
static bool open_site(
    struct site *site, const struct mock_options *options, struct error *err)
{
    if (!site_init(site, options))
        return error_memory(err);
    return read_canned(site, err) && tls_read(&site->tls, options, err);
}

struct mock *mock_start(const struct mock_options *options, struct error *err)
{
    struct mock *mock;

    if (!check_options(options, err))
        return NULL;
    mock = mem_calloc(1, sizeof *mock);
    if (!mock) {
        error_memory(err);
        return NULL;
    }
    if (open_site(&mock->site, options, err) && start(mock, err))
        return mock;
    site_fini(&mock->site);
    mem_free(mock);
    return NULL;
}

/* A second descriptor keeps the port while the server is away: nobody else
 * can have it meanwhile. */
bool mock_again(
    struct mock *mock, const struct mock_options *options, struct error *err)
{
    char url[sizeof mock->site.url];
    int listener;

    if (mock->stopped)
        return error_set(err, ERROR_OTHER, "the mock has ended");
    if (!check_options(options, err))
        return false;
    listener = fcntl(mock->listener, F_DUPFD_CLOEXEC, 0);
    if (listener < 0)
        return error_set(err, ERROR_OTHER, "the mock cannot keep its port: %s",
            strerror(errno));
    memcpy(url, mock->site.url, sizeof url);
    server_stop(&mock->server);
    site_fini(&mock->site);
    mock->stopped = !open_site(&mock->site, options, err);
    memcpy(mock->site.url, url, sizeof url);
    if (mock->stopped)
        close(listener);
    else
        mock->stopped = !start_with(mock, listener, err);
    return !mock->stopped;
}

const char *mock_url(const struct mock *mock)
{
    return mock->site.url;
}

void mock_stop(struct mock *mock)
{
    if (!mock)
        return;
    if (!mock->stopped)
        server_stop(&mock->server);
    site_fini(&mock->site);
    mem_free(mock);
}
