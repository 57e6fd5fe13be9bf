#include "base/instant.h"

#include <stdio.h>
#include <string.h>

enum { DAY = 86400, NANO = 1000000000 };

#define FIRST (-62135596800LL) // 0001-01-01
#define LAST  253402300799LL   // 9999-12-31

/* What is left of the text. */
struct reader {
    const char *at, *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take(struct reader *r, char c)
{
    bool is = r->at < r->end && *r->at == c;

    r->at += is;
    return is;
}

static bool take_text(struct reader *r, const char *text)
{
    size_t len = strlen(text);
    bool is = (size_t)(r->end - r->at) >= len && memcmp(r->at, text, len) == 0;

    r->at += is ? len : 0;
    return is;
}

/* Just so many digits. */
static bool take_number(struct reader *r, int digits, int most, int *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++, r->at++) {
        if (r->at == r->end || !is_digit(*r->at))
            return false;
        *out = *out * 10 + (*r->at - '0');
    }
    return *out <= most;
}

/* Digits behind the point: nine count, the rest is dropped. */
static bool take_fraction(struct reader *r, int *nanoseconds)
{
    int unit = NANO / 10;

    *nanoseconds = 0;
    if (!take(r, '.') && !take(r, ','))
        return true;
    if (r->at == r->end || !is_digit(*r->at))
        return false;
    for (; r->at < r->end && is_digit(*r->at); r->at++, unit /= 10)
        *nanoseconds += (*r->at - '0') * unit;
    return true;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days since 1970 of a date of the Gregorian calendar; the year is counted
 * from March, so that a leap day ends it. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t m = (month + 9) % 12;

    return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 -
           719468;
}

static bool take_date(struct reader *r, int64_t *seconds)
{
    int year, month, day;

    if (!take_number(r, 4, 9999, &year) || !take(r, '-') ||
        !take_number(r, 2, 12, &month) || !take(r, '-') ||
        !take_number(r, 2, 31, &day))
        return false;
    if (year < 1 || month < 1 || day < 1 || day > days_in(year, month))
        return false;
    *seconds = days_of(year, month, day) * DAY;
    return true;
}

/* HH:MM[:SS[.fraction]]; a leap second is the next one, as in POSIX. */
static bool take_time(struct reader *r, struct instant *out)
{
    int hour, minute, second = 0;

    if (!take_number(r, 2, 23, &hour) || !take(r, ':') ||
        !take_number(r, 2, 59, &minute))
        return false;
    if (take(r, ':') && (!take_number(r, 2, 60, &second) ||
                            !take_fraction(r, &out->nanoseconds)))
        return false;
    out->seconds += hour * 3600 + minute * 60 + second;
    return true;
}

