#include "mock/options.h"

#include "mock/fault.h"
#include "mock/fault_text.h"
#include "mock/option_text.h"
#include "mock/outage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool options_items_fit(const struct mock_options *options)
{
    return options->first_item >= 1 &&
           options->first_item <= options->last_item &&
           options->last_item <= OPTIONS_ITEM_MAX;
}

bool mock_read_items(
    const char *text, struct mock_options *options, struct error *err)
{
    struct mock_options range = {0};
    const char *end;

    if (!option_text_number(text, &end, &range.first_item) || *end != '-' ||
        !option_text_number(end + 1, &end, &range.last_item) || *end ||
        !options_items_fit(&range))
        return error_set(err, ERROR_USAGE,
            "the items '%.100s' are not FIRST-LAST: two order item numbers, "
            "such as 46761-46860",
            text);
    options->first_item = range.first_item;
    options->last_item = range.last_item;
    return true;
}

bool mock_read_fault(
    const char *text, struct mock_options *options, struct error *err)
{
    return fault_text_read(text, options, err);
}

bool mock_read_outage(
    const char *text, struct mock_options *options, struct error *err)
{
    return outage_read(text, options, err);
}

bool mock_help_faults(struct buf *out)
{
    return fault_text_help(out);
}

bool mock_help_outages(struct buf *out)
{
    return outage_help(out);
}

bool options_fit_tls(const struct mock_options *options, struct error *err)
{
    const char *bare = options->cert ? fault_bare(options) : NULL;

    return !bare ||
           error_set(err, ERROR_USAGE,
               "the fault %s writes to the bare socket: leave --cert and "
               "--key away",
               bare);
}

static const struct {
    const char *name;
    enum mock_repeat repeat;
} repeats[] = {
    {"same", MOCK_SAME},
    {"accept", MOCK_ACCEPT},
    {"refuse", MOCK_REFUSE},
    {"overwrite", MOCK_OVERWRITE},
};

bool mock_read_repeat(
    const char *text, struct mock_options *options, struct error *err)
{
    char known[100] = "";

    for (size_t i = 0; i < sizeof repeats / sizeof repeats[0]; i++) {
        if (strcmp(text, repeats[i].name) == 0) {
            options->repeat = repeats[i].repeat;
            return true;
        }
        option_text_name(known, sizeof known, repeats[i].name);
    }
    return error_set(err, ERROR_USAGE,
        "there is no answer '%.100s' to a repeated create_mapping; known: %s",
        text, known);
}

bool mock_help_repeats(struct buf *out)
{
    bool ok = true;

    for (size_t i = 0; ok && i < sizeof repeats / sizeof repeats[0]; i++)
        ok = buf_printf(out, "  %s\n", repeats[i].name);
    return ok;
}
