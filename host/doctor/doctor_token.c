/* The token or the password: its file, and whether the host takes it. */
#include "base/clock.h"
#include "doctor/doctor_own.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FROM_MAX = 600 };

static bool unlock(struct doctor *d, struct error *err)
{
    struct customer *c = &d->customer;

    return profile_token(&c->profile, &c->token, err) &&
           (c->token || profile_password(&c->profile, &c->password, err));
}

/* "from acme/token, mode 0600"; a variable has no mode. */
static void put_from(const struct doctor *d, char *out)
{
    const char *place = profile_token_place(&d->customer.profile);
    const char *what = d->customer.password ? "the password " : "";
    struct stat st;

    if (stat(place, &st) == 0)
        snprintf(out, FROM_MAX, "%sfrom %s, mode %04o", what, place,
            (unsigned)st.st_mode & 07777);
    else
        snprintf(out, FROM_MAX, "%sfrom %s", what, place);
}

static const char *script_of(const struct doctor *d)
{
    return d->customer.profile.host;
}

static void say_visit(struct doctor *d, const char *name, const char *from)
{
    const struct stop_note *stop = &d->contact.stop;
    const char *place = profile_token_place(&d->customer.profile);

    if (d->visit == VISIT_MADE && stop->why == STOP_TOKEN)
        doctor_bad(d, EXIT_STOPPED, name,
            "%s: %s refused it (%s). Put a valid one into %s.", from,
            script_of(d), stop->words, place);
    else if (d->visit == VISIT_MADE && stop->why == STOP_NONE)
        doctor_ok(d, name, "%s, accepted", from);
    else
        doctor_ok(d, name, "%s, not tried", from);
}

static void say_log_in(struct doctor *d)
{
    const struct stop_note *stop = &d->contact.stop;
    const char *user = d->customer.profile.username;
    char at[CLOCK_TEXT_MAX];

    if (d->visit != VISIT_NO_LOG_IN)
        doctor_ok(d, "log-in", "%s is logged in as %s", script_of(d), user);
    else if (stop->why == STOP_PASSWORD)
        doctor_bad(d, EXIT_STOPPED, "log-in",
            "%s refused the user name or the password (%s). Look at username "
            "in %s, and put the right password into %s.",
            script_of(d), stop->words, d->profile_path,
            profile_token_place(&d->customer.profile));
    else if (stop->why == STOP_LOG_IN)
        doctor_look(d, "log-in",
            "not tried: there were 3 within 6 minutes, and %s might lock the "
            "user out. Look again at %s.",
            script_of(d), clock_local(stop->next_at, at));
    else
        doctor_bad(d,
            stop_reason_needs_person(stop->why) ? EXIT_STOPPED : EXIT_PENDING,
            "log-in", "POST /api/%s/auth/login/ was answered with: %s",
            d->customer.profile.prefix, stop->words);
}

void doctor_token(struct doctor *d)
{
    const char *name = d->customer.profile.username ? "password" : "token";
    char from[FROM_MAX];
    struct error err;

    if (!d->has_profile)
        return;
    if (!unlock(d, &err)) {
        doctor_bad(d, exit_of_error(&err), name, "%s", err.text);
        return;
    }
    put_from(d, from);
    doctor_visit(d);
    if (!d->customer.password) {
        say_visit(d, name, from);
        return;
    }
    doctor_ok(d, name, "%s", from);
    if (d->visit >= VISIT_NO_LOG_IN)
        say_log_in(d);
}
