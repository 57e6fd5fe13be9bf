/* What doctor asks the host, each thing once, by whoever needs it first. */
#include "doctor/doctor_own.h"

#include <stdio.h>

enum { URL_MAX = 2048 };

const char *doctor_look_path(const struct doctor *d)
{
    static char usual[64];
    const struct profile *p = &d->customer.profile;

    if (p->first_look)
        return p->first_look;
    snprintf(usual, sizeof usual, "/api/%s/orders/?limit=1", p->prefix);
    return usual;
}

static void fail(struct doctor *d, const struct error *err)
{
    if (err->kind == ERROR_MEMORY)
        doctor_lost(d);
    else
        doctor_error(d, "network", err);
}

bool doctor_probe_at(struct doctor *d, const char *path, struct probe *probe)
{
    const struct profile *p = &d->customer.profile;
    char url[URL_MAX];
    struct probe_request request = {.url = url, .route = p->route};
    struct error err;

    snprintf(url, sizeof url, "%s%s", p->origin, path);
    if (probe_host(&request, probe, &err))
        return true;
    fail(d, &err);
    return false;
}

bool doctor_probe(struct doctor *d)
{
    if (d->has_host && !d->probe.kind &&
        !doctor_probe_at(d, doctor_look_path(d), &d->probe))
        d->has_host = false;
    return d->has_host;
}

static bool open_contact(struct doctor *d)
{
    const struct customer *c = &d->customer;
    struct error err;

    if (contact_open(&d->contact, &c->profile,
            c->token ? secret_text(c->token) : NULL,
            c->password ? secret_text(c->password) : NULL, &err))
        return true;
    fail(d, &err);
    return false;
}

void doctor_visit(struct doctor *d)
{
    if (d->visit != VISIT_DUE)
        return;
    d->visit = VISIT_NONE;
    if (!doctor_probe(d) || d->probe.kind[0])
        return;
    if (!d->customer.token && !d->customer.password)
        d->visit = VISIT_NO_TOKEN;
    else if (!open_contact(d))
        d->visit = VISIT_NONE;
    else if (!contact_log_in(&d->contact))
        d->visit = VISIT_NO_LOG_IN;
    else if (!d->customer.profile.first_look)
        d->visit = VISIT_NO_LOOK;
    else {
        contact_look(&d->contact);
        d->visit = VISIT_MADE;
    }
}
