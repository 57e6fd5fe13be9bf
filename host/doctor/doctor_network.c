/* The way to the host: its name, its port, its TLS, its certificate. */
#include "base/clock.h"
#include "doctor/doctor_own.h"
#include "net/environment.h"

#include <stdio.h>
#include <string.h>

enum {
    DAY_S = 24 * 60 * 60,
    SOON_DAYS = 14,
    NAME_MAX_SHOWN = 254,
    CURE_MAX = 1024
};

static const char *script_of(const struct doctor *d)
{
    return d->customer.profile.host;
}

static int64_t now_s(void)
{
    return clock_wall_ms() / 1000;
}

/* "2026-11-26", UTC. */
static const char *day(int64_t seconds, char out[CLOCK_TEXT_MAX])
{
    clock_rfc3339(seconds * 1000, out);
    out[10] = '\0';
    return out;
}

static const char *now_text(char out[CLOCK_TEXT_MAX])
{
    return clock_local(clock_wall_ms(), out);
}

static void say_no_name(struct doctor *d)
{
    char name[NAME_MAX_SHOWN + 1];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(script_of(d), ":"),
        script_of(d));
    doctor_bad(d, EXIT_PENDING, "network",
        "no DNS server knows %s (%s). Look at url in %s; if it is right, at "
        "this machine's DNS (/etc/resolv.conf).",
        d->customer.profile.route.proxy ? "the host or the proxy" : name,
        d->probe.words, d->profile_path);
    if (!d->customer.profile.route.proxy)
        doctor_way(d, "getent hosts %s", name);
}

/* A firewall that lets nothing but the proxy out is the commonest reason. */
static void say_no_connection(struct doctor *d)
{
    const char *proxy =
        d->customer.profile.route.proxy ? NULL : environment_proxy();
    char cure[CURE_MAX] = "";

    if (proxy)
        snprintf(cure, sizeof cure,
            " %s is set and not used: write proxy = env \"%s\" in %s.", proxy,
            proxy, d->profile_path);
    doctor_bad(d, EXIT_PENDING, "network",
        "no connection to %s (%s). Is it the right port, and does a firewall "
        "let this machine out?%s",
        script_of(d), d->probe.words, cure);
}

static void say_dates(struct doctor *d)
{
    const struct probe *p = &d->probe;
    char at[CLOCK_TEXT_MAX], now[CLOCK_TEXT_MAX];

    if (p->good_until < now_s())
        doctor_bad(d, EXIT_PENDING, "network",
            "the certificate of %s expired on %s. Who runs it must renew it; "
            "unless this machine's clock is wrong: it says %s.",
            script_of(d), day(p->good_until, at), now_text(now));
    else
        doctor_bad(d, EXIT_PENDING, "network",
            "the certificate of %s is good from %s on. Is this machine's "
            "clock wrong? It says %s.",
            script_of(d), day(p->good_from, at), now_text(now));
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
    doctor_bad(d, EXIT_PENDING, "network",
        "the connection to %s cannot be trusted, so nothing is sent over it: "
        "%s. If a company's own authority stands in between, name its "
        "certificate in %s: ca_file = \"company.pem\".",
        script_of(d), d->probe.words, d->profile_path);
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
    doctor_bad(d, EXIT_PENDING, "network",
        "%s takes connections and does not answer (%s). Look at url in %s.",
        script_of(d), d->probe.words, d->profile_path);
}

static const char *clock_words(const struct doctor *d)
{
    return d->probe.dated && d->probe.ahead_ms == 0 ? ", clock right" : "";
}

static void say_tls(struct doctor *d)
{
    const struct probe *p = &d->probe;
    long long days = (long long)((p->good_until - now_s()) / DAY_S);
    const char *tls = p->tls[0] ? p->tls : "TLS";

    if (!p->good_until)
        doctor_ok(d, "network", "%s%s", tls, clock_words(d));
    else if (days >= SOON_DAYS)
        doctor_ok(d, "network", "%s, certificate good for %lld days%s", tls,
            days, clock_words(d));
    else
        doctor_look(d, "network",
            "%s, but the certificate of %s is good for %lld %s only. Who "
            "runs it has to renew it.",
            tls, script_of(d), days, days == 1 ? "day" : "days");
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
        doctor_ok(d, "network", "http, on this machine%s", clock_words(d));
}
