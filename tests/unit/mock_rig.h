/* mock_rig.h: for tests of the mock: a client that writes bytes to a socket
 * and reads what comes, with no library between. */
#ifndef TESTS_MOCK_RIG_H
#define TESTS_MOCK_RIG_H

#include "base/buf.h"
#include "mock/mock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { RIG_WAIT_MS = 10000 };

struct rig_reply {
    size_t bytes; // of the whole reply; 0: closed without one
    int status;
    char head[2000];
    char body[60000];
};

static inline int rig_connect(const struct mock *mock)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)atoi(strrchr(mock_url(mock), ':') + 1)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(
        connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static inline void rig_write(int fd, const char *bytes, size_t len)
{
    assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

static const char rig_json[] = "Authorization: Token mock\r\n"
                               "Content-Type: application/json\r\n";

/* `headers` end in \r\n each; `body` NULL: none. */
static inline void rig_send(int fd, const char *method, const char *path,
    const char *headers, const char *body)
{
    static char text[9000];
    int len = snprintf(text, sizeof text,
        "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s"
        "Content-Length: %zu\r\n\r\n%s",
        method, path, headers, body ? strlen(body) : 0, body ? body : "");

    assert_in_range(len, 1, sizeof text - 1);
    rig_write(fd, text, (size_t)len);
}

/* Is the reply there as a whole, head and the body that it announces? */
static inline bool rig_complete(const char *text, size_t len, bool head_only)
{
    const char *end = memmem(text, len, "\r\n\r\n", 4);
    const char *length = end ? strstr(text, "Content-Length: ") : NULL;

    return length && (head_only || (size_t)(text + len - (end + 4)) >=
                                       strtoul(length + 16, NULL, 10));
}

static inline void rig_split(const char *text, struct rig_reply *reply)
{
    const char *end = strstr(text, "\r\n\r\n");

    reply->status = atoi(text + strlen("HTTP/1.1 "));
    assert_non_null(end);
    assert_true((size_t)(end - text) + 2 < sizeof reply->head);
    assert_true(strlen(end + 4) < sizeof reply->body);
    memcpy(reply->head, text, (size_t)(end - text) + 2);
    strcpy(reply->body, end + 4);
}

/* One reply; the connection stays open. */
static inline void rig_read(int fd, struct rig_reply *reply, bool head_only)
{
    static char text[sizeof reply->body];
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    size_t len = 0;
    ssize_t got;

    memset(reply, 0, sizeof *reply);
    text[0] = '\0';
    while (!rig_complete(text, len, head_only)) {
        assert_int_equal(poll(&ready, 1, RIG_WAIT_MS), 1);
        got = recv(fd, text + len, sizeof text - 1 - len, 0);
        if (got <= 0)
            break;
        len += (size_t)got;
        text[len] = '\0';
    }
    reply->bytes = len;
    if (len > 0)
        rig_split(text, reply);
}

/* One exchange on a connection of its own. */
static inline struct rig_reply *rig_ask(const struct mock *mock,
    const char *method, const char *path, const char *headers, const char *body)
{
    static struct rig_reply reply;
    int fd = rig_connect(mock);

    rig_send(fd, method, path, headers, body);
    rig_read(fd, &reply, strcmp(method, "HEAD") == 0);
    close(fd);
    return &reply;
}

static inline struct rig_reply *rig_get(
    const struct mock *mock, const char *path)
{
    return rig_ask(mock, "GET", path, rig_json, NULL);
}

static inline struct rig_reply *rig_map(
    const struct mock *mock, long item, const char *body)
{
    char path[100];

    snprintf(
        path, sizeof path, "/api/i1/order_items/%ld/create_mapping/", item);
    return rig_ask(mock, "POST", path, rig_json, body);
}

static inline void rig_fault(struct mock_options *options, const char *text)
{
    struct error err = {0};

    if (!mock_read_fault(text, options, &err))
        fail_msg("%s", err.text);
}

static inline struct mock *rig_start(const struct mock_options *options)
{
    struct error err = {0};
    struct mock *mock = mock_start(options, &err);

    if (!mock)
        fail_msg("%s", err.text);
    return mock;
}

/* With these faults, or none. */
static inline struct mock *rig_start_with(const char *faults)
{
    struct mock_options options = {.seed = 1};

    if (faults)
        rig_fault(&options, faults);
    return rig_start(&options);
}

/* POST /__mock__/WHAT, which is answered with `status`. */
static inline void rig_control(
    const struct mock *mock, const char *what, const char *body, int status)
{
    char path[40];

    snprintf(path, sizeof path, "/__mock__/%s", what);
    struct rig_reply *reply = rig_ask(mock, "POST", path, rig_json, body);
    if (reply->status != status)
        fail_msg("%s %s: %d %s", what, body, reply->status, reply->body);
}

#endif
