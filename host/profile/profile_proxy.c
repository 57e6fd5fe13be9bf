/* Whether a text can be a proxy. libcurl would take a wrong one for a host that
 * does not answer, again with every run. */
#include "base/ascii.h"
#include "profile/profile_own.h"

#include <stdlib.h>
#include <string.h>

enum { PORT_MAX = 65535, PORT_DIGITS = 5 };

static bool has_scheme(const char *text)
{
    static const char *const known[] = {
        "http", "https", "socks4", "socks4a", "socks5", "socks5h"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ascii_begins(text, known[i]) && text[strlen(known[i])] == ':')
            return true;
    return false;
}

/* The bytes of a host at the start; 0: there is none. */
static size_t host_length(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    const char *end = text[0] == '[' ? strchr(text, ']') : NULL;

    return end ? (size_t)(end - text) + 1 : strspn(text, letters);
}

/* ":3128", or nothing, and maybe a slash behind it. */
static bool is_port(const char *text)
{
    if (text[0] == ':') {
        size_t len = strspn(++text, "0123456789");
        if (len == 0 || len > PORT_DIGITS || atol(text) > PORT_MAX)
            return false;
        text += len;
    }
    return strcmp(text, "") == 0 || strcmp(text, "/") == 0;
}

bool profile_is_proxy(const char *text)
{
    const char *colon = strstr(text, "://");

    if (strchr(text, ' ') || (colon && !has_scheme(text)))
        return false;
    text = colon ? colon + 3 : text;
    const char *user = strrchr(text, '@');
    text = user ? user + 1 : text;
    size_t len = host_length(text);
    return len > 0 && is_port(text + len);
}
