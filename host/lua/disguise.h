/* disguise.h: a secret as somebody who received it may write it back.
 *
 * Against the page that shows a request's headers, not against a host that
 * wants to tell a script the token: that one has it, and knows other ways. */
#ifndef LUA_DISGUISE_H
#define LUA_DISGUISE_H

#include <stdbool.h>
#include <stddef.h>

enum { DISGUISE_MOST = 4096 }; // bytes of the longest secret

/* Whether the text shows it: as it is, each character for itself maybe as %41,
 * \u0041 or \A; in hexadecimal; in base64 of either alphabet, with whatever
 * around it; or backwards. A secret of less than 8 bytes is in none, one of
 * more than DISGUISE_MOST in all. */
bool disguise_shows(
    const char *text, size_t len, const char *secret, size_t secret_len);

#endif
