/* test_servers.h: what a test talks to: a mock Omnitron, and the servers of
 * its canned replies. */
#ifndef CMD_TEST_SERVERS_H
#define CMD_TEST_SERVERS_H

#include "mock/mock.h"
#include "modules/test.h"

enum { TEST_SERVERS_MAX = 16 };

struct test_servers { // owns its mocks
    struct mock *omnitron;
    struct mock *canned[TEST_SERVERS_MAX];
    size_t count;
    struct test_calls calls;
};

/* Starts the Omnitron and fills in the test's calls, which borrow *servers:
 * it must not move. False: there is nothing to close. */
bool test_servers_open(
    struct test_servers *servers, struct test *test, struct error *err);

/* URL of the Omnitron, borrowed. */
const char *test_servers_omnitron(const struct test_servers *servers);

void test_servers_close(struct test_servers *servers);

#endif
