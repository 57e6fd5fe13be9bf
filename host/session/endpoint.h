/* endpoint.h: the Omnitron that a script speaks with, and by what right. */
#ifndef SESSION_ENDPOINT_H
#define SESSION_ENDPOINT_H

#include "delivery/token.h"
#include "profile/profile.h"

#include <stdbool.h>

struct endpoint {         // borrowed, all of it
    const char *origin;   // "https://acme.omnitron.net"; NULL: none, and
    const char *no_token; // why
    const char *name;     // as people know it: "acme.omnitron.net", "mock"
    const char *token;    // NULL: the profile's user logs in
    const char *username, *password; // without a token
    bool mock;                       // a simulated one
};

/* As a journal knows it: the origin, which of a mock is another each time. */
const char *endpoint_journal_name(const struct endpoint *endpoint);

/* What a token is asked of it with; log-ins are counted beside the journal at
 * `journal_path` (NULL: nowhere). All of it is borrowed. */
struct token_options endpoint_token_options(const struct endpoint *endpoint,
    const struct profile *profile, const char *journal_path);

#endif
