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

static bool is_one_of(int status, const int *list, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (list[i] == status)
            return true;
    return false;
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

static bool refused(const struct outcome_seen *seen)
{
    static const int list[] = {
        400, 403, 404, 405, 406, 410, 413, 414, 415, 422};

    return is_one_of(seen->status, list, sizeof list / sizeof *list);
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

enum outcome outcome_judge(const struct outcome_seen *seen, const char **why)
{
    size_t i = 0;

    while (!rows[i].fits(seen))
        i++;
    *why = rows[i].why;
    return rows[i].outcome;
}
