/* tls.h: the certificate and the key that an https mock is given. */
#ifndef MOCK_TLS_H
#define MOCK_TLS_H

#include "base/buf.h"
#include "mock/mock.h"

struct tls { // {0}: plain http; owns the texts, in PEM
    struct buf cert, key;
};

/* Reads the files that the options name, if any. tls_free is due either
 * way. */
bool tls_read(
    struct tls *tls, const struct mock_options *options, struct error *err);
void tls_free(struct tls *tls);

#endif
