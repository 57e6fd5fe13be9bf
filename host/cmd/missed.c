#include "cmd/missed.h"

#include "base/log.h"

#include <stdio.h>

void missed_say(const struct only *only, const char *script)
{
    char more[120] = "";

    if (only->bad)
        snprintf(more, sizeof more,
            " %lld of them failed or are invalid; plan without --only shows "
            "them.",
            (long long)only->bad);
    for (size_t i = 0; i < only->count; i++)
        if (!only->met[i] && only->passed[i][0])
            log_error("%s is in %s", only->values[i], only->passed[i]);
        else if (!only->met[i] && only->rows == 1)
            log_error("%s is not in the only line.%s", only->values[i], more);
        else if (!only->met[i] && only->rows)
            log_error("%s is in none of the %lld lines.%s", only->values[i],
                (long long)only->rows, more);
        else if (!only->met[i])
            log_error(
                "%s is nothing that %s releases.", only->values[i], script);
}
