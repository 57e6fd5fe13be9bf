/* away.h: the hosts that a run asked and that were away: an ERP's, or
 * Omnitron's own where a script asks it for more than releases.
 *
 * Away is one whose requests come to nothing in a way that passes (what
 * scripts/lib/tries.lua tries again). It counts when it cost a row, or the
 * script its end: what a script got over by itself is its own affair. */
#ifndef LUA_AWAY_H
#define LUA_AWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AWAY_MOST = 16, AWAY_NAME_MAX = 200, AWAY_WORDS_MAX = 400 };

struct away_host {
    char name[AWAY_NAME_MAX];   // "http://erp.acme.example:8080"
    char words[AWAY_WORDS_MAX]; // with which it cost something first, or ""
    int64_t rows;               // that wait for it
    bool ended;                 // it ended the script
    bool answers;               // its last request had an answer
};

/* {0}: none. Of more hosts than there is room for only `any` and `ended` are
 * known. */
struct away {
    struct away_host list[AWAY_MOST];
    size_t n;
    bool any, ended; // one cost something; one ended the script
};

/* A row waits for the host, or the script has ended for it. The texts are
 * copied, cut to fit. */
void away_cost(
    struct away *away, const char *name, const char *words, bool ended);

/* The host has answered. */
void away_answered(struct away *away, const char *name);

/* Whether it cost something. */
bool away_counts(const struct away_host *host);

#endif
