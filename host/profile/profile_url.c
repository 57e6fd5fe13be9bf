#include "profile/profile_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char variable[] = "OMNITRON_URL";

static bool is_placeholder(const struct url *url)
{
    return strstr(url->host, "change-me") != NULL;
}

bool profile_set_url(
    struct profile *p, const char *name, const char *text, struct error *err)
{
    struct url url;
    const char *why;

    p->origin[0] = p->host[0] = '\0';
    p->loopback = false;
    if (!url_read(text, &url, &why))
        return error_set(err, ERROR_USAGE, "%s %s", name, why);
    if (url.path[0] != '\0' && strcmp(url.path, "/") != 0)
        return error_set(err, ERROR_USAGE,
            "%s must end with the host: %s, nothing behind it", name,
            url.origin);
    if (!url.https && !url.loopback)
        return error_set(err, ERROR_USAGE,
            "%s would send the token to %s unencrypted: write https://%s", name,
            url.host, url.host);
    if (is_placeholder(&url))
        return true;
    snprintf(p->origin, sizeof p->origin, "%s", url.origin);
    snprintf(p->host, sizeof p->host, "%s", url_place(&url));
    p->loopback = url.loopback;
    return true;
}

static const char *environment_url(void)
{
    const char *text = getenv(variable);

    return text && text[0] ? text : NULL;
}

void profile_url_from_environment(struct profile *p)
{
    const char *text = environment_url();
    struct error later; // profile_ready looks again

    if (text)
        profile_set_url(p, variable, text, &later);
}

static bool is_missing(const struct profile *p, struct error *err)
{
    if (!p->path)
        return error_set(err, ERROR_USAGE,
            "there is no profile and no OMNITRON_URL: omnitron init makes a "
            "profile, --profile FILE names one");
    return error_set(err, ERROR_USAGE,
        "%s: url is not set: url = \"https://acme.omnitron.net\" (or "
        "OMNITRON_URL)",
        p->path);
}

bool profile_ready(const struct profile *p, struct error *err)
{
    const char *text = p->url ? p->url : environment_url();
    struct profile tried;

    if (p->host[0])
        return profile_ca_ready(p, err);
    if (!text)
        return is_missing(p, err);
    if (!profile_set_url(&tried, variable, text, err))
        return false;
    return error_set(err, ERROR_USAGE,
        "%s%s is still %s: fill in the address of the customer's Omnitron",
        p->url ? p->path : "", p->url ? ": url" : variable, text);
}
