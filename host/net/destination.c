#include "net/destination.h"

#include "base/ascii.h"

#include <string.h>

static const char api_path[] = "/api/";

CURLU *destination_read(const char *url, struct error *err)
{
    CURLU *to = curl_url();
    CURLUcode code = to ? curl_url_set(to, CURLUPART_URL, url,
                              CURLU_PATH_AS_IS | CURLU_DISALLOW_USER)
                        : CURLUE_OUT_OF_MEMORY;

    if (!code)
        return to;
    curl_url_cleanup(to);
    if (code == CURLUE_OUT_OF_MEMORY)
        error_memory(err);
    else
        error_set(err, ERROR_OTHER, "libcurl: %s", curl_url_strerror(code));
    return NULL;
}

/* *text is NULL when it has none, else the caller's: curl_free. */
static bool take_part(
    CURLU *url, CURLUPart part, char **text, struct error *err)
{
    *text = NULL;
    return curl_url_get(url, part, text, CURLU_DEFAULT_PORT) !=
               CURLUE_OUT_OF_MEMORY ||
           error_memory(err);
}

/* Names of hosts have no case; the rest has none either, or is not there. */
static bool is_same(const char *a, const char *b)
{
    return a && b ? ascii_same(a, b) : a == b;
}

/* Whether it is the same part of both; what only one has is not. */
static bool shares(CURLU *url, CURLU *origin, CURLUPart part, struct error *err)
{
    char *ours = NULL, *its = NULL;
    bool ok =
        take_part(url, part, &ours, err) && take_part(origin, part, &its, err);

    if (ok && !is_same(ours, its))
        ok = error_set(err, ERROR_OTHER,
            "the URL does not lead to the place that it is for: nothing was "
            "sent");
    curl_free(ours);
    curl_free(its);
    return ok;
}

bool destination_is_at(CURLU *url, CURLU *origin, struct error *err)
{
    static const CURLUPart parts[] = {CURLUPART_SCHEME, CURLUPART_HOST,
        CURLUPART_PORT, CURLUPART_ZONEID, CURLUPART_USER, CURLUPART_PASSWORD,
        CURLUPART_OPTIONS, CURLUPART_FRAGMENT};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!shares(url, origin, parts[i], err))
            return false;
    return true;
}

bool destination_is_api(
    CURLU *url, const struct path_never *never, struct error *err)
{
    char *path;
    bool ok = take_part(url, CURLUPART_PATH, &path, err);

    if (ok && (!path || strncmp(path, api_path, strlen(api_path)) != 0))
        ok = error_set(err, ERROR_OTHER,
            "the path does not begin with /api/: nothing was sent");
    ok = ok && path_check(path, never, err);
    curl_free(path);
    return ok;
}
