#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>

/* Not by EVP: its first digest loads OpenSSL's providers, which takes as long
 * as the rest of a look at a journal. */
static bool take(
    const void *bytes, size_t len, unsigned char digest[SHA256_DIGEST_LENGTH])
{
    SHA256_CTX context;

    return SHA256_Init(&context) && SHA256_Update(&context, bytes, len) &&
           SHA256_Final(digest, &context);
}

bool digest_text(const void *bytes, size_t len, char out[DIGEST_TEXT_MAX])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];

    out[0] = '\0';
    if (!take(bytes, len, digest))
        return false;
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
    return true;
}

const char *digest_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}
