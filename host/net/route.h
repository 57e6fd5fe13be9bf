/* route.h: the way to a host, as a profile has it: what all requests on it have
 * in common. */
#ifndef NET_ROUTE_H
#define NET_ROUTE_H

#include <stdint.h>

struct route { // its texts are borrowed, but for the profile's own
    int64_t timeout_ms;
    int64_t connect_timeout_ms;
    const char *ca_file; // or NULL; trusted instead of the system's
    const char *proxy;   // for https alone; NULL: none. The environment's is
                         // never used
};

#endif
