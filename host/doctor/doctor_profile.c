/* Whether the profile can be read, and whom it is about. */
#include "base/file_path.h"
#include "doctor/doctor_own.h"

static const char *label(const struct doctor *d)
{
    return file_path_name(d->profile_path);
}

/* What it may say that is worth knowing at once. */
static const char *more(const struct profile *p)
{
    return p->first_look ? "" : "; no first look (first_look = false)";
}

static void say_host(struct doctor *d)
{
    const struct profile *p = &d->customer.profile;

    if (p->path)
        doctor_ok(d, label(d), "%s, prefix %s%s", p->host, p->prefix, more(p));
    else
        doctor_look(d, label(d),
            "there is none at %s. OMNITRON_URL says %s, all else is the "
            "default.",
            d->profile_path, p->host);
}

void doctor_profile(struct doctor *d)
{
    const char *named = arguments_text(d->args, "profile");
    struct error err;

    if (!customer_load(&d->customer, named, d->folder, &err)) {
        doctor_bad(d, exit_of_error(&err), label(d),
            "%s. Nothing was sent to anybody.", err.text);
        return;
    }
    d->has_profile = true;
    d->has_host = profile_ready(&d->customer.profile, &err);
    if (d->has_host)
        say_host(d);
    else
        doctor_bad(d, exit_of_error(&err), label(d), "%s", err.text);
}
