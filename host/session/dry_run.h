/* dry_run.h: what stands in for the journal and the delivery where nothing is
 * released: a journal that is only read, a plan over it, and a token for what
 * a script reads of the API. */
#ifndef SESSION_DRY_RUN_H
#define SESSION_DRY_RUN_H

#include "net/net.h"
#include "session/endpoint.h"
#include "session/plan_book.h"

struct dry_run {            // {0}, then dry_run_close in any case
    struct lookup *journal; // owns, like the three that follow; NULL: none
    struct token *token;    // NULL: there is no Omnitron
    struct plan *plan;
    struct plan_book book; // rows and notes, as they came
    int64_t refused;       // in the journal, but for what would be released
};

struct dry_run_options { // borrowed
    const struct profile *profile;
    const struct endpoint *endpoint;
    const char *journal;     // path; NULL: there is none to look at
    struct account *account; // the script's
};

bool dry_run_open(struct dry_run *dry, struct net *net,
    const struct dry_run_options *options, struct error *err);

/* Counts a row, and keeps it while the account has room. */
void dry_run_add(
    struct dry_run *dry, const struct plan_row *row, struct account *account);

/* While the network is still open. */
void dry_run_close(struct dry_run *dry);

#endif
