#include "net/environment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* libcurl-env(3), openssl-env(7) and libcurl's tool. What ends with _ begins
 * a name. */
static const char *const names[] = {
    "CTLOG_FILE",
    "CURL_",
    "OPENSSL_",
    "RANDFILE",
    "SSLKEYLOGFILE",
    "SSL_CERT_",
};

static bool is_named(const char *entry, const char *name)
{
    size_t len = strlen(name);

    return strncmp(entry, name, len) == 0 &&
           (name[len - 1] == '_' || entry[len] == '=');
}

static bool is_unwanted(const char *entry)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_named(entry, names[i]))
            return true;
    return false;
}

enum { TAKEN_MAX = 16, NAME_MAX = 63 };

/* Copies, for the values must not be had from here. */
static char taken_names[TAKEN_MAX][NAME_MAX + 1];
static const char *taken[TAKEN_MAX + 1];
static size_t taken_count;

static void note(const char *entry)
{
    size_t len = strcspn(entry, "=");

    if (taken_count == TAKEN_MAX || len > NAME_MAX)
        return;
    memcpy(taken_names[taken_count], entry, len);
    taken[taken_count] = taken_names[taken_count];
    taken_count++;
}

const char *const *environment_taken(void)
{
    return taken;
}

/* By hand, since unsetenv wants the name in a block of its own. */
void environment_clean(void)
{
    char **to = environ;

    for (char **from = environ; from && *from; from++)
        if (!is_unwanted(*from))
            *to++ = *from;
        else
            note(*from);
    if (to)
        *to = NULL;
}

const char *environment_proxy(void)
{
    static const char *const proxies[] = {
        "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL};
    const char *const *name = proxies;

    while (*name && !(getenv(*name) && getenv(*name)[0]))
        name++;
    return *name;
}
