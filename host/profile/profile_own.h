/* profile_own.h: what the files of the profile share; nobody else's.
 *
 * profile.c reads the file, profile_own.c has its memory, profile_evaluate.c
 * runs it, profile_key.c checks the keys, profile_settings.c the settings,
 * profile_url.c the host, profile_token.c finds the token. */
#ifndef PROFILE_PROFILE_OWN_H
#define PROFILE_PROFILE_OWN_H

#include "profile/profile.h"

struct buf;
struct lua_State;
struct profile_block;

/* What secret(FILE) gave: masked until the profile is freed. */
struct profile_secret {
    struct profile_secret *next;
    struct secret *secret; // or NULL
};

struct profile_own {
    struct profile_block *blocks; // what the profile's fields point to
    struct profile_secret *secrets;
    struct lua_State *state; // holds the settings
    size_t used;             // bytes of that state
    bool full;               // it wanted more than it may have
};

/* Wipes and frees all of it; NULL is allowed. */
void profile_own_free(struct profile_own *own);

/* Wiped and freed with the profile. NULL: no memory. */
void *profile_alloc(struct profile *p, size_t size);

/* A copy of `text`, or of its first `len` bytes; kept likewise. */
const char *profile_keep(struct profile *p, const char *text, size_t len);

/* `path` beside the profile, or as it is when absolute; kept likewise. */
const char *profile_join(struct profile *p, const char *path);

/* A text for a message, in quotes, cut short, without control characters; "a
 * secret" when one is in it. Returns out. */
enum { PROFILE_SHOWN = 64 };
const char *profile_show(
    const struct profile *p, const char *text, char out[PROFILE_SHOWN]);

/* One evaluation of a file; lives on the stack of profile_load. */
struct profile_reading {
    struct profile *p;
    struct error *err;
};

/* Runs the text of profile.lua in a state of its own, which the profile owns,
 * and fills the profile from what it assigns or returns. False: err. */
bool profile_evaluate(
    struct profile *p, const struct buf *text, struct error *err);

/* Checks the table on top of L and fills the profile from it. False: err. May
 * raise memory errors. */
bool profile_read_keys(struct profile_reading *r, struct lua_State *L);

/* Checks that the table on top of L is plain data and keeps it. Likewise. */
bool profile_keep_settings(struct profile_reading *r, struct lua_State *L);

/* Fills origin, host and loopback from a URL; none for the placeholder.
 * False: err, with `name` in front. */
bool profile_set_url(
    struct profile *p, const char *name, const char *text, struct error *err);

/* Likewise from OMNITRON_URL. What is wrong with it only matters to whoever
 * needs a host: profile_ready says it. */
void profile_url_from_environment(struct profile *p);

/* Whether there are certificates in the ca_file, if it names one. */
bool profile_ca_ready(const struct profile *p, struct error *err);

/* Whether the text can be a proxy: a scheme that curl knows for one, or none,
 * a user or none, a host, a port or none. */
bool profile_is_proxy(const char *text);

#endif
