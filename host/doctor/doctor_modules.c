/* Whether the C modules that the profile names can be loaded. */
#include "doctor/doctor_own.h"
#include "session/module_loads.h"

static bool add(struct buf *out, const char *name)
{
    return buf_printf(out, "%s%s", out->len ? ", " : "", name);
}

void doctor_modules(struct doctor *d)
{
    const struct profile *p = &d->customer.profile;
    struct buf good = {0};
    struct error err;
    bool ok = true;

    if (!d->has_profile)
        return;
    for (size_t i = 0; ok && i < p->module_count; i++)
        if (module_loads(p, p->modules[i], &err))
            ok = add(&good, p->modules[i]);
        else
            doctor_bad(d, EXIT_SCRIPT, "modules", "error",
                DOCTOR_FACTS(DOCTOR_TEXT("words", err.text)));
    if (!ok)
        doctor_lost(d);
    else if (good.len)
        doctor_ok(d, "modules", "modules",
            DOCTOR_FACTS(DOCTOR_TEXT("names", good.data)));
    buf_free(&good);
}
