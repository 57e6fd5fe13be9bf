/* test_watch.h: what a test leaves behind, or waits for in vain. */
#ifndef SESSION_TEST_WATCH_H
#define SESSION_TEST_WATCH_H

#include "modules/test.h"
#include "task/loop.h"

/* To be asked after each turn. False, with the reason: the test has failed
 * and goes on no more. */
bool test_watch(
    const struct test *test, const struct loop *loop, struct error *err);

#endif
