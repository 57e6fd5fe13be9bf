#include "base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

/* 0, or what a frozen clock shows; read by other threads as well. */
static _Atomic int64_t frozen_us, frozen_wall_ms;

static int64_t now_ms(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t running_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_monotonic_ms(void)
{
    return clock_monotonic_us() / 1000;
}

int64_t clock_monotonic_us(void)
{
    int64_t us = frozen_us;

    return us ? us : running_us();
}

int64_t clock_running_ms(void)
{
    return running_us() / 1000;
}

int64_t clock_wall_ms(void)
{
    int64_t ms = frozen_wall_ms;

    return ms ? ms : now_ms(CLOCK_REALTIME);
}

int64_t clock_real_ms(void)
{
    return now_ms(CLOCK_REALTIME);
}

void clock_freeze(void)
{
    frozen_us = running_us();
    frozen_wall_ms = now_ms(CLOCK_REALTIME);
}

void clock_skip(int64_t ms)
{
    frozen_us += ms * 1000;
    frozen_wall_ms += ms;
}

int64_t clock_thread_cpu_ms(void)
{
    return now_ms(CLOCK_THREAD_CPUTIME_ID);
}

/* Seconds since 1970 and the rest; the rest is never negative. */
static time_t split(int64_t wall_ms, int *rest_ms)
{
    int64_t seconds = wall_ms / 1000;
    int rest = (int)(wall_ms % 1000);

    if (rest < 0) {
        rest += 1000;
        seconds--;
    }
    *rest_ms = rest;
    return (time_t)seconds;
}

char *clock_rfc3339(int64_t wall_ms, char *out)
{
    int rest;
    time_t seconds = split(wall_ms, &rest);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    size_t len = strftime(out, CLOCK_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out + len, CLOCK_TEXT_MAX - len, ".%03dZ", rest);
    return out;
}

char *clock_local(int64_t wall_ms, char *out)
{
    int rest;
    time_t seconds = split(wall_ms, &rest);
    struct tm tm;

    localtime_r(&seconds, &tm);
    strftime(out, CLOCK_TEXT_MAX, "%Y-%m-%d %H:%M:%S %z", &tm);
    return out;
}
