/* mock.h: a simulated Omnitron on 127.0.0.1.
 *
 * Plays what is known of the API: create_mapping, log-in, orders, order
 * items, detailed orders, content types, with the refusals that go with
 * them, under /api/i1 and /api/v1. It keeps a ledger of every create_mapping
 * body that reached it (GET /__mock__/ledger, in order of arrival per item,
 * items in order of number). libmicrohttpd serves it from a thread of its
 * own. Only cmd/ starts one.
 *
 * Orders, customers and products follow from the item numbers alone. What
 * lists show is the range of items that was asked for, or 46761 to 46860. What
 * faults do is in fault.c: an entry of the ledger that one befell has its name
 * as "fault"; "dropped": true says that no byte of a reply was sent, beside the
 * status that it would have had (0: no handler saw it). During an outage the
 * entry has its kind as "outage".
 *
 * GET /__mock__/requests counts by method and route; POST /__mock__/fault and
 * /__mock__/outage change a running mock. */
#ifndef MOCK_MOCK_H
#define MOCK_MOCK_H

#include "base/error.h"
#include "mock/limit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mock; // owns its thread, its socket and its ledger

enum mock_repeat {  // what a second create_mapping of one item does
    MOCK_SAME,      // same pk if code and flag are the same, else 400
    MOCK_ACCEPT,    // a new mapping with a new pk beside the old one
    MOCK_REFUSE,    // 400
    MOCK_OVERWRITE, // the mapping takes the new code, same pk
};

enum { MOCK_FAULTS_MAX = 64 };

struct mock_fault { // one that was asked for; fault.c knows its meaning
    unsigned row;
    unsigned arg;
    double rate;  // of all create_mapping, when `item` is 0
    int64_t item; // this one's alone
    int64_t left; // how often still; -1: always
};

struct mock_options {
    uint16_t port;              // 0: the system chooses
    const char *token;          // NULL: "mock"
    const char *user;           // NULL: "mock"
    const char *password;       // NULL: "mock"
    unsigned latency_ms;        // before each reply
    struct limit_options limit; // of requests, above it 429; {0}: any
    int64_t first_item;         // the ids that exist; both 0: all but 99999
    int64_t last_item;          // at most 10^17
    uint64_t seed;              // of the faults' choices
    enum mock_repeat repeat;
    struct mock_fault faults[MOCK_FAULTS_MAX]; // by mock_read_fault
    size_t fault_count;
    unsigned outage;     // by mock_read_outage; 0: none
    unsigned token_uses; // requests that a token is good for; 0: any
    const char *cert;    // files in PEM: https; NULL: http
    const char *key;
    const char *serve;   // folder of canned replies; NULL: none
    const char *replies; // their table; NULL: replies.json in that folder
    size_t replies_len;
    bool strict; // a test's: nothing but those replies, and see canned.h
};

/* The strings are copied. NULL with a message when it cannot listen. */
struct mock *mock_start(const struct mock_options *options, struct error *err);

/* "http://127.0.0.1:PORT", or https, borrowed. */
const char *mock_url(const struct mock *mock);

/* Begins anew with other options, which have no cert; its URL stays. False:
 * an option is wrong and it is as it was, or it has ended. */
bool mock_again(
    struct mock *mock, const struct mock_options *options, struct error *err);

/* Ends its thread and frees it; NULL is allowed. */
void mock_stop(struct mock *mock);

/* libmicrohttpd's version at run time. */
const char *mock_version(void);

/* Readers of option values: "FIRST-LAST", a comma list of faults (they are
 * added), a kind of outage, and the names of enum mock_repeat. False with a
 * message that names the value. */
bool mock_read_items(
    const char *text, struct mock_options *options, struct error *err);
bool mock_read_fault(
    const char *text, struct mock_options *options, struct error *err);
bool mock_read_outage(
    const char *text, struct mock_options *options, struct error *err);
bool mock_read_repeat(
    const char *text, struct mock_options *options, struct error *err);

struct buf;

/* A line for each fault, for each kind of outage, for each answer to a second
 * create_mapping. False when there is no memory. */
bool mock_help_faults(struct buf *out);
bool mock_help_outages(struct buf *out);
bool mock_help_repeats(struct buf *out);

#endif
