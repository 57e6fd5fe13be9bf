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

/* The kinds of variables, in the order in which they are said. */
enum { PROXIES, AUTHORITIES, OTHERS, LUA, OVERRULED, KINDS };

static bool list_all(const struct doctor *d, struct buf names[KINDS])
{
    return add_proxies(d, &names[PROXIES]) &&
           (d->customer.profile.route.ca_file ||
               add_taken(&names[AUTHORITIES], true)) &&
           add_taken(&names[OTHERS], false) && add_set(&names[LUA], lua) &&
           add_overruled(d, &names[OVERRULED]);
}

void doctor_environment(struct doctor *d)
{
    static const char *const called[KINDS] = {
        "proxies", "authorities", "others", "lua", "overruled"};
    const char *costs = as_root_costs();
    struct buf names[KINDS] = {0};
    struct doctor_fact facts[KINDS + 1] = {0};
    size_t n = 0;

    if (costs)
        doctor_look(
            d, "user", "error", DOCTOR_FACTS(DOCTOR_TEXT("words", costs)));
    bool ok = list_all(d, names);
    for (size_t i = 0; i < KINDS; i++)
        if (names[i].len)
            facts[n++] =
                (struct doctor_fact)DOCTOR_TEXT(called[i], buf_text(&names[i]));
    if (!ok)
        doctor_lost(d);
    else if (n)
        doctor_look(d, "environment", "not_used", facts);
    for (size_t i = 0; i < KINDS; i++)
        buf_free(&names[i]);
}
