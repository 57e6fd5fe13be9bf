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

const char *words_exit_meaning(int code)
{
    const struct exit_row *row = exit_row_of(code);

    if (code == TALLY_KILLED)
        return "killed, or the power went";
    if (code == TALLY_NO_RUN)
        return "no run";
    return row ? row->brief : "not known";
}

enum exit_weight words_exit_weight(int code)
{
    const struct exit_row *row = exit_row_of(code);

    if (code == TALLY_NO_RUN)
        return EXIT_WEIGHT_FINE;
    return row && row->code != EXIT_PLANNED ? row->weight : EXIT_WEIGHT_ALARM;
}

const char *words_exit_class(enum exit_weight weight)
{
    static const char *const classes[] = {[EXIT_WEIGHT_FINE] = "busy",
        [EXIT_WEIGHT_LATER] = "pending",
        [EXIT_WEIGHT_ROWS] = "rejected",
        [EXIT_WEIGHT_UNKNOWN] = "unknown",
        [EXIT_WEIGHT_ALARM] = "alarm"};

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
