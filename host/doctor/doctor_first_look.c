/* The read that stands before the first release of a run. */
#include "delivery/first_look.h"
#include "doctor/doctor_own.h"

#include <stdio.h>
#include <string.h>

static void say_ok(struct doctor *d, const char *with, int status, int64_t ms)
{
    doctor_ok(d, "first look", "GET %s%s answered %d in %.2f s",
        doctor_look_path(d), with, status, (double)ms / 1000);
}

/* "/api/v1/…" for "/api/i1/…"; false when the path has no prefix. */
static bool other_path(
    const struct doctor *d, const char *other, char *out, size_t cap)
{
    const char *path = doctor_look_path(d);
    char own[32];

    snprintf(own, sizeof own, "/api/%s/", d->customer.profile.prefix);
    if (strncmp(path, own, strlen(own)) != 0)
        return false;
    snprintf(out, cap, "/api/%s/%s", other, path + strlen(own));
    return true;
}

/* Without a token the API refuses in JSON, too; what is none says 404. */
static bool knows_api(const struct probe *p)
{
    return !p->kind[0] && p->json &&
           ((p->status >= 200 && p->status <= 299) || p->status == 401 ||
               p->status == 403);
}

/* The prefix at which the API answers when the profile's is wrong; NULL:
 * neither does. */
static const char *right_prefix(struct doctor *d)
{
    const char *other =
        strcmp(d->customer.profile.prefix, "i1") == 0 ? "v1" : "i1";
    struct probe probe;
    char path[512];

    return other_path(d, other, path, sizeof path) &&
                   doctor_probe_at(d, path, &probe) && knows_api(&probe)
               ? other
               : NULL;
}

static void say_no_api(struct doctor *d, const char *words)
{
    const char *host = d->customer.profile.host, *right = right_prefix(d);

    if (right)
        doctor_bad(d, EXIT_STOPPED, "prefix",
            "%s does not know GET %s (%s), but it does under %s: write "
            "prefix = \"%s\" in %s.",
            host, doctor_look_path(d), words, right, right, d->profile_path);
    else
        doctor_bad(d, EXIT_STOPPED, "first look",
            "GET %s was answered with: %s. That is no Omnitron's API: look at "
            "url, prefix and first_look in %s.",
            doctor_look_path(d), words, d->profile_path);
}

static void say_stop(
    struct doctor *d, enum stop_reason why, const struct stop_note *stop)
{
    char sentence[600];

    if (why == STOP_PREFIX) {
        say_no_api(d, stop->words);
        return;
    }
    stop_reason_say(stop, d->customer.profile.host, sentence, sizeof sentence);
    if (why == STOP_REDIRECT)
        doctor_bad(d, EXIT_STOPPED, "first look", "%s. Look at url in %s.",
            sentence, d->profile_path);
    else if (why == STOP_TOKEN)
        doctor_bad(d, EXIT_STOPPED, "first look",
            "%s, and it came from the log-in just now. Look at url in %s.",
            sentence, d->profile_path);
    else
        doctor_bad(d, EXIT_PENDING, "first look",
            "%s. A run would keep its releases, and the next one would try "
            "again.",
            sentence);
}

static void say_look(struct doctor *d)
{
    const struct contact *c = &d->contact;

    if (c->stop.why == STOP_TOKEN && d->customer.token)
        return; // the token's line has it
    if (c->stop.why != STOP_NONE)
        say_stop(d, c->stop.why, &c->stop);
    else if (c->stop.status == 403)
        doctor_look(d, "first look",
            "GET %s is forbidden (%s). A run goes on, since the releases may "
            "be allowed; first_look in %s names another path.",
            doctor_look_path(d), c->stop.words, d->profile_path);
    else
        say_ok(d, "", c->stop.status, c->ms);
}

/* Without a token, whether there is an API can be seen all the same. */
static void say_probe(struct doctor *d)
{
    const struct probe *p = &d->probe;
    struct first_look_seen seen = {0, true, p->status, p->json};
    struct stop_note stop = {
        .why = first_look_judge(&seen), .status = p->status};

    if (knows_api(p)) {
        say_ok(d, " without a token", p->status, p->ms);
        return;
    }
    snprintf(stop.words, sizeof stop.words, "%d%s", p->status,
        p->json ? "" : ", no JSON");
    say_stop(d, stop.why == STOP_TOKEN ? STOP_PREFIX : stop.why, &stop);
}

/* The profile knows that this host has nothing there. */
static void say_unwanted(struct doctor *d)
{
    if (knows_api(&d->probe))
        say_probe(d);
    else
        doctor_look(d, "first look",
            "a run takes none (first_look = false in %s), so a wrong url, "
            "prefix or token is met by its first release. GET %s was answered "
            "with %d.",
            d->profile_path, doctor_look_path(d), d->probe.status);
}

void doctor_first_look(struct doctor *d)
{
    doctor_visit(d);
    switch (d->visit) {
    case VISIT_DUE:
    case VISIT_NONE:
        break;
    case VISIT_NO_TOKEN:
    case VISIT_NO_LOG_IN:
        say_probe(d);
        break;
    case VISIT_NO_LOOK:
        say_unwanted(d);
        break;
    case VISIT_MADE:
        say_look(d);
        break;
    }
}
