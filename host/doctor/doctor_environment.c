/* The variables that would have mattered elsewhere, and are not used here.
 * Their names; a value may be a secret. */
#include "cli/as_root.h"
#include "doctor/doctor_own.h"
#include "net/environment.h"

#include <stdlib.h>
#include <string.h>

/* Those that curl knows. */
static const char *const proxies[] = {"https_proxy", "HTTPS_PROXY",
    "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", NULL};

/* Lua's own, and where it would look for modules. */
static const char *const lua[] = {"LUA_PATH", "LUA_PATH_5_4", "LUA_CPATH",
    "LUA_CPATH_5_4", "LUA_INIT", "LUA_INIT_5_4", NULL};

static bool is_set(const char *name)
{
    const char *value = getenv(name);

    return value && value[0];
}

static bool add(struct buf *out, const char *name)
{
    return buf_printf(out, "%s%s", out->len ? ", " : "", name);
}

static bool add_set(struct buf *out, const char *const *names)
{
    bool ok = true;

    for (; ok && *names; names++)
        ok = !is_set(*names) || add(out, *names);
    return ok;
}

/* What names authorities, which a profile can do, or all else. */
static bool add_taken(struct buf *out, bool authorities)
{
    const char *const *names = environment_taken();
    bool ok = true;

    for (; ok && *names; names++) {
        bool names_some = strncmp(*names, "SSL_CERT_", 9) == 0 ||
                          strcmp(*names, "CURL_CA_BUNDLE") == 0;
        ok = names_some != authorities || add(out, *names);
    }
    return ok;
}

/* A profile that names one has made up its mind. */
static bool add_proxies(const struct doctor *d, struct buf *out)
{
    return d->customer.profile.route.proxy || add_set(out, proxies);
}

/* What another source of the same thing has come before. */
static bool add_overruled(const struct doctor *d, struct buf *out)
{
    const struct profile *p = &d->customer.profile;
    const char *place = d->has_profile ? profile_token_place(p) : "";

    return (!p->url || !is_set("OMNITRON_URL") || add(out, "OMNITRON_URL")) &&
           (!profile_took_token() || !d->has_profile ||
               strcmp(place, "OMNITRON_TOKEN") == 0 ||
               add(out, "OMNITRON_TOKEN")) &&
           (!d->has_profile || !is_set("CREDENTIALS_DIRECTORY") ||
               strncmp(place, "$CRED", 5) == 0 ||
               add(out, "CREDENTIALS_DIRECTORY"));
}

/* One kind of variable, and what to do in their place. */
static bool put_kind(struct buf *out, const struct buf *names,
    const char *instead, const char *profile)
{
    return names->len == 0 ||
           buf_printf(out, "%s%s (%s%s)", out->len ? "; " : "", buf_text(names),
               instead, profile);
}

static bool put_all(const struct doctor *d, struct buf *out)
{
    const char *profile = d->profile_path;
    struct buf names = {0};
    bool ok = add_proxies(d, &names) &&
              put_kind(out, &names, "name a proxy in ", profile);

    buf_clear(&names);
    ok = ok && (d->customer.profile.route.ca_file || add_taken(&names, true)) &&
         put_kind(out, &names, "name a ca_file in ", profile);
    buf_clear(&names);
    ok = ok && add_taken(&names, false) &&
         put_kind(out, &names, "not for the environment to decide", "");
    buf_clear(&names);
    ok = ok && add_set(&names, lua) &&
         put_kind(out, &names, "modules lie beside the script", "");
    buf_clear(&names);
    ok = ok && add_overruled(d, &names) &&
         put_kind(out, &names, "what comes before it stands in ", profile);
    buf_free(&names);
    return ok;
}

void doctor_environment(struct doctor *d)
{
    const char *costs = as_root_costs();
    struct buf out = {0};

    if (costs)
        doctor_look(d, "user", "%s", costs);
    if (!put_all(d, &out))
        doctor_lost(d);
    else if (out.len)
        doctor_look(d, "environment", "set and not used: %s", out.data);
    buf_free(&out);
}
