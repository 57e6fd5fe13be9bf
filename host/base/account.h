/* account.h: the memory that a script causes, up to the profile's `memory`.
 *
 * Lua's blocks and what C keeps for the script are taken from one account. A
 * take that does not fit is an ordinary outcome of who asked, never a failure
 * of the program. Not thread-safe; a NULL account has no bound. */
#ifndef BASE_ACCOUNT_H
#define BASE_ACCOUNT_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct account {
    size_t used, most; // bytes; `used` is never above `most`
    /* Gives back what Lua no longer needs; NULL: there is no Lua. */
    void (*collect)(void *arg);
    void *arg;
};

/* Takes so many bytes. False: there are fewer, and nothing was taken. */
static inline bool account_take(struct account *account, size_t bytes)
{
    if (!account)
        return true;
    if (bytes > account->most - account->used)
        return false;
    account->used += bytes;
    return true;
}

/* The bytes that are left. */
static inline size_t account_left(const struct account *account)
{
    return account ? account->most - account->used : SIZE_MAX;
}

/* Gives back what was taken. */
static inline void account_give(struct account *account, size_t bytes)
{
    if (account)
        account->used -= bytes;
}

/* Collects Lua's garbage: what finalizers may touch must be in order. */
void account_collect(struct account *account);

/* Whether so many bytes are left, if need be after that. */
bool account_fits(struct account *account, size_t bytes);

/* As buf_reserve, of a buffer whose whole capacity is taken from the account;
 * its holder gives that back when it frees it. */
bool account_reserve(struct account *account, struct buf *b, size_t more);

/* As buf_free, for a buffer that was reserved so. */
void account_free(struct account *account, struct buf *b);

/* Makes the attempt; one that fails with ERROR_FULL, and has given back what it
 * took, is made once more without Lua's garbage. What the last one returned. */
bool account_try(struct account *account,
    bool (*attempt)(void *arg, struct error *err), void *arg,
    struct error *err);

/* Says that there is no room for what `needs` says: "memory: a release needs".
 * False, ERROR_FULL. */
bool account_refuse(const struct account *account, struct error *err,
    const char *needs, ...) __attribute__((format(printf, 3, 4)));

enum { ACCOUNT_WORDS = 80 };

/* "the 64M of profile.lua (memory)", for messages; `out` has ACCOUNT_WORDS
 * bytes and is returned. */
const char *account_words(const struct account *account, char *out);

#endif
