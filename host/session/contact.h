/* contact.h: a word with the host for a command: a log-in, the first look,
 * waited for. No journal; a log-in counts in the notes beside it. */
#ifndef SESSION_CONTACT_H
#define SESSION_CONTACT_H

#include "base/error.h"
#include "delivery/request.h"
#include "delivery/stop_reason.h"
#include "journal/sidecar.h"
#include "profile/profile.h"

struct contact {                   // {0}, then contact_close in any case
    const struct profile *profile; // borrows, like the next
    const char *password;          // of its user, when there is no token
    struct net *net;               // owns, like the three that follow
    struct request *visit;
    struct sidecar *notes;
    struct secret *login; // the token of a log-in
    const char *token;    // that a look has; NULL: none yet
    /* Of the latest answer. */
    struct stop_note stop;
    int64_t ms;
    bool waiting;
};

/* Whose token or password is given; the profile is ready. */
bool contact_open(struct contact *c, const struct profile *profile,
    const char *token, const char *password, struct error *err);
void contact_close(struct contact *c);

/* Sees to it that there is a token. False: c->stop says why there is none;
 * nothing is sent when one log-in more would be too many. */
bool contact_log_in(struct contact *c);

/* The first look, with the token; the profile has one. False: c->stop says
 * why releases should not go out. */
bool contact_look(struct contact *c);

#endif
