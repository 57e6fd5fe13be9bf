#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* The networks that are inside: IANA's registries of special-purpose
 * addresses. */
static const struct {
    uint32_t network;
    int bits;
} inside_v4[] = {
    {0x00000000, 8},  // 0.0.0.0
    {0x0A000000, 8},  // 10
    {0x64400000, 10}, // 100.64
    {0x7F000000, 8},  // 127
    {0xA9FE0000, 16}, // 169.254
    {0xAC100000, 12}, // 172.16
    {0xC0000000, 24}, // 192.0.0
    {0xC0A80000, 16}, // 192.168
    {0xC6120000, 15}, // 198.18
    {0xE0000000, 3},  // 224 and above
};

static const struct {
    unsigned char network[2];
    int bits;
} inside_v6[] = {
    {{0xFC, 0x00}, 7},  // fc00::
    {{0xFE, 0x80}, 10}, // fe80::
    {{0xFE, 0xC0}, 10}, // fec0::
    {{0xFF, 0x00}, 8},  // multicast
};

/* The networks whose addresses hold an IPv4 address, at byte `at`. */
static const struct {
    unsigned char network[12];
    size_t len, at;
} with_v4[] = {
    {{0}, 12, 12},                                              // ::a.b.c.d
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, 12, 12},       // mapped
    {{0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0}, 12, 12},       // translated
    {{0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0}, 12, 12}, // NAT64
    {{0x00, 0x64, 0xFF, 0x9B, 0, 1}, 6, 12},                    // its local one
    {{0x20, 0x02}, 2, 2},                                       // 6to4
};

static bool is_inside_v4(uint32_t address)
{
    for (size_t i = 0; i < sizeof inside_v4 / sizeof *inside_v4; i++)
        if ((address ^ inside_v4[i].network) >> (32 - inside_v4[i].bits) == 0)
            return true;
    return false;
}

static bool holds_inside_v4(const unsigned char *bytes)
{
    uint32_t address;

    for (size_t i = 0; i < sizeof with_v4 / sizeof *with_v4; i++) {
        if (memcmp(bytes, with_v4[i].network, with_v4[i].len) != 0)
            continue;
        memcpy(&address, bytes + with_v4[i].at, sizeof address);
        return is_inside_v4(ntohl(address));
    }
    return false;
}

/* ::1 and :: are among those that hold one, of network 0. */
static bool is_inside_v6(const unsigned char *bytes)
{
    unsigned top = (unsigned)bytes[0] << 8 | bytes[1];

    for (size_t i = 0; i < sizeof inside_v6 / sizeof *inside_v6; i++) {
        const unsigned char *network = inside_v6[i].network;
        unsigned differs = top ^ ((unsigned)network[0] << 8 | network[1]);
        if (differs >> (16 - inside_v6[i].bits) == 0)
            return true;
    }
    return holds_inside_v4(bytes);
}

bool address_is_inside(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    switch (address->sa_family) {
    case AF_INET:
        memcpy(&v4, address, sizeof v4);
        return is_inside_v4(ntohl(v4.sin_addr.s_addr));
    case AF_INET6:
        memcpy(&v6, address, sizeof v6);
        return is_inside_v6(v6.sin6_addr.s6_addr);
    default:
        return true;
    }
}

bool address_text_is_inside(const char *text)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, text, &v4) == 1)
        return is_inside_v4(ntohl(v4.s_addr));
    return inet_pton(AF_INET6, text, &v6) != 1 || is_inside_v6(v6.s6_addr);
}
