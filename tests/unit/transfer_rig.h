/* transfer_rig.h: one transfer and the hostile server that it talks to. */
#ifndef TESTS_TRANSFER_RIG_H
#define TESTS_TRANSFER_RIG_H

#include "net/net.h"
#include "net/transfer.h"

#include "hostile_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { BODY_MAX = 1000, TIMEOUT_MS = 5000 };

struct rig {
    struct net *net;
    struct transfer *transfer;
    struct hostile server;
    bool done;
};

static inline void on_done(struct transfer *t, void *arg)
{
    struct rig *rig = arg;

    assert_ptr_equal(t, rig->transfer);
    assert_false(rig->done);
    rig->done = true;
}

static inline struct transfer_request rig_request(const char *method)
{
    static const char *const headers[] = {
        "Authorization: Token t", "Content-Type: application/json", NULL};

    return (struct transfer_request){.method = method,
        .headers = headers,
        .writes = strcmp(method, "GET") != 0,
        .route.timeout_ms = TIMEOUT_MS,
        .route.connect_timeout_ms = TIMEOUT_MS,
        .body_max = BODY_MAX,
        .save_fd = -1};
}

static inline void prepare(struct rig *rig, const char *method)
{
    struct transfer_request request = rig_request(method);
    struct error err;

    if (!transfer_prepare(rig->transfer, &request, &err))
        fail_msg("%s", err.text);
}

static inline void rig_open(
    struct rig *rig, const struct hostile_row *rows, size_t row_count)
{
    struct error err;

    memset(rig, 0, sizeof *rig);
    assert_true(hostile_open(&rig->server, rows, row_count));
    rig->net = net_open(&err);
    assert_non_null(rig->net);
    rig->transfer = transfer_new(rig->net);
    assert_non_null(rig->transfer);
    prepare(rig, "POST");
}

static inline void rig_close(struct rig *rig)
{
    transfer_free(rig->transfer);
    net_close(rig->net);
    hostile_close(&rig->server);
    assert_int_equal(rig->server.wrong, 0);
}

/* One exchange, from its start to its end. */
static inline const struct transfer_reply *rig_fetch(
    struct rig *rig, const char *url, const char *text)
{
    struct error err;

    if (!transfer_aim(
            rig->transfer, url, text, text ? strlen(text) : 0, &err) ||
        !transfer_start(rig->transfer, on_done, rig, &err))
        fail_msg("%s", err.text);
    for (rig->done = false; !rig->done; net_turn(rig->net))
        net_poll(rig->net, 1000);
    assert_int_equal(net_open_transfers(rig->net), 0);
    return transfer_reply(rig->transfer);
}

static inline const struct transfer_reply *rig_exchange(
    struct rig *rig, const char *text)
{
    char url[80];

    snprintf(url, sizeof url, "http://127.0.0.1:%d/", rig->server.port);
    return rig_fetch(rig, url, text);
}

#endif
