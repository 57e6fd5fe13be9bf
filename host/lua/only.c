#include "lua/only.h"

#include <stdio.h>
#include <string.h>

/* A value may be the item of one release and the code of another. */
bool only_wants(struct only *only, const struct journal_ask *ask)
{
    char digits[24];
    bool wanted = false;

    if (!only)
        return true;
    snprintf(digits, sizeof digits, "%lld", (long long)ask->order_item_id);
    for (size_t i = 0; i < only->count; i++)
        if (strcmp(only->values[i], digits) == 0 ||
            strcmp(only->values[i], ask->code) == 0)
            wanted = only->met[i] = true;
    return wanted;
}

void only_ended(struct only *only, const struct release_result *result)
{
    if (!only || result->verdict != VERDICT_CONFIRMED)
        return;
    only->released++;
    only->order_item_id = result->order_item_id;
    only->pk = result->mapping.pk;
    snprintf(only->code, sizeof only->code, "%s", result->code);
}

size_t only_missed(const struct only *only)
{
    size_t n = 0;

    for (size_t i = 0; only && i < only->count; i++)
        n += !only->met[i];
    return n;
}
