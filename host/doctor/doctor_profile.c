/* Whether the profile can be read, and whom it is about. */
#include "base/file_path.h"
#include "doctor/doctor_own.h"

static const char *label(const struct doctor *d)
{
    return file_path_name(d->profile_path);
}

static void say_host(struct doctor *d)
{
    const struct profile *p = &d->customer.profile;

    if (p->path)
        doctor_ok(d, label(d), p->first_look ? "profile" : "profile_no_look",
            DOCTOR_FACTS(DOCTOR_TEXT("prefix", p->prefix)));
    else
        doctor_look(d, label(d), "no_profile", NULL);
}

void doctor_profile(struct doctor *d)
{
    const char *named = arguments_text(d->args, "profile");
    struct error err;

    if (!customer_load(&d->customer, named, d->folder, &err)) {
        doctor_bad(d, exit_of_error(&err), label(d), "profile_unread",
            DOCTOR_FACTS(DOCTOR_TEXT("words", err.text)));
        return;
    }
    d->has_profile = true;
    d->has_host = profile_ready(&d->customer.profile, &err);
    if (d->has_host)
        say_host(d);
    else
        doctor_error(d, label(d), &err);
}
