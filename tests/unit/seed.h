/* seed.h: where what a test draws at random begins: with SEED of the
 * environment, else where the test usually does. It is printed, so that who
 * saw a test fail can have the same again. */
#ifndef TESTS_SEED_H
#define TESTS_SEED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Whether one is asked for. */
static inline bool seed_is_given(void)
{
    return getenv("SEED") != NULL;
}

static inline uint64_t seed_take(uint64_t usual)
{
    const char *given = getenv("SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : usual;

    printf("# SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

#endif
