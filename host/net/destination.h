/* destination.h: where a request goes, by libcurl's own reading of its URL:
 * what is looked at here is the handle that the transfer then uses. */
#ifndef NET_DESTINATION_H
#define NET_DESTINATION_H

#include "base/error.h"
#include "net/path.h"

#include <curl/curl.h>
#include <stdbool.h>

/* NULL: libcurl cannot read it, it has a user in it, or no memory. The caller
 * frees it with curl_url_cleanup. */
CURLU *destination_read(const char *url, struct error *err);

/* Whether both have the same scheme, host and port. */
bool destination_is_at(CURLU *url, CURLU *origin, struct error *err);

/* Whether its path is one of Omnitron's API: behind /api/, and none that
 * path_check refuses. */
bool destination_is_api(
    CURLU *url, const struct path_never *never, struct error *err);

#endif
