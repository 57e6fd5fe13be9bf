#include "delivery/first_look.h"

static bool broken(const struct first_look_seen *seen)
{
    return seen->curl != 0 || !seen->complete;
}

static bool busy(const struct first_look_seen *seen)
{
    return seen->status == 408 || seen->status == 429 || seen->status >= 500;
}

static bool no_token(const struct first_look_seen *seen)
{
    return seen->status == 401 || seen->status == 407;
}

static bool redirect(const struct first_look_seen *seen)
{
    return seen->status >= 300 && seen->status <= 399;
}

static bool forbidden(const struct first_look_seen *seen)
{
    return seen->status == 403;
}

static bool success(const struct first_look_seen *seen)
{
    return seen->status >= 200 && seen->status <= 299 && seen->json;
}

static bool wrong_password(const struct first_look_seen *seen)
{
    return seen->status == 400 || seen->status == 401 || seen->status == 403 ||
           seen->status == 407;
}

static bool otherwise(const struct first_look_seen *seen)
{
    (void)seen;
    return true;
}

struct row {
    bool (*fits)(const struct first_look_seen *seen);
    enum stop_reason stop;
};

/* A 403 may be about that one list alone, so it lets releases go. */
static const struct row looks[] = {
    {broken, STOP_NO_ANSWER},
    {busy, STOP_NO_ANSWER},
    {no_token, STOP_TOKEN},
    {redirect, STOP_REDIRECT},
    {forbidden, STOP_NONE},
    {success, STOP_NONE},
    {otherwise, STOP_PREFIX},
};

static const struct row logins[] = {
    {broken, STOP_NO_ANSWER},
    {busy, STOP_NO_ANSWER},
    {wrong_password, STOP_PASSWORD},
    {redirect, STOP_REDIRECT},
    {success, STOP_NONE},
    {otherwise, STOP_PREFIX},
};

static enum stop_reason judge(
    const struct row *row, const struct first_look_seen *seen)
{
    while (!row->fits(seen))
        row++;
    return row->stop;
}

enum stop_reason first_look_judge(const struct first_look_seen *seen)
{
    return judge(looks, seen);
}

enum stop_reason first_look_judge_login(const struct first_look_seen *seen)
{
    return judge(logins, seen);
}
