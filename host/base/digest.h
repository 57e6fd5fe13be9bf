/* digest.h: SHA-256 as text, for telling one version of a file from another. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

enum { DIGEST_TEXT_MAX = 65 }; // 64 digits and a NUL

/* The lower-case hex digits of the bytes' digest. False, and "": the library
 * has none to give. */
bool digest_text(const void *bytes, size_t len, char out[DIGEST_TEXT_MAX]);

/* The version of the library that is there: "3.0.19". */
const char *digest_version(void);

#endif
