#include "mock/options.h"

#include "mock/fault.h"
#include "mock/mock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void options_name(char *list, size_t size, const char *name)
{
    size_t used = strlen(list);
    snprintf(list + used, size - used, "%s%s", used ? ", " : "", name);
}

/* Plain digits, so no sign, no space; false when it is none or too large. */
static bool read_number(const char *text, char **end, int64_t *number)
{
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *number = strtoll(text, end, 10);
    return errno == 0;
}

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
    char *end;

    if (!read_number(text, &end, &range.first_item) || *end != '-' ||
        !read_number(end + 1, &end, &range.last_item) || *end ||
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
    return fault_read(text, options, err);
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
        options_name(known, sizeof known, repeats[i].name);
    }
    return error_set(err, ERROR_USAGE,
        "there is no answer '%.100s' to a repeated create_mapping; known: %s",
        text, known);
}
