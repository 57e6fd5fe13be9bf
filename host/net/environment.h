/* environment.h: what libcurl and OpenSSL would read from the environment.
 *
 * Some of it decides who can read the token, or whom it is sent to:
 * SSLKEYLOGFILE writes down the keys of every connection, OPENSSL_CONF loads
 * code, SSL_CERT_FILE and SSL_CERT_DIR name other authorities. None of it is
 * for whoever set up cron to say: the profile does (ca_file, proxy); `omnitron
 * doctor` says what was there.
 *
 * The variables of proxies (https_proxy, no_proxy …) stay, so that a profile
 * can say proxy = env "https_proxy"; net/ tells libcurl not to look. */
#ifndef NET_ENVIRONMENT_H
#define NET_ENVIRONMENT_H

/* Takes them out, for libraries and scripts alike: first thing in main,
 * before any thread. */
void environment_clean(void);

/* The names of what was taken out, for a person who wonders; NULL ends them.
 * Static, each of at most 63 bytes, the first 16 of them. */
const char *const *environment_taken(void);

/* The name of a variable that is set and names a proxy for https; NULL: none.
 * Static. */
const char *environment_proxy(void);

#endif
