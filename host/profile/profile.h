/* profile.h: a customer's settings, from profile.lua beside the script.
 *
 * The file is Lua data: it is evaluated in a small Lua state of its own, with
 * nothing to call but env(NAME) and secret(FILE), and either returns a table
 *
 *     return { url = "https://acme.omnitron.net", token_file = "token" }
 *
 * or assigns the keys as they are (`url = "…"`), not both. Every key is
 * checked, unknown ones are refused; the rows are in profile_key.c. Relative
 * paths are beside the profile, `~` is not expanded.
 *
 * A struct profile owns all that it points to. main takes the environment
 * first; a command loads or defaults one, and frees it last. One thread at a
 * time. */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

#include "base/error.h"
#include "base/secret.h"
#include "base/url.h"
#include "net/route.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lua_State;
struct profile_own;

enum profile_when_unknown { PROFILE_HOLD, PROFILE_RESEND };

struct profile {
    const char *path;   // profile.lua as it was named; NULL: there is none
    const char *folder; // that it is in; "." for the current one

    const char *url; // as the file says it; NULL: it does not
    // Both "": there is no host yet, profile_ready says why.
    char origin[URL_ORIGIN_MAX]; // "https://host[:port]", normalised
    char host[URL_ORIGIN_MAX];   // as shown: "acme.omnitron.net", ":8443"
    bool loopback;               // that host is this machine

    const char *token_file; // or NULL
    const char *username;   // or NULL; with
    const char *password_file;

    const char *prefix; // "i1" or "v1"
    int at_once;        // 1 to 64; 0: auto
    double per_second;  // releases a second at most; 0: as many as go
    struct route route; // owns its texts
    int tries;
    int64_t retry_rejected_ms; // 0: every time it is released again
    enum profile_when_unknown when_unknown;
    bool not_done[600]; // by status: "not applied" here; 408, 409, 5xx
    bool unique_codes;
    const char *const *canceled; // a cancel_status that means it, too
    size_t canceled_count;
    bool update_stock_explicit; // a release must say update_stock
    const char *first_look;     // a path, its prefix put in; NULL: none
    const char *journal;
    size_t memory; // bytes a script may have
    int64_t run_away_ms;
    int quiet_runs; // in a row in which a host that is away is not told to cron
    const char *const *modules; // C modules a script may load
    size_t module_count;
    bool keep_rows;

    struct profile_own *own; // its memory, secrets and settings
};

/* Takes OMNITRON_TOKEN out of the environment, overwritten in place, and
 * keeps it for profile_token: first thing in main, before any thread. A
 * value that cannot be a token is taken too; profile_token says so if it
 * would have been the one. False: no memory; the variable is gone then too. */
bool profile_take_environment(struct error *err);

/* Whether OMNITRON_TOKEN was there to be taken. */
bool profile_took_token(void);

/* Wipes what profile_take_environment kept. */
void profile_forget_environment(void);

/* The same, if the token is a word that everybody knows: it is not masked. */
void profile_forget_public(const char *word);

/* From now on a secret that is missing or empty is its file's name: for tests
 * of scripts, which run where no secret is, and ask nobody outside. */
void profile_without_secrets(void);

/* Evaluates and checks FILE. False: ERROR_USAGE with one line that names file
 * and key, or ERROR_MEMORY; *out then needs no profile_free. A url that is
 * missing or still the placeholder is no failure here, since --mock and check
 * need none: profile_ready. */
bool profile_load(const char *path, struct profile *out, struct error *err);

/* A profile without a file: every default, the url from OMNITRON_URL, paths
 * in the current folder. profile_free is allowed, not needed. */
void profile_defaults(struct profile *out);

/* Whether there is a host to talk to. False: url is not set, is still the
 * placeholder of `omnitron init`, or OMNITRON_URL is none; or there is no
 * certificate in ca_file. */
bool profile_ready(const struct profile *p, struct error *err);

/* The API token: token_file, else $CREDENTIALS_DIRECTORY/omnitron-token, else
 * the OMNITRON_TOKEN that was taken. *token is the caller's to free; NULL and
 * true: this profile logs in with username and profile_password. */
bool profile_token(
    const struct profile *p, struct secret **token, struct error *err);

/* The password in password_file, the caller's to free. Only for a profile
 * with a username. */
bool profile_password(
    const struct profile *p, struct secret **password, struct error *err);

/* Protects (protected.h) the files that a script may not open: that of the
 * token or the password, whether it was read or not, and the journal. */
bool profile_protect(const struct profile *p, struct error *err);

/* Whether `not_done` may have this status. */
bool profile_may_be_not_done(int64_t status);

/* Where the token comes from, for people: "acme/token", "OMNITRON_TOKEN",
 * "$CREDENTIALS_DIRECTORY/omnitron-token", with a username the file of its
 * password; "" for nowhere. Borrowed. */
const char *profile_token_place(const struct profile *p);

/* Pushes a copy of `settings` onto another state: a table (empty without
 * settings) that raises when a key is read that it does not have, down to its
 * nested tables; numbers as keys read nil. May raise a memory error of L;
 * nothing leaks then. */
void profile_push_settings(const struct profile *p, struct lua_State *L);

/* The n-th key, from 0, and its default as Lua (NULL: none); NULL behind the
 * last. */
const char *profile_key(size_t n, const char **otherwise);

/* profile.lua in the folder, or beside the script, that is named; NULL names
 * the current folder. It need not exist. The caller frees it (mem_free);
 * NULL: no memory. */
char *profile_beside(const char *script_or_folder);

/* Wipes and frees what it owns. */
void profile_free(struct profile *p);

#endif
