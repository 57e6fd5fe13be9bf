#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>

bool digest_text(const void *bytes, size_t len, char out[DIGEST_TEXT_MAX])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int n = 0;

    out[0] = '\0';
    if (!EVP_Digest(bytes, len, digest, &n, EVP_sha256(), NULL) ||
        n != (DIGEST_TEXT_MAX - 1) / 2)
        return false;
    for (unsigned int i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
    return true;
}

const char *digest_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}
