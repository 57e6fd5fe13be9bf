/* path.h: what the path of a URL can mean to a server, which decodes it, maybe
 * more than once, before it looks at it. Pure; knows no locale. */
#ifndef NET_PATH_H
#define NET_PATH_H

#include "base/error.h"

#include <stdbool.h>

/* What a path must not have in it; a list of them ends with a NULL name. */
struct path_never {
    const char *name; // "auth/login": segments in lower case
    const char *why;  // what is said then: one line
};

/* False: it has a segment "." or "..", a control character or what is not
 * UTF-8 in it, or one of the names (`never` may be NULL), as it stands or
 * decoded; or it is still encoded after some rounds. `path` begins with a
 * slash; no query behind it. */
bool path_check(
    const char *path, const struct path_never *never, struct error *err);

/* Whether it is one that the host makes: a slash, then letters, digits, "_",
 * "-" and slashes alone, so that nothing in it can be decoded. */
bool path_is_plain(const char *path);

#endif
