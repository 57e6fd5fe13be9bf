/* Each allocation of the mock fails once, from start to stop: it does not
 * start and says so, or answers 500, or closes the connection; it goes on
 * with the next request; no block stays behind, and what was answered 201 is
 * in the ledger.
 *
 * Links its own six of base/mem.h in place of mem.c. */
#include "../unit/mock_rig.h"

#include "mem_faults.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static const struct {
    const char *method, *path, *body;
    int status;
} requests[] = {
    {"POST", "/api/i1/order_items/7/create_mapping/",
        "{\"code\":\"x\",\"update_stock\":\"yes\"}", 201},
    {"POST", "/api/i1/order_items/7/create_mapping/", "{\"code\":12.5}", 400},
    {"POST", "/api/i1/order_items/8/create_mapping/", "[", 400},
    {"POST", "/api/i1/auth/login/",
        "{\"username\":\"mock\",\"password\":\"mock\"}", 200},
    {"PATCH", "/api/v1/orders/18705/", "{\"is_send\":true}", 200},
    {"GET", "/api/v1/orders/?is_send=False&limit=100&page=1", NULL, 200},
    {"GET", "/api/v1/orders?limit=1", NULL, 301},
    {"GET", "/api/v1/order_items/?order=18706", NULL, 200},
    {"GET", "/api/i1/orders_integration/18706/detailed_integration/", NULL,
        200},
    {"GET", "/api/i1/content_types/", NULL, 200},
    {"PUT", "/api/i1/content_types/", NULL, 405},
    {"GET", "/nothing", NULL, 404},
    {"GET", "/erp/lines?page=2", NULL, 404},
    {"POST", "/erp/lines", "{\"id\":1}", 200},
    {"GET", "/__mock__/received", NULL, 200},
    {"GET", "/__mock__/ledger", NULL, 200},
    {"GET", "/__mock__/requests", NULL, 200},
    {"POST", "/__mock__/fault", "{\"fault\":\"status:410@9\"}", 200},
    {"POST", "/__mock__/outage", "{\"kind\":null}", 200},
};

static const char replies[] =
    "{\"GET /erp/lines?page=2\": { \"status\": 404, \"body\": \"none\","
    " \"headers\": { \"X-Pages\": \"1\" } },"
    " \"POST /erp/lines\": [{ \"json\": [1] }, { \"when\": \"none\", \"file\": "
    "\"none\" }],"
    " \"GET /erp/lines\": { \"json\": {}, \"delay\": 0.001 } }";

enum { REQUESTS = sizeof requests / sizeof requests[0] };

/* What may come instead of the answer when memory failed. */
static bool is_failure(const struct rig_reply *reply)
{
    return reply->bytes == 0 || reply->status == 500;
}

static void check_ledger(const struct mock *mock, bool mapped)
{
    const struct rig_reply *reply = rig_get(mock, "/__mock__/ledger");

    if (mapped)
        assert_non_null(strstr(reply->body,
            "{\"order_item_id\":7,\"received\":[{\"code\":\"x\","
            "\"update_stock\":true,\"applied\":true,\"status\":201}"));
    else if (reply->status == 200 && strstr(reply->body, "\"status\":201"))
        assert_non_null(strstr(reply->body, "\"code\":\"12.5\""));
}

/* How many of the requests failed; the failing one may have changed what the
 * next is answered, when it was the first mapping. */
static int ask_all(const struct mock *mock)
{
    bool mapped = false;
    int failures = 0;

    for (int i = 0; i < REQUESTS; i++) {
        const struct rig_reply *reply = rig_ask(mock, requests[i].method,
            requests[i].path, rig_json, requests[i].body);
        if (is_failure(reply)) {
            failures++;
            continue;
        }
        if (i == 0)
            mapped = reply->status == 201;
        if (i != 1 || mapped)
            assert_int_equal(reply->status, requests[i].status);
    }
    atomic_store(&fail_at, 0);
    check_ledger(mock, mapped);
    return failures;
}

/* With the one file that the replies name, which is empty. */
static char folder[] = "/tmp/mock_test.XXXXXX";

static int make_folder(void **state)
{
    char path[sizeof folder + 8];

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/none", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    return fd < 0 ? -1 : close(fd);
}

static int remove_folder(void **state)
{
    char path[sizeof folder + 8];

    (void)state;
    snprintf(path, sizeof path, "%s/none", folder);
    return unlink(path) || rmdir(folder);
}

/* Returns false when nothing failed: every allocation has had its turn. */
static bool run_scenario(long at, unsigned latency_ms)
{
    struct mock_options options = {.latency_ms = latency_ms,
        .serve = folder,
        .replies = replies,
        .replies_len = sizeof replies - 1};
    struct error err = {0};
    struct mock *mock;
    int failures = 1;

    atomic_store(&calls, 0);
    fail_count = 1;
    atomic_store(&fail_at, at);
    mock = mock_start(&options, &err);
    if (mock)
        failures = ask_all(mock);
    else
        assert_int_equal(err.kind, ERROR_MEMORY);
    mock_stop(mock);
    assert_int_equal(living, 0);
    assert_true(failures <= 1);
    return atomic_load(&calls) >= at;
}

static void test_each_allocation_fails_once(void **state)
{
    long at = 1;

    (void)state;
    while (run_scenario(at, 0))
        at++;
    assert_true(at > 50);
}

static void test_each_fails_while_replies_wait(void **state)
{
    (void)state;
    for (long at = 1; at < 40; at++)
        run_scenario(at, 1);
}

/* One release that a fault befalls; how it is answered is another test's. */
static bool run_fault(const char *fault, long at)
{
    struct mock_options options = {0};
    struct error err = {0};
    struct mock *mock;

    rig_fault(&options, fault);
    atomic_store(&calls, 0);
    fail_count = 1;
    atomic_store(&fail_at, at);
    mock = mock_start(&options, &err);
    if (mock)
        rig_map(mock, 7, "{\"code\":\"x\"}");
    atomic_store(&fail_at, 0);
    if (mock)
        assert_int_equal(rig_get(mock, "/__mock__/ledger")->status, 200);
    mock_stop(mock);
    assert_int_equal(living, 0);
    return atomic_load(&calls) >= at;
}

static void test_each_fails_under_a_fault(void **state)
{
    static const char *const faults[] = {"cut:120=1", "cut-reset:120=1",
        "drip:1=1", "unframed=1", "lengths=1", "other-id=1", "other-code=1",
        "redirect=1", "retry-date:1=1", "push=1", "close-before=1"};

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        for (long at = 1; at < 60 && run_fault(faults[i], at);)
            at++;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_allocation_fails_once),
        cmocka_unit_test(test_each_fails_while_replies_wait),
        cmocka_unit_test(test_each_fails_under_a_fault),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
