/* customer.h: a customer's profile and secrets, as a command loads them. */
#ifndef CLI_CUSTOMER_H
#define CLI_CUSTOMER_H

#include "base/error.h"
#include "profile/profile.h"

struct customer { // {0}, then customer_free in any case
    struct profile profile;
    struct secret *token;    // owns; or, when the profile has a user,
    struct secret *password; // owns
};

/* The profile that is named, or the one beside a script or in a folder (NULL:
 * the current one); the defaults where there is none. */
bool customer_load(struct customer *c, const char *named,
    const char *script_or_folder, struct error *err);

/* Reads the token, or the password of the profile's user. */
bool customer_unlock(struct customer *c, struct error *err);

void customer_free(struct customer *c);

#endif
