/* address.h: where an address leads to: into the world, or to this machine and
 * the networks around it. Pure. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/* Whether it is no address of the public network: loopback, private,
 * link-local, shared (RFC 6598), unspecified, multicast; also written as an
 * IPv6 address. What is neither IPv4 nor IPv6 is inside. */
bool address_is_inside(const struct sockaddr *address);

/* The same of its text, "10.0.0.1"; what is none is inside. */
bool address_text_is_inside(const char *text);

#endif
