/* Where a transfer goes, and with what. What libcurl is given is the handle
 * that was looked at, never a text that it would read once more. */
#include "net/destination.h"
#include "net/multi.h"

#include <string.h>

/* A proxy would read along: what is not encrypted stays on its way to this
 * machine. Unset, CURLOPT_NOPROXY is the environment's. */
static const char *without_proxy(const char *url)
{
    static const char none[] = "", all[] = "*";

    return strncmp(url, "https://", 8) == 0 ? none : all;
}

/* libcurl would copy the same text for each request. */
static bool set_noproxy(
    struct transfer *t, const char *hosts, struct error *err)
{
    if (t->noproxy == hosts)
        return true;
    if (curl_easy_setopt(t->easy, CURLOPT_NOPROXY, hosts))
        return error_memory(err);
    t->noproxy = hosts;
    return true;
}

/* Of a folder, its names are asked for; of a file they must not be: NLST
 * would take the place of RETR. */
static bool names_folder(const char *url)
{
    size_t len = strlen(url);

    return len > 0 && url[len - 1] == '/';
}

static bool set_folder(struct transfer *t, const char *url, struct error *err)
{
    return t->web ||
           !curl_easy_setopt(
               t->easy, CURLOPT_DIRLISTONLY, (long)names_folder(url)) ||
           error_memory(err);
}

static bool set_body(
    struct transfer *t, const char *body, size_t len, struct error *err)
{
    if (!body)
        return true;
    if (t->reads)
        return error_set(err, ERROR_OTHER, "a GET or HEAD has no body");
    return (!curl_easy_setopt(
                t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len) &&
               !curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, body)) ||
           error_memory(err);
}

/* Takes the handle, in place of the one before it. */
static bool use_url(
    struct transfer *t, CURLU *url, const char *text, struct error *err)
{
    if (curl_easy_setopt(t->easy, CURLOPT_CURLU, url)) {
        curl_url_cleanup(url);
        return error_memory(err);
    }
    curl_url_cleanup(t->url);
    t->url = url;
    return set_noproxy(t, without_proxy(text), err);
}

static bool may_go(
    struct transfer *t, CURLU *url, bool whole, struct error *err)
{
    return (!t->only || destination_is_at(url, t->only, err)) &&
           (!t->only_api || !whole || destination_is_api(url, t->never, err));
}

static bool aim_at(
    struct transfer *t, const char *text, bool whole, struct error *err)
{
    CURLU *url = destination_read(text, err);

    if (!url)
        return false;
    if (may_go(t, url, whole, err))
        return use_url(t, url, text, err);
    curl_url_cleanup(url);
    return false;
}

bool transfer_aim(struct transfer *t, const char *url, const char *body,
    size_t body_len, struct error *err)
{
    return aim_at(t, url, true, err) && set_folder(t, url, err) &&
           set_body(t, !body && t->posts ? "" : body, body_len, err);
}

bool transfer_set_base(struct transfer *t, const char *url, struct error *err)
{
    return aim_at(t, url, false, err);
}

/* A plain path cannot leave the base, nor be another than it looks: what
 * remains to be seen of it is where it begins. */
bool transfer_aim_path(struct transfer *t, const char *path, const char *body,
    size_t body_len, struct error *err)
{
    if (!path_is_plain(path) || (t->only_api && strncmp(path, "/api/", 5) != 0))
        return error_set(
            err, ERROR_OTHER, "the path is none that a release has");
    if (curl_url_set(t->url, CURLUPART_PATH, path, 0))
        return error_memory(err);
    return set_body(t, body, body_len, err);
}
