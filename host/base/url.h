/* url.h: the scheme, host and port of a URL, strictly read.
 *
 * What it says of a host is what libcurl will talk to: spellings on which
 * two readers might differ (user:password@, backslashes, 127.1, a dot at the
 * end, non-ASCII) are refused. Owns nothing; knows no locale. */
#ifndef BASE_URL_H
#define BASE_URL_H

#include <stdbool.h>

enum {
    URL_HOST_MAX = 253 + 1,             // a DNS name and its NUL
    URL_ORIGIN_MAX = URL_HOST_MAX + 16, // https://, brackets, :65535
};

struct url {
    const char *scheme; // "https" "http" "ftp" "sftp"
    bool https;
    bool web;      // https or http
    bool loopback; // localhost, 127.x.x.x or ::1: stays on this machine
    int port;      // always set: the scheme's when the text has none
    char host[URL_HOST_MAX];     // lower case; an IPv6 address in brackets
    char origin[URL_ORIGIN_MAX]; // "https://host[:port]", default port left
                                 // out: equal for equal places
    const char *path; // borrowed from the text: what follows the port, maybe
                      // "", else beginning with '/' or '?'
};

/* False: *why is what is wrong with it, to be put behind its name ("has a
 * space in it"); a constant text, which shows nothing of a password. */
bool url_read(const char *text, struct url *out, const char **why);

/* The same, which also takes ftp:// and sftp://. */
bool url_read_any(const char *text, struct url *out, const char **why);

/* "host[:port]" as shown to people; borrowed from `url`. */
const char *url_place(const struct url *url);

#endif