/* Z, +03:00, +0300, +03, or nothing, which is UTC. */
static bool take_zone(struct reader *r, int64_t *seconds)
{
    int sign, hours, minutes = 0;

    if (r->at == r->end || take(r, 'Z') || take(r, 'z'))
        return true;
    sign = take(r, '-') ? -1 : take(r, '+') ? 1 : 0;
    if (sign == 0 || !take_number(r, 2, 23, &hours))
        return false;
    bool colon = take(r, ':');
    if ((colon || r->at < r->end) && !take_number(r, 2, 59, &minutes))
        return false;
    *seconds -= sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool take_iso(struct reader *r, struct instant *out)
{
    if (!take_date(r, &out->seconds))
        return false;
    if (r->at == r->end)
        return true;
    if (!take(r, 'T') && !take(r, 't') && !take(r, ' '))
        return false;
    return take_time(r, out) && take_zone(r, &out->seconds);
}

/* OData version 2: "/Date(1763777647123)/". An offset behind the number,
 * "+0180", says where it was written and changes nothing of it. */
static bool take_odata(struct reader *r, struct instant *out)
{
    bool negative = take(r, '-');
    const char *digits = r->at;
    int64_t ms = 0;
    int minutes;

    for (; r->at < r->end && is_digit(*r->at); r->at++)
        if (r->at - digits < 15)
            ms = ms * 10 + (*r->at - '0');
    if (r->at == digits || r->at - digits > 15)
        return false;
    if ((take(r, '+') || take(r, '-')) && !take_number(r, 4, 9999, &minutes))
        return false;
    ms = negative ? -ms : ms;
    out->seconds = (ms - (ms % 1000 + 1000) % 1000) / 1000;
    out->nanoseconds = (int)((ms % 1000 + 1000) % 1000) * 1000000;
    return take_text(r, ")/");
}

bool instant_read(const char *text, size_t len, struct instant *out)
{
    struct reader r = {text, text + len};

    *out = (struct instant){0};
    bool ok = take_text(&r, "/Date(") ? take_odata(&r, out) : take_iso(&r, out);
    return ok && r.at == r.end && out->seconds >= FIRST && out->seconds <= LAST;
}

/* The inverse of days_of. */
static void date_of(int64_t days, int *year, int *month, int *day)
{
    int y = (int)((days + 719468) * 400 / 146097);
    int64_t start = days_of(y, 3, 1);

    if (start > days)
        start = days_of(--y, 3, 1);
    else if (days_of(y + 1, 3, 1) <= days)
        start = days_of(++y, 3, 1);
    int left = (int)(days - start);
    int m = (left * 5 + 2) / 153;
    *day = left - (m * 153 + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = y + (*month <= 2);
}

static void write_fraction(int nanoseconds, char *out, size_t size)
{
    int micro = nanoseconds / 1000;

    if (micro % 1000)
        snprintf(out, size, ".%06d", micro);
    else if (micro)
        snprintf(out, size, ".%03d", micro / 1000);
    else
        out[0] = '\0';
}

bool instant_write(struct instant instant, char *out)
{
    int64_t in_day = (instant.seconds % DAY + DAY) % DAY;
    int second = (int)in_day, year, month, day;
    char fraction[12];

    if (instant.seconds < FIRST || instant.seconds > LAST)
        return false;
    date_of((instant.seconds - in_day) / DAY, &year, &month, &day);
    write_fraction(instant.nanoseconds, fraction, sizeof fraction);
    snprintf(out, INSTANT_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", year,
        month, day, second / 3600, second / 60 % 60, second % 60, fraction);
    return true;
}

bool instant_has_zone(const char *text, size_t len)
{
    struct reader r = {text, text + len};
    struct instant local = {0};

    if (take_text(&r, "/Date("))
        return true;
    return take_date(&r, &local.seconds) && r.at++ < r.end &&
           take_time(&r, &local) && r.at < r.end;
}

/* The digits of `to` where those of `text` stand. */
static bool rewrite_iso(const char *text, size_t len, int64_t to, char *out)
{
    char fresh[INSTANT_TEXT_MAX];

    if (!instant_write((struct instant){to, 0}, fresh))
        return false;
    memcpy(out, text, len);
    out[len] = '\0';
    memcpy(out, fresh, strlen("YYYY-MM-DD"));
    if (len > strlen("YYYY-MM-DDT"))
        memcpy(out + 11, fresh + 11, strlen("HH:MM"));
    if (len > strlen("YYYY-MM-DDTHH:MM:") && text[16] == ':')
        memcpy(out + 17, fresh + 17, strlen("SS"));
    return true;
}

/* The clock on the wall there, whatever its zone. */
static bool earlier_iso(
    const char *text, size_t len, int64_t seconds, char *out)
{
    struct reader r = {text, text + len};
    struct instant local = {0};

    if (!take_date(&r, &local.seconds))
        return false;
    if (r.at++ < r.end && !take_time(&r, &local))
        return false;
    return rewrite_iso(text, len, local.seconds - seconds, out);
}

static bool earlier_odata(
    const struct instant *was, const char *text, int64_t seconds, char *out)
{
    int64_t to = was->seconds - seconds;
    const char *tail = text + strlen("/Date(");

    tail += *tail == '-';
    tail += strspn(tail, "0123456789");
    if (to < FIRST)
        return false;
    snprintf(out, INSTANT_TEXT_MAX, "/Date(%lld%.*s",
        (long long)(to * 1000 + was->nanoseconds / 1000000),
        (int)strcspn(tail, "/") + 1, tail);
    return true;
}

bool instant_earlier(const char *text, size_t len, int64_t seconds, char *out)
{
    struct instant was;

    if (len >= INSTANT_TEXT_MAX || seconds < 0 || seconds > LAST - FIRST ||
        !instant_read(text, len, &was))
        return false;
    if (text[0] == '/')
        return earlier_odata(&was, text, seconds, out);
    return earlier_iso(text, len, seconds, out);
}
