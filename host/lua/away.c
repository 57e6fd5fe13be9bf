#include "lua/away.h"

#include <stdio.h>
#include <string.h>

/* NULL: there are too many. */
static struct away_host *find(struct away *away, const char *name)
{
    for (size_t i = 0; i < away->n; i++)
        if (strncmp(away->list[i].name, name, AWAY_NAME_MAX - 1) == 0)
            return &away->list[i];
    if (away->n == AWAY_MOST)
        return NULL;
    struct away_host *host = &away->list[away->n++];
    snprintf(host->name, sizeof host->name, "%s", name);
    return host;
}

void away_cost(
    struct away *away, const char *name, const char *words, bool ended)
{
    struct away_host *host = find(away, name);

    away->any = true;
    away->ended = away->ended || ended;
    if (!host)
        return;
    if (!host->words[0])
        snprintf(host->words, sizeof host->words, "%s", words);
    host->rows += !ended;
    host->ended = host->ended || ended;
    host->answers = false;
}

void away_answered(struct away *away, const char *name)
{
    struct away_host *host = find(away, name);

    if (host)
        host->answers = true;
}

bool away_counts(const struct away_host *host)
{
    return host->rows > 0 || host->ended;
}
