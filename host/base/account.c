#include "base/account.h"

#include <stdarg.h>
#include <stdio.h>

void account_collect(struct account *account)
{
    if (account && account->collect)
        account->collect(account->arg);
}

bool account_fits(struct account *account, size_t bytes)
{
    if (bytes <= account_left(account))
        return true;
    account_collect(account);
    return bytes <= account_left(account);
}

bool account_reserve(struct account *account, struct buf *b, size_t more)
{
    if (more < b->cap - b->len)
        return true;
    size_t grows = buf_grows(b, more);
    if (!account_take(account, grows))
        return false;
    if (buf_reserve(b, more))
        return true;
    account_give(account, grows);
    return false;
}

void account_free(struct account *account, struct buf *b)
{
    account_give(account, b->cap);
    buf_free(b);
}

bool account_try(struct account *account,
    bool (*attempt)(void *arg, struct error *err), void *arg, struct error *err)
{
    if (attempt(arg, err))
        return true;
    if (err->kind != ERROR_FULL)
        return false;
    account_collect(account);
    return attempt(arg, err);
}

bool account_refuse(
    const struct account *account, struct error *err, const char *needs, ...)
{
    char words[ACCOUNT_WORDS], start[sizeof err->text];
    va_list args;

    va_start(args, needs);
    vsnprintf(start, sizeof start, needs, args);
    va_end(args);
    return error_set(err, ERROR_FULL, "%s more than %s", start,
        account_words(account, words));
}

/* As the profile has it: whole mebibytes, or kibibytes. */
const char *account_words(const struct account *account, char *out)
{
    size_t kib = account->most >> 10;
    bool whole = kib % 1024 == 0;

    snprintf(out, ACCOUNT_WORDS, "the %zu%c of profile.lua (memory)",
        whole ? kib / 1024 : kib, whole ? 'M' : 'K');
    return out;
}
