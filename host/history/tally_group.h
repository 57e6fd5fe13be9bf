/* tally_group.h: what is alike, counted together. */
#ifndef HISTORY_TALLY_GROUP_H
#define HISTORY_TALLY_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TALLY_GROUPS_MAX = 100 };

struct tally_group {
    char *kind, *words; // owned by the list; never NULL
    char *example;      // of the first one: where it came from, or ""
    int64_t count;
    int64_t item;    // of the first one, 0: none
    int64_t last_at; // of the latest one
};

/* What is added; borrowed for the call. */
struct tally_one {
    const char *kind, *words, *example;
    int64_t count, item, last_at;
};

/* {0} is an empty one. */
struct tally_groups { // owns its groups
    struct tally_group *list;
    size_t len;
    int64_t total;  // of all counts
    int64_t others; // of them, in none of the groups: there were too many
};

/* Adds to the group of the same kind and words, or makes it. False: no
 * memory. */
bool tally_groups_add(struct tally_groups *groups, const struct tally_one *one);

/* The largest first. */
void tally_groups_sort(struct tally_groups *groups);
void tally_groups_fini(struct tally_groups *groups);

#endif
