/* probe.h: what a host shows to anybody: that its name is known and its port
 * open, its TLS, its certificate, its clock. For a person who asks why.
 *
 * One GET, without a token. Where the certificate is refused, a second
 * connection is made that looks at it and closes: no request is sent over it,
 * and nothing that comes from it is believed. */
#ifndef NET_PROBE_H
#define NET_PROBE_H

#include "base/error.h"
#include "net/route.h"

#include <stdbool.h>
#include <stdint.h>

enum { PROBE_WORDS_MAX = 256, PROBE_TLS_MAX = 16 };

struct probe_request { // borrowed
    const char *url;
    struct route route;
};

struct probe {
    const char *kind;            // as transfer_reply's: "" when an answer came
    char words[PROBE_WORDS_MAX]; // libcurl's, ""
    bool sent;                   // a connection was made, and the GET left
    int status;                  // 0: no answer
    int64_t ms;                  // until the answer was there
    bool json;                   // the answer is JSON
    char tls[PROBE_TLS_MAX];     // "TLS 1.3"; "": none, or not known
    int64_t good_from, good_until; // of the host's certificate, seconds since
                                   // 1970; 0: not known
    // As transfer_ahead has it.
    bool dated;
    int64_t ahead_ms;
};

/* Waits for it. False: no memory, or libcurl cannot start. */
bool probe_host(const struct probe_request *request, struct probe *probe,
    struct error *err);

#endif
