/* The read that stands before the first release of a run. */
#include "delivery/first_look.h"
#include "doctor/doctor_own.h"

#include <stdio.h>
#include <string.h>

static void say_ok(struct doctor *d, const char *what, int status, int64_t ms)
{
    doctor_ok(d, "first look", what,
        DOCTOR_FACTS(DOCTOR_TEXT("path", doctor_look_path(d)),
            DOCTOR_NUMBER("status", status), DOCTOR_NUMBER("ms", ms)));
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
    const char *right = right_prefix(d);

    doctor_bad(d, EXIT_STOPPED, right ? "prefix" : "first look",
        right ? "other_prefix" : "no_api",
        DOCTOR_FACTS(DOCTOR_TEXT("path", doctor_look_path(d)),
            DOCTOR_TEXT("words", words), DOCTOR_TEXT("right", right)));
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
    bool wrong_url = why == STOP_REDIRECT || why == STOP_TOKEN;
    doctor_bad(d, wrong_url ? EXIT_STOPPED : EXIT_PENDING, "first look",
        why == STOP_REDIRECT ? "look_redirected"
        : why == STOP_TOKEN  ? "look_refused"
                             : "look_failed",
        DOCTOR_FACTS(DOCTOR_TEXT("words", sentence)));
}

static void say_look(struct doctor *d)
{
    const struct contact *c = &d->contact;

    if (c->stop.why == STOP_TOKEN && d->customer.token)
        return; // the token's line has it
    if (c->stop.why != STOP_NONE)
        say_stop(d, c->stop.why, &c->stop);
    else if (c->stop.status == 403)
        doctor_look(d, "first look", "look_forbidden",
            DOCTOR_FACTS(DOCTOR_TEXT("path", doctor_look_path(d)),
                DOCTOR_TEXT("words", c->stop.words)));
    else
        say_ok(d, "look_answered", c->stop.status, c->ms);
}

/* Without a token, whether there is an API can be seen all the same. */
static void say_probe(struct doctor *d)
{
    const struct probe *p = &d->probe;
    struct first_look_seen seen = {0, true, p->status, p->json};
    struct stop_note stop = {
        .why = first_look_judge(&seen), .status = p->status};

    if (knows_api(p)) {
        say_ok(d, "look_without_token", p->status, p->ms);
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
        doctor_look(d, "first look", "look_unwanted",
            DOCTOR_FACTS(DOCTOR_TEXT("path", doctor_look_path(d)),
                DOCTOR_NUMBER("status", d->probe.status)));
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
