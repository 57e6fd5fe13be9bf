#include "cmd/test_servers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool read_number(const char *name, const char *text, uint64_t most,
    uint64_t *out, struct error *err)
{
    char *end;

    errno = 0;
    *out = strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && !*end && errno == 0 && *out <= most)
        return true;
    return error_set(err, ERROR_USAGE,
        "%s must be a whole number of at most %llu, not %.100s", name,
        (unsigned long long)most, text);
}

static bool read_latency(
    const char *text, struct mock_options *options, struct error *err)
{
    uint64_t ms;

    if (!read_number("latency", text, 60000, &ms, err))
        return false;
    options->latency_ms = (unsigned)ms;
    return true;
}

static bool read_seed(
    const char *text, struct mock_options *options, struct error *err)
{
    return read_number("seed", text, UINT64_MAX, &options->seed, err);
}

static bool read_token_uses(
    const char *text, struct mock_options *options, struct error *err)
{
    uint64_t uses;

    if (!read_number("token_uses", text, 1000000000, &uses, err))
        return false;
    options->token_uses = (unsigned)uses;
    return true;
}

static const struct {
    const char *name;
    bool (*read)(
        const char *text, struct mock_options *options, struct error *err);
} rows[] = {
    {"fault", mock_read_fault},
    {"items", mock_read_items},
    {"latency", read_latency},
    {"outage", mock_read_outage},
    {"repeat", mock_read_repeat},
    {"seed", read_seed},
    {"token_uses", read_token_uses},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static bool read_option(const char *name, const char *value,
    struct mock_options *options, struct error *err)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].read(value, options, err);
    return error_set(err, ERROR_USAGE,
        "unknown option \"%.100s\" (there are: fault, items, latency, outage, "
        "repeat, seed, token_uses)",
        name);
}

/* At the address of the one there was: delivery knows it by that. */
static bool call_mock(void *arg, const char *const *options, struct error *err)
{
    struct test_servers *servers = arg;
    struct mock_options read = {.seed = 1};

    for (; *options; options += 2)
        if (!read_option(options[0], options[1], &read, err))
            return false;
    return mock_again(servers->omnitron, &read, err);
}

static const char *call_serve(void *arg, const char *replies, size_t len,
    const char *folder, struct error *err)
{
    struct test_servers *servers = arg;
    struct mock_options options = {.serve = folder,
        .replies = replies,
        .replies_len = len,
        .strict = true};

    if (servers->count == TEST_SERVERS_MAX) {
        error_set(err, ERROR_USAGE, "a test has %d servers at most",
            TEST_SERVERS_MAX);
        return NULL;
    }
    struct mock *mock = mock_start(&options, err);
    if (!mock)
        return NULL;
    servers->canned[servers->count++] = mock;
    return mock_url(mock);
}

bool test_servers_open(
    struct test_servers *servers, struct test *test, struct error *err)
{
    struct mock_options options = {.seed = 1};

    *servers = (struct test_servers){.calls = {servers, call_mock, call_serve}};
    servers->omnitron = mock_start(&options, err);
    if (!servers->omnitron)
        return false;
    test->calls = &servers->calls;
    test->omnitron = mock_url(servers->omnitron);
    return true;
}

const char *test_servers_omnitron(const struct test_servers *servers)
{
    return mock_url(servers->omnitron);
}

void test_servers_close(struct test_servers *servers)
{
    mock_stop(servers->omnitron);
    for (size_t i = 0; i < servers->count; i++)
        mock_stop(servers->canned[i]);
}
