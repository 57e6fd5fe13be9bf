/* test.h: one test of a *_test.lua file, while it runs.
 *
 * The file is run once for each of its tests, in a state, with a journal and
 * a mock of its own; `wanted` says which. What runs the mock and the canned
 * replies is above: cmd/ hands it down in struct test_calls. */
#ifndef MODULES_TEST_H
#define MODULES_TEST_H

#include "base/error.h"

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test_calls {
    void *arg;
    /* Another mock Omnitron in place of the one there is, at the same
     * address: its options as names and values, ended by NULL. */
    bool (*mock)(void *arg, const char *const *options, struct error *err);
    /* A server of canned replies, files in `folder`; its URL, or NULL. It
     * lives as long as the test. */
    const char *(*serve)(void *arg, const char *replies, size_t len,
        const char *folder, struct error *err);
};

struct test {
    const struct test_calls *calls; // borrowed
    const char *omnitron;           // URL of the mock; borrowed
    size_t wanted;                  // from 1
    int64_t begun_ms;               // by clock_running_ms
    int64_t started_ms;             // by the clock that the test sees
    size_t count;                   // of the file; 0: not known, or none
    char name[256];                 // of the test, "" until it is known
    bool ended;                     // its function has come to its end
};

/* The functions behind scripts/lib/test.lua; makes os.time and os.date tell
 * the test's time. Only where host->test is set. */
int luaopen_omnitron_test(lua_State *L);

#endif
