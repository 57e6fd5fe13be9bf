#include "delivery/outcome.h"

#include <stddef.h>

static const char *const names[] = {
    [OUTCOME_NOT_SENT] = "not sent",
    [OUTCOME_APPLIED] = "applied",
    [OUTCOME_REFUSED] = "refused",
    [OUTCOME_NO_LOGIN] = "no log-in",
    [OUTCOME_THROTTLED] = "throttled",
    [OUTCOME_NOT_DONE] = "not done",
    [OUTCOME_UNKNOWN] = "unknown",
};

const char *outcome_name(enum outcome outcome)
{
    return names[outcome];
}

static bool not_sent(const struct outcome_seen *seen)
{
    return !seen->sent;
}

static bool broke(const struct outcome_seen *seen)
{
    return seen->curl != 0;
}

static bool cut(const struct outcome_seen *seen)
{
    return !seen->complete;
}

static bool applied(const struct outcome_seen *seen)
{
    return seen->status >= 200 && seen->status <= 299 && seen->echoed;
}

bool outcome_refuses(int status)
{
    static const int list[] = {
        400, 403, 404, 405, 406, 410, 413, 414, 415, 422};

    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (list[i] == status)
            return true;
    return false;
}

static bool refused(const struct outcome_seen *seen)
{
    return outcome_refuses(seen->status);
}

static bool no_login(const struct outcome_seen *seen)
{
    return seen->status == 401 || seen->status == 407;
}

static bool throttled(const struct outcome_seen *seen)
{
    return seen->status == 429;
}

static bool not_done(const struct outcome_seen *seen)
{
    return seen->not_done && seen->status > 0 && seen->status < 600 &&
           seen->not_done[seen->status];
}

static bool success(const struct outcome_seen *seen)
{
    return seen->status >= 200 && seen->status <= 299;
}

static bool redirect(const struct outcome_seen *seen)
{
    return seen->status >= 300 && seen->status <= 399;
}

static bool otherwise(const struct outcome_seen *seen)
{
    (void)seen;
    return true;
}

/* In this order: a status says nothing before the reply is known to be
 * whole, and libcurl's error codes occur on both sides of "sent". */
static const struct {
    bool (*fits)(const struct outcome_seen *seen);
    enum outcome outcome;
    const char *why;
} rows[] = {
    {not_sent, OUTCOME_NOT_SENT, "the request did not leave"},
    {broke, OUTCOME_UNKNOWN, "it was sent and no whole answer came"},
    {cut, OUTCOME_UNKNOWN, "the answer was cut short"},
    {applied, OUTCOME_APPLIED, "the answer echoes the item and the code"},
    {refused, OUTCOME_REFUSED, "a definite refusal"},
    {no_login, OUTCOME_NO_LOGIN, "the log-in was refused"},
    {throttled, OUTCOME_THROTTLED, "too many requests"},
    {not_done, OUTCOME_NOT_DONE, "the profile says: not done"},
    {success, OUTCOME_UNKNOWN, "the answer does not echo what was sent"},
    {redirect, OUTCOME_UNKNOWN, "a redirect, which is never followed"},
    {otherwise, OUTCOME_UNKNOWN, "a status that says neither yes nor no"},
};

static const struct {
    enum journal_state state;
    bool may_retry;
} results[OUTCOMES] = {
    [OUTCOME_NOT_SENT] = {JOURNAL_PENDING, true},
    [OUTCOME_APPLIED] = {JOURNAL_CONFIRMED, false},
    [OUTCOME_REFUSED] = {JOURNAL_REJECTED, false},
    [OUTCOME_NO_LOGIN] = {JOURNAL_PENDING, true},
    [OUTCOME_THROTTLED] = {JOURNAL_PENDING, true},
    [OUTCOME_NOT_DONE] = {JOURNAL_PENDING, true},
    [OUTCOME_UNKNOWN] = {JOURNAL_UNKNOWN, false},
};

enum outcome outcome_judge(const struct outcome_seen *seen, const char **why)
{
    size_t i = 0;

    while (!rows[i].fits(seen))
        i++;
    *why = rows[i].why;
    return rows[i].outcome;
}

enum journal_state outcome_state(enum outcome outcome,
    const struct outcome_before *before, bool *update_stock)
{
    bool applied = outcome == OUTCOME_APPLIED;
    bool half_done = outcome == OUTCOME_REFUSED && before->applied_stock >= 0;

    *update_stock = before->update_stock;
    if (before->doubted && !applied)
        return JOURNAL_UNKNOWN;
    if (!half_done)
        return results[outcome].state;
    *update_stock = before->applied_stock; // what was confirmed still stands
    return JOURNAL_CONFIRMED;
}

bool outcome_may_retry(enum outcome outcome)
{
    return results[outcome].may_retry;
}
