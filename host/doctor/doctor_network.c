/* The way to the host: its name, its port, its TLS, its certificate. */
#include "base/clock.h"
#include "doctor/doctor_own.h"
#include "net/environment.h"

#include <stdio.h>
#include <string.h>

enum { DAY_S = 24 * 60 * 60, SOON_DAYS = 14, NAME_MAX_SHOWN = 254 };

static const char *script_of(const struct doctor *d)
{
    return d->customer.profile.host;
}

static int64_t now_s(void)
{
    return clock_wall_ms() / 1000;
}

static void say_no_name(struct doctor *d)
{
    bool proxy = d->customer.profile.route.proxy;
    char name[NAME_MAX_SHOWN + 1];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(script_of(d), ":"),
        script_of(d));
    doctor_bad(d, EXIT_PENDING, "network",
        proxy ? "no_name_or_proxy" : "no_name",
        DOCTOR_FACTS(
            DOCTOR_TEXT("dns", name), DOCTOR_TEXT("words", d->probe.words)));
}

/* A firewall that lets nothing but the proxy out is the commonest reason. */
static void say_no_connection(struct doctor *d)
{
    const char *proxy =
        d->customer.profile.route.proxy ? NULL : environment_proxy();

    doctor_bad(d, EXIT_PENDING, "network", "no_connection",
        DOCTOR_FACTS(
            DOCTOR_TEXT("words", d->probe.words), DOCTOR_TEXT("proxy", proxy)));
}

static void say_dates(struct doctor *d)
{
    const struct probe *p = &d->probe;
    bool expired = p->good_until < now_s();

    doctor_bad(d, EXIT_PENDING, "network",
        expired ? "certificate_expired" : "certificate_early",
        DOCTOR_FACTS(DOCTOR_NUMBER("good_from", p->good_from),
            DOCTOR_NUMBER("good_until", p->good_until),
            DOCTOR_NUMBER("now", clock_wall_ms())));
}

static bool out_of_date(const struct probe *p)
{
    return (p->good_until && p->good_until < now_s()) ||
           (p->good_from && p->good_from > now_s());
}

static void say_no_trust(struct doctor *d)
{
    if (out_of_date(&d->probe)) {
        say_dates(d);
        return;
    }
    doctor_bad(d, EXIT_PENDING, "network", "no_trust",
        DOCTOR_FACTS(DOCTOR_TEXT("words", d->probe.words)));
}

/* What libcurl's kinds mean to people while nothing has left. */
static const struct {
    const char *kind;
    void (*say)(struct doctor *d);
} failures[] = {
    {"dns", say_no_name},
    {"connect", say_no_connection},
    {"timeout", say_no_connection},
    {"tls", say_no_trust},
};

enum { FAILURES = sizeof failures / sizeof *failures };

static void say_failure(struct doctor *d)
{
    for (size_t i = 0; !d->probe.sent && i < FAILURES; i++)
        if (strcmp(d->probe.kind, failures[i].kind) == 0) {
            failures[i].say(d);
            return;
        }
    doctor_bad(d, EXIT_PENDING, "network", "no_answer",
        DOCTOR_FACTS(DOCTOR_TEXT("words", d->probe.words)));
}

static bool clock_is_right(const struct doctor *d)
{
    return d->probe.dated && d->probe.ahead_ms == 0;
}

static void say_tls(struct doctor *d)
{
    const struct probe *p = &d->probe;
    int64_t days = (p->good_until - now_s()) / DAY_S;
    const struct doctor_fact facts[] = {
        DOCTOR_TEXT("tls", p->tls[0] ? p->tls : "TLS"),
        DOCTOR_NUMBER("days", days),
        DOCTOR_NUMBER("clock_is_right", clock_is_right(d)), {0}};

    if (!p->good_until)
        doctor_ok(d, "network", "tls", facts);
    else if (days >= SOON_DAYS)
        doctor_ok(d, "network", "tls_good", facts);
    else
        doctor_look(d, "network", "tls_ends", facts);
}

void doctor_network(struct doctor *d)
{
    if (!doctor_probe(d))
        return;
    if (d->probe.kind[0])
        say_failure(d);
    else if (strncmp(d->customer.profile.origin, "https:", 6) == 0)
        say_tls(d);
    else
        doctor_ok(d, "network", "http",
            DOCTOR_FACTS(DOCTOR_NUMBER("clock_is_right", clock_is_right(d))));
}
