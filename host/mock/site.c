#include "mock/site.h"

#include "base/mem.h"
#include "mock/canned.h"

#include <string.h>

/* Owned, but declared const in the options that callers fill. */
static void free_text(const char *text)
{
    mem_free((void *)(uintptr_t)text);
}

bool site_init(struct site *site, const struct mock_options *options)
{
    struct mock_options *own = &site->options;

    *site = (struct site){.options = *options};
    own->token = mem_strdup(options->token ? options->token : "mock");
    own->user = mem_strdup(options->user ? options->user : "mock");
    own->password = mem_strdup(options->password ? options->password : "mock");
    own->cert = options->cert ? mem_strdup(options->cert) : NULL;
    own->key = options->key ? mem_strdup(options->key) : NULL;
    site->limit = limit_new(&options->limit);
    return site->limit && own->token && own->user && own->password &&
           !own->cert == !options->cert && !own->key == !options->key;
}

void site_fini(struct site *site)
{
    free_text(site->options.token);
    free_text(site->options.user);
    free_text(site->options.password);
    free_text(site->options.cert);
    free_text(site->options.key);
    ledger_fini(&site->ledger);
    sent_fini(&site->sent);
    tls_free(&site->tls);
    canned_free(site->canned);
    limit_free(site->limit);
    memset(site, 0, sizeof *site);
}

static bool has_every_item(const struct site *site)
{
    return site->options.first_item == 0 && site->options.last_item == 0;
}

bool site_has_item(const struct site *site, int64_t item)
{
    if (has_every_item(site))
        return item > 0 && item != SITE_UNKNOWN_ITEM;
    return item > 0 && item >= site->options.first_item &&
           item <= site->options.last_item;
}

void site_listed(const struct site *site, int64_t *first, int64_t *last)
{
    bool every = has_every_item(site);

    *first = every ? 46761 : site->options.first_item;
    *last = every ? 46860 : site->options.last_item;
}
