#include "report/report_words.h"

#include "base/exit_code.h"
#include "delivery/stop_reason.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    SECOND = 1000,
    MINUTE = 60 * SECOND,
    HOUR = 60 * MINUTE,
    DAY = 24 * HOUR
};

char *words_count(int64_t n, char *out)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRId64, n);
    char *to = out;

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0 && digits[i - 1] != '-')
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return out;
}

char *words_many(int64_t n, const char *one, const char *many, char *out)
{
    char count[32];

    snprintf(
        out, WORDS_MAX, "%s %s", words_count(n, count), n == 1 ? one : many);
    return out;
}

/* Two units of a time, the smaller one left out when it is nothing. */
static void two(char *out, int64_t ms, int64_t large, const char *large_name,
    int64_t small, const char *small_name)
{
    int len =
        snprintf(out, WORDS_MAX, "%" PRId64 " %s", ms / large, large_name);

    if (ms % large / small > 0)
        snprintf(out + len, (size_t)(WORDS_MAX - len), " %" PRId64 " %s",
            ms % large / small, small_name);
}

char *words_span(int64_t ms, char *out)
{
    ms = ms < 0 ? 0 : ms; // a clock that was set back
    if (ms < SECOND)
        snprintf(out, WORDS_MAX, "%d ms", (int)ms);
    else if (ms < MINUTE)
        snprintf(out, WORDS_MAX, "%d.%d s", (int)(ms / SECOND),
            (int)(ms % SECOND / 100));
    else if (ms < HOUR)
        two(out, ms, MINUTE, "min", SECOND, "s");
    else if (ms < DAY)
        two(out, ms, HOUR, "h", MINUTE, "min");
    else
        two(out, ms, DAY, "d", HOUR, "h");
    return out;
}

char *words_moment(const struct calendar *c, int64_t at, char *out)
{
    return calendar_name(
        c->cell == CALENDAR_HOUR ? CALENDAR_HOUR : CALENDAR_WEEK, at, out);
}

char *words_stretch(const struct calendar *c, char *out)
{
    int64_t ms = c->to - c->from, hours = ms / HOUR;

    if (ms < HOUR)
        return words_many(ms / MINUTE, "minute", "minutes", out);
    if (hours < 24 && ms % HOUR / MINUTE)
        return words_span(ms, out);
    if (hours < 48)
        return words_many((ms + HOUR / 2) / HOUR, "hour", "hours", out);
    return words_many(
        (ms + 12 * (int64_t)HOUR) / (24 * (int64_t)HOUR), "day", "days", out);
}

char *words_idle(const struct tally_runs *runs, char *out)
{
    char count[32];

    if (runs->idle == 0)
        out[0] = '\0';
    else if (runs->idle == runs->count)
        snprintf(out, WORDS_MAX, "nothing to send in %s",
            runs->count == 1 ? "it" : "any of them");
    else
        snprintf(out, WORDS_MAX, "nothing to send in %s of them",
            words_count(runs->idle, count));
    return out;
}

char *words_exit(int code, char *out)
{
    if (code == TALLY_KILLED)
        snprintf(out, WORDS_MAX, "killed");
    else
        snprintf(out, WORDS_MAX, "%d", code);
    return out;
}

static const struct meaning {
    int code;
    enum words_weight weight;
    const char *words;
} meanings[] = {
    {EXIT_DONE, WEIGHT_FINE, "done, or nothing to do"},
    {EXIT_SCRIPT, WEIGHT_ALARM, "the script did not end well"},
    {EXIT_SETUP, WEIGHT_ALARM, "the set-up is not right"},
    {EXIT_ROWS, WEIGHT_ROWS, "some rows need a person"},
    {EXIT_UNKNOWN, WEIGHT_UNKNOWN, "some releases are unknown"},
    {EXIT_PENDING, WEIGHT_LATER, "some releases are pending"},
    {EXIT_STOPPED, WEIGHT_ALARM, "sending was stopped"},
    {EXIT_DISK, WEIGHT_ALARM, "the journal or the disk failed"},
    {EXIT_HELD, WEIGHT_FINE, "another run held the journal"},
    {EXIT_FAULT, WEIGHT_ALARM, "a fault of the program"},
    {EXIT_SIGINT, WEIGHT_FINE, "ended by a signal, in order"},
    {EXIT_SIGTERM, WEIGHT_FINE, "ended by a signal, in order"},
    {TALLY_KILLED, WEIGHT_ALARM, "killed, or the power went"},
    {TALLY_NO_RUN, WEIGHT_FINE, "no run"},
};

static const struct meaning other = {0, WEIGHT_ALARM, "not known"};

static const struct meaning *meaning_of(int code)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].code == code)
            return &meanings[i];
    return &other;
}

const char *words_exit_meaning(int code)
{
    return meaning_of(code)->words;
}

enum words_weight words_exit_weight(int code)
{
    return meaning_of(code)->weight;
}

const char *words_exit_class(enum words_weight weight)
{
    static const char *const classes[WEIGHTS] = {[WEIGHT_FINE] = "busy",
        [WEIGHT_LATER] = "pending",
        [WEIGHT_ROWS] = "rejected",
        [WEIGHT_UNKNOWN] = "unknown",
        [WEIGHT_ALARM] = "alarm"};

    return classes[weight];
}

char *words_stop(const char *host, const char *why, char *out)
{
    for (enum stop_reason stop = STOP_TOKEN; stop < STOP_LEAVE; stop++)
        if (strcmp(stop_reason_name(stop), why) == 0) {
            const struct stop_note note = {.why = stop};

            stop_reason_say(&note, host, out, WORDS_MAX);
            return out;
        }
    snprintf(out, WORDS_MAX, "stopped: %.100s", why);
    return out;
}

char *words_try(const struct tally_group *group, char *out)
{
    char count[32];
    bool has_status = group->kind[0] != '\0';

    snprintf(out, WORDS_MAX, "%s %.60s%s%.20s%s",
        words_count(group->count, count), group->words, has_status ? " (" : "",
        group->kind, has_status ? ")" : "");
    return out;
}
