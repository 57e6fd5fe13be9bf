/* The token or the password: its file, and whether the host takes it. */
#include "doctor/doctor_own.h"

#include <sys/stat.h>

static bool unlock(struct doctor *d, struct error *err)
{
    struct customer *c = &d->customer;

    return profile_token(&c->profile, &c->token, err) &&
           (c->token || profile_password(&c->profile, &c->password, err));
}

/* Where it is from; a variable has no mode. */
static void say_from(
    struct doctor *d, bool bad, const char *name, const char *what)
{
    const char *place = profile_token_place(&d->customer.profile);
    struct stat st;
    const struct doctor_fact facts[] = {DOCTOR_TEXT("token_place", place),
        DOCTOR_NUMBER("is_password", d->customer.password != NULL),
        DOCTOR_NUMBER(
            "mode", stat(place, &st) == 0 ? (int64_t)(st.st_mode & 07777) : -1),
        DOCTOR_TEXT("words", d->contact.stop.words), {0}};

    if (bad)
        doctor_bad(d, EXIT_STOPPED, name, what, facts);
    else
        doctor_ok(d, name, what, facts);
}

static void say_visit(struct doctor *d, const char *name)
{
    enum stop_reason why = d->contact.stop.why;
    bool refused = d->visit == VISIT_MADE && why == STOP_TOKEN;

    say_from(d, refused, name,
        refused                                      ? "token_refused"
        : d->visit == VISIT_MADE && why == STOP_NONE ? "token_accepted"
                                                     : "token_not_tried");
}

static void say_log_in(struct doctor *d)
{
    const struct stop_note *stop = &d->contact.stop;
    const struct profile *p = &d->customer.profile;
    const struct doctor_fact facts[] = {DOCTOR_TEXT("user", p->username),
        DOCTOR_TEXT("words", stop->words), DOCTOR_TEXT("prefix", p->prefix),
        DOCTOR_TEXT("token_place", profile_token_place(p)),
        DOCTOR_NUMBER("next_at", stop->next_at), {0}};

    if (d->visit != VISIT_NO_LOG_IN)
        doctor_ok(d, "log-in", "logged_in", facts);
    else if (stop->why == STOP_PASSWORD)
        doctor_bad(d, EXIT_STOPPED, "log-in", "password_refused", facts);
    else if (stop->why == STOP_LOG_IN)
        doctor_look(d, "log-in", "log_in_waits", facts);
    else
        doctor_bad(d,
            stop_reason_needs_person(stop->why) ? EXIT_STOPPED : EXIT_PENDING,
            "log-in", "log_in_answered", facts);
}

void doctor_token(struct doctor *d)
{
    const char *name = d->customer.profile.username ? "password" : "token";
    struct error err;

    if (!d->has_profile)
        return;
    if (!unlock(d, &err)) {
        doctor_error(d, name, &err);
        return;
    }
    doctor_visit(d);
    if (!d->customer.password) {
        say_visit(d, name);
        return;
    }
    say_from(d, false, name, "token_from");
    if (d->visit >= VISIT_NO_LOG_IN)
        say_log_in(d);
}
