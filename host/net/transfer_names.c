/* The names in a host's certificate. When it has no subjectAltName that is a
 * host or an address, libcurl falls back to the common name, which RFC 9110,
 * 4.3.4, forbids: "CN-ID identifiers … MUST NOT be used". */
#include "net/multi.h"

#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

/* What libcurl's answer is told by: no other check of OpenSSL's is this. */
enum { NO_NAMES = X509_V_ERR_APPLICATION_VERIFICATION };

static bool has_names(const X509 *certificate)
{
    GENERAL_NAMES *names =
        X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    bool found = false;

    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        int type = sk_GENERAL_NAME_value(names, i)->type;
        found |= type == GEN_DNS || type == GEN_IPADD;
    }
    GENERAL_NAMES_free(names);
    return found;
}

/* Of each certificate of the chain; the host's own is at depth 0. */
static int look(int ok, X509_STORE_CTX *chain)
{
    if (!ok || X509_STORE_CTX_get_error_depth(chain) > 0 ||
        has_names(X509_STORE_CTX_get_current_cert(chain)))
        return ok;
    X509_STORE_CTX_set_error(chain, NO_NAMES);
    return 0;
}

static CURLcode set_look(CURL *easy, void *context, void *arg)
{
    (void)easy, (void)arg;
    SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context), look);
    return CURLE_OK;
}

bool net_sees_names(void)
{
    char ours[32];
    const char *its = curl_version_info(CURLVERSION_NOW)->ssl_version;

    snprintf(ours, sizeof ours, "OpenSSL/%s",
        OpenSSL_version(OPENSSL_VERSION_STRING));
    return its && strcmp(its, ours) == 0;
}

CURLcode transfer_set_names(CURL *easy)
{
    if (!net_sees_names())
        return CURLE_OK;
    return curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, set_look);
}

bool transfer_lacks_names(const struct transfer *t, CURLcode code)
{
    long result = 0;

    if (code != CURLE_PEER_FAILED_VERIFICATION)
        return false;
    curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &result);
    return result == NO_NAMES;
}
