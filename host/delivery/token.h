/* token.h: the token of one run, which its releases and a script's own
 * requests share, and the log-ins that get it: one at a time, never more
 * than logins.h allows. Tokens are numbered from 1; 0 is none. */
#ifndef DELIVERY_TOKEN_H
#define DELIVERY_TOKEN_H

#include "base/error.h"
#include "delivery/request.h"
#include "delivery/stop_reason.h"
#include "net/net.h"

#include <stdbool.h>

struct token; // owns the token of a log-in, its visit and its notes

struct token_options {
    struct request_options visit; // where to log in; its texts are borrowed
    const char *given;            // the token; NULL: there is a user
    const char *username, *password;
    const char *journal_path; // beside it log-ins are counted; NULL: none
};

/* NULL with a message. The options' texts are borrowed. */
struct token *token_new(
    struct net *net, const struct token_options *options, struct error *err);

/* Somebody who waits for a log-in; embedded in what it is for. `done` is
 * called once, when the log-in has ended, with its borrowed answer. */
struct token_wait {
    void (*done)(struct token_wait *wait, const struct wire_reply *reply);
    struct token_wait *next;
};

enum token_answer {
    TOKEN_HERE,  // token_text is what was wanted
    TOKEN_ASKED, // `done` will be called
    TOKEN_NONE,  // token_failure says why
};

/* Asks for a token newer than number `after`: the present one, or that of a
 * log-in, which others who ask meanwhile share. A log-in that failed is not
 * made again when a person must act, nor within 5 seconds. */
enum token_answer token_want(
    struct token *token, int after, struct token_wait *wait);

/* It waits no more; one that does not wait is allowed. */
void token_forget(struct token *token, struct token_wait *wait);

/* The present one, borrowed until the next log-in; NULL: none. */
const char *token_text(const struct token *token);
int token_number(const struct token *token);

/* Why the latest log-in brought none, or was not made. */
const struct stop_note *token_failure(const struct token *token);

/* A script's request with token `number` was answered, 401 or otherwise.
 * False: a 401, and a log-in would not help, since there is no user or the
 * token before was refused as well. */
bool token_answered(struct token *token, int number, bool refused);

/* Stops a log-in, wipes the token; NULL is allowed. Nobody waits any more. */
void token_free(struct token *token);

#endif
