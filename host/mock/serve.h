/* serve.h: one request's way through the server: collected, answered, let
 * wait, sent, damaged or closed without a reply. libmicrohttpd calls these. */
#ifndef MOCK_SERVE_H
#define MOCK_SERVE_H

#include "call/breaker.h"
#include "call/pause.h"
#include "mock/site.h"

#include <microhttpd.h>

struct serve { // what a handler needs; borrowed by the daemon
    struct site *site;
    struct pause *pause;
    struct breaker *breaker;
};

/* The MHD_AccessHandlerCallback; `cls` is a struct serve. */
enum MHD_Result serve_request(void *cls, struct MHD_Connection *connection,
    const char *path, const char *method, const char *version,
    const char *bytes, size_t *size, void **state);

/* The MHD_RequestCompletedCallback: frees what a request had. */
void serve_forget(void *cls, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode why);

#endif
