#include "base/url.h"

#include "base/ascii.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char digits[] = "0123456789";
static const char name_bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

/* What no URL may have in it, wherever. */
static const char *bad_byte(const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == ' ')
            return "has a space in it";
        if (c < 0x20 || c == 0x7F)
            return "has a control character in it";
        if (c >= 0x80)
            return "has a character in it that is not ASCII";
        if (c == '\\')
            return "has a backslash in it";
        if (c == '#')
            return "has a fragment (#) in it";
    }
    return NULL;
}

static const struct scheme {
    const char *name;
    int port;
    bool web;
} schemes[] = {
    {"https", 443, true},
    {"http", 80, true},
    {"ftp", 21, false},
    {"sftp", 22, false},
};

/* The scheme before "://", NULL when it is another. */
static const struct scheme *find_scheme(const char *text, bool web_only)
{
    char name[9] = "";
    const struct scheme *end = schemes + sizeof schemes / sizeof *schemes;
    size_t len = strcspn(text, ":");

    if (len >= sizeof name || strncmp(text + len, "://", 3) != 0)
        return NULL;
    for (size_t i = 0; i < len; i++)
        name[i] = ascii_lower(text[i]);
    for (const struct scheme *s = schemes; s < end; s++)
        if (strcmp(s->name, name) == 0 && (s->web || !web_only))
            return s;
    return NULL;
}

static const char *read_port(const char *text, size_t len, struct url *out)
{
    int port = 0;

    if (len == 0 || len > 5 || strspn(text, digits) < len)
        return "must have a port from 1 to 65535 behind the colon";
    for (size_t i = 0; i < len; i++)
        port = port * 10 + (text[i] - '0');
    if (port < 1 || port > 65535)
        return "must have a port from 1 to 65535 behind the colon";
    out->port = port;
    return NULL;
}

/* The one spelling of an IPv6 address. */
static const char *settle_ipv6(struct url *out)
{
    char text[URL_HOST_MAX];
    struct in6_addr address;
    size_t len = strlen(out->host);

    if (out->host[len - 1] != ']')
        return "has no IPv6 address in brackets";
    memcpy(text, out->host + 1, len - 2);
    text[len - 2] = '\0';
    if (inet_pton(AF_INET6, text, &address) != 1)
        return "has no IPv6 address in brackets";
    out->loopback = IN6_IS_ADDR_LOOPBACK(&address);
    inet_ntop(AF_INET6, &address, text, INET6_ADDRSTRLEN);
    snprintf(out->host, sizeof out->host, "[%.*s]", INET6_ADDRSTRLEN, text);
    return NULL;
}

/* A host that ends in a number is an IPv4 address to every reader, but 127.1
 * and 0x7f.1 not to all the same one. */
static bool looks_like_ipv4(const char *host)
{
    const char *dot = strrchr(host, '.');
    const char *last = dot ? dot + 1 : host;

    return last[strspn(last, digits)] == '\0' || strncmp(last, "0x", 2) == 0;
}

static const char *settle_name(struct url *out)
{
    const char *host = out->host;
    struct in_addr address;

    if (host[strspn(host, name_bytes)] != '\0')
        return "has a character in its host that no host name has";
    if (host[0] == '.' || host[strlen(host) - 1] == '.' || strstr(host, ".."))
        return "has a dot too many in its host";
    out->loopback = strcmp(host, "localhost") == 0;
    if (!looks_like_ipv4(host))
        return NULL;
    if (inet_pton(AF_INET, host, &address) != 1)
        return "has an IPv4 address that is not four plain numbers";
    out->loopback = ntohl(address.s_addr) >> 24 == 127;
    return NULL;
}

/* How many of the first `len` bytes are the host: up to the port. */
static size_t host_length(const char *text, size_t len)
{
    const char *end =
        text[0] == '[' ? memchr(text, ']', len) : memchr(text, ':', len);

    if (!end)
        return len;
    return (size_t)(end - text) + (*end == ']');
}

static const char *read_place(const char *text, size_t len, struct url *out)
{
    size_t n = host_length(text, len);

    if (memchr(text, '@', len))
        return "must not have a user or a password in it";
    if (n == 0)
        return "has no host";
    if (n >= sizeof out->host)
        return "has a host of more than 253 bytes";
    for (size_t i = 0; i < n; i++)
        out->host[i] = ascii_lower(text[i]);
    out->host[n] = '\0';
    if (n < len) {
        const char *why = text[n] == ':'
                              ? read_port(text + n + 1, len - n - 1, out)
                              : "has something between its host and its path";
        if (why)
            return why;
    }
    return text[0] == '[' ? settle_ipv6(out) : settle_name(out);
}

static void write_origin(struct url *out, const struct scheme *scheme)
{
    if (out->port == scheme->port)
        snprintf(out->origin, sizeof out->origin, "%s://%s", scheme->name,
            out->host);
    else
        snprintf(out->origin, sizeof out->origin, "%s://%s:%d", scheme->name,
            out->host, out->port);
}

static bool read_url(
    const char *text, bool web_only, struct url *out, const char **why)
{
    *out = (struct url){0};
    *why = bad_byte(text);
    if (*why)
        return false;
    const struct scheme *scheme = find_scheme(text, web_only);
    if (!scheme) {
        *why = "must begin with https://";
        return false;
    }
    out->scheme = scheme->name;
    out->web = scheme->web;
    out->https = scheme == &schemes[0];
    out->port = scheme->port;
    const char *place = text + strlen(scheme->name) + 3;
    size_t len = strcspn(place, "/?");
    out->path = place + len;
    *why = read_place(place, len, out);
    if (*why)
        return false;
    write_origin(out, scheme);
    return true;
}

bool url_read(const char *text, struct url *out, const char **why)
{
    return read_url(text, true, out, why);
}

bool url_read_any(const char *text, struct url *out, const char **why)
{
    return read_url(text, false, out, why);
}

const char *url_place(const struct url *url)
{
    return url->origin + strlen(url->scheme) + 3;
}
