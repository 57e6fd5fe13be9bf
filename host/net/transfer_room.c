/* What a transfer takes from the account of who asked for it. */
#include "net/multi.h"

#include <stdio.h>
#include <string.h>

/* libcurl's own for one transfer, and for its connection. */
enum { PLAIN_BYTES = 32 * 1024, TLS_BYTES = 96 * 1024, URL_COPIES = 4 };

static bool take(struct transfer *t, size_t bytes, struct error *err)
{
    if (!account_take(t->account, bytes))
        return account_refuse(t->account, err, "the request needs");
    t->taken += bytes;
    return true;
}

/* Headers are copied, and once more into the request. */
bool transfer_take_fixed(
    struct transfer *t, const struct transfer_request *req, struct error *err)
{
    size_t bytes =
        (req->plain ? PLAIN_BYTES : TLS_BYTES) + URL_COPIES * req->url_bytes;

    t->account = req->account;
    for (const char *const *h = req->headers; *h; h++)
        bytes += 2 * strlen(*h);
    return take(t, bytes, err);
}

void transfer_give_all(struct transfer *t)
{
    if (t->account)
        account_give(
            t->account, t->taken + t->reply.head.cap + t->reply.body.cap);
    t->taken = 0;
}

bool transfer_reserve(struct transfer *t, struct buf *b, size_t more)
{
    if (account_reserve(t->account, b, more))
        return true;
    t->full = t->account && buf_grows(b, more) > account_left(t->account);
    t->too_large |= t->full;
    return false;
}

bool transfer_has_room(const struct transfer *t, size_t more)
{
    const struct account *account = t->account;

    return !account || buf_grows(&t->reply.body, more) <= account_left(account);
}

bool transfer_refuse_reply(const struct account *account, struct error *err)
{
    return account_refuse(account, err, "the reply needs");
}

const char *transfer_full_words(struct transfer *t)
{
    struct error full;

    transfer_refuse_reply(t->account, &full);
    snprintf(
        t->error, sizeof t->error, "%.*s", (int)sizeof t->error - 1, full.text);
    return t->error;
}

bool transfer_wait_for_room(struct transfer *t)
{
    struct net *net = t->net;

    if (t->waits_for_room)
        return false;
    t->waits_for_room = true;
    t->next_short = net->first_short;
    net->first_short = t;
    return true;
}

void transfer_forget_wait(struct transfer *t)
{
    struct transfer **at = &t->net->first_short;

    while (*at && *at != t)
        at = &(*at)->next_short;
    if (*at)
        *at = t->next_short;
}
