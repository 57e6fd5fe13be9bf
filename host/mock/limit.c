#include "mock/limit.h"

#include "base/duration.h"
#include "base/mem.h"
#include "mock/option_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { US_PER_MS = 1000, US_PER_S = 1000000, BURSTS_PER_S = 10 };

static const struct {
    const char *name;
    bool told;
} kinds[LIMIT_KINDS] = {
    [LIMIT_BUCKET] = {"bucket", false},
    [LIMIT_DRF] = {"drf", true},
    [LIMIT_WINDOW] = {"window", false},
    [LIMIT_NGINX] = {"nginx", false},
};

/* One rule and what it has counted. */
struct counter {
    struct limit_rule rule;
    double burst;
    int64_t *log; // the times of those taken, a ring of `number`; owns
    int64_t first, len;
    int64_t begun_us; // of the window
    int64_t count;
    double used; // of the bucket; what is ahead of the rate
    int64_t at_us;
    bool met;
};

struct limit {
    enum limit_kind kind;
    struct counter counters[LIMIT_RULES_MAX];
    size_t count;
};

bool limit_kind_read(const char *name, struct limit_options *out)
{
    for (enum limit_kind kind = 0; kind < LIMIT_KINDS; kind++)
        if (strcmp(kinds[kind].name, name) == 0) {
            out->kind = kind;
            out->told = kinds[kind].told;
            return true;
        }
    return false;
}

const char *limit_kinds(void)
{
    return "bucket, drf, window, nginx";
}

/* "s", "min", "h", or with a number: "10s". */
static bool read_span(const char *text, int64_t *us)
{
    char span[24];
    int64_t ms;

    if (strcmp(text, "min") == 0)
        text = "m";
    bool numbered = *text >= '0' && *text <= '9';
    int len = snprintf(span, sizeof span, "%s%s", numbered ? "" : "1", text);
    if (len >= (int)sizeof span || !duration_read(span, &ms) || ms <= 0)
        return false;
    return !__builtin_mul_overflow(ms, US_PER_MS, us);
}

static bool read_rule(const char *text, size_t len, struct limit_rule *rule)
{
    char copy[64];
    const char *end;

    if (len >= sizeof copy)
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (!option_text_number(copy, &end, &rule->number) || rule->number < 1 ||
        rule->number > LIMIT_NUMBER_MAX)
        return false;
    rule->span_us = US_PER_S;
    return !*end || (*end == '/' && read_span(end + 1, &rule->span_us));
}

bool limit_read(const char *text, struct limit_options *out)
{
    out->count = 0;
    for (;;) {
        size_t len = strcspn(text, ",");
        if (out->count == LIMIT_RULES_MAX ||
            !read_rule(text, len, &out->rules[out->count]))
            return false;
        out->count++;
        if (!text[len])
            return true;
        text += len + 1;
    }
}

static double rate_of(const struct limit_rule *rule)
{
    return (double)rule->number / (double)rule->span_us;
}

static bool counter_init(struct counter *c, const struct limit_rule *rule,
    int64_t burst, const struct limit *limit)
{
    double tenth = rate_of(rule) * US_PER_S / BURSTS_PER_S;

    *c = (struct counter){.rule = *rule, .burst = (double)burst};
    if (burst == 0 && limit->kind == LIMIT_BUCKET)
        c->burst = fmax(tenth, 1);
    if (limit->kind != LIMIT_DRF)
        return true;
    c->log = mem_calloc((size_t)rule->number, sizeof *c->log);
    return c->log != NULL;
}

struct limit *limit_new(const struct limit_options *options)
{
    struct limit *limit = mem_calloc(1, sizeof *limit);
    bool ok = limit != NULL;

    if (ok)
        limit->kind = options->kind;
    for (size_t i = 0; ok && i < options->count; i++) {
        struct counter *c = &limit->counters[limit->count++];
        ok = counter_init(c, &options->rules[i], options->burst, limit);
    }
    if (ok)
        return limit;
    limit_free(limit);
    return NULL;
}

void limit_free(struct limit *limit)
{
    if (!limit)
        return;
    for (size_t i = 0; i < limit->count; i++)
        mem_free(limit->counters[i].log);
    mem_free(limit);
}

/* Each of the next four: how long until one is taken, 0: now. */
static int64_t log_wait(struct counter *c, int64_t now_us)
{
    while (c->len && c->log[c->first] <= now_us - c->rule.span_us) {
        c->first = (c->first + 1) % c->rule.number;
        c->len--;
    }
    return c->len < c->rule.number
               ? 0
               : c->log[c->first] + c->rule.span_us - now_us;
}

static int64_t window_wait(struct counter *c, int64_t now_us)
{
    int64_t begun_us = now_us - now_us % c->rule.span_us;

    if (begun_us != c->begun_us)
        c->count = 0;
    c->begun_us = begun_us;
    return c->count < c->rule.number ? 0 : begun_us + c->rule.span_us - now_us;
}

static int64_t wait_for(double excess, const struct counter *c)
{
    return excess > 1e-9 ? (int64_t)ceil(excess / rate_of(&c->rule)) : 0;
}

static int64_t bucket_wait(struct counter *c, int64_t now_us)
{
    double gone = (double)(now_us - c->at_us) * rate_of(&c->rule);

    c->used = fmax(0, c->used - gone);
    c->at_us = now_us;
    return wait_for(c->used + 1 - c->burst, c);
}

static double ahead(const struct counter *c, int64_t now_us)
{
    return c->used - (double)(now_us - c->at_us) * rate_of(&c->rule) + 1;
}

/* The very first has nothing ahead of it. */
static int64_t nginx_wait(const struct counter *c, int64_t now_us)
{
    return c->met ? wait_for(ahead(c, now_us) - c->burst, c) : 0;
}

static int64_t wait_of(
    const struct limit *limit, struct counter *c, int64_t now_us)
{
    switch (limit->kind) {
    case LIMIT_DRF:
        return log_wait(c, now_us);
    case LIMIT_WINDOW:
        return window_wait(c, now_us);
    case LIMIT_NGINX:
        return nginx_wait(c, now_us);
    case LIMIT_BUCKET:
    case LIMIT_KINDS:
        break;
    }
    return bucket_wait(c, now_us);
}

static void note(const struct limit *limit, struct counter *c, int64_t now_us)
{
    if (limit->kind == LIMIT_DRF)
        c->log[(c->first + c->len++) % c->rule.number] = now_us;
    else if (limit->kind == LIMIT_WINDOW)
        c->count++;
    else if (limit->kind == LIMIT_BUCKET)
        c->used++;
    else
        c->used = c->met ? fmax(0, ahead(c, now_us)) : 0;
    c->at_us = now_us;
    c->met = true;
}

bool limit_take(struct limit *limit, int64_t now_us, int64_t *wait_us)
{
    *wait_us = 0;
    for (size_t i = 0; i < limit->count; i++) {
        int64_t wait = wait_of(limit, &limit->counters[i], now_us);
        *wait_us = wait > *wait_us ? wait : *wait_us;
    }
    if (*wait_us > 0)
        return false;
    for (size_t i = 0; i < limit->count; i++)
        note(limit, &limit->counters[i], now_us);
    return true;
}

double limit_ahead(const struct limit *limit)
{
    return limit->kind == LIMIT_NGINX ? limit->counters[0].used : 0;
}
