#include "mock/fault_text.h"

#include "mock/fault.h"
#include "mock/option_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX = 40, ONE_MAX = 200 };

static const struct fault_row *find_row(const char *text, size_t len)
{
    const struct fault_row *row = fault_rows;

    while (row->name &&
           (strlen(row->name) != len || strncmp(row->name, text, len) != 0))
        row++;
    return row->name ? row : NULL;
}

static bool unknown_fault(const char *text, struct error *err)
{
    char known[500] = "";

    for (const struct fault_row *row = fault_rows; row->name; row++)
        option_text_name(known, sizeof known, row->name);
    return error_set(
        err, ERROR_USAGE, "there is no fault '%.60s'; known: %s", text, known);
}

/* "status:CODE" */
static const char *form_of(const struct fault_row *row, char *out)
{
    snprintf(out, NAME_MAX, "%s%s%s", row->name, row->arg ? ":" : "",
        row->arg ? row->arg : "");
    return out;
}

static bool wrong_form(
    const char *text, const struct fault_row *row, struct error *err)
{
    char name[NAME_MAX], range[100] = "";

    form_of(row, name);
    if (row->arg)
        snprintf(range, sizeof range, ", %s from %u to %u", row->arg,
            row->least, row->most);
    return error_set(err, ERROR_USAGE,
        "the fault '%.60s' is not understood: it is %s=RATE, %s@ITEM or "
        "%s@ITEM*TIMES, with a RATE from 0 to 1%s",
        text, name, name, name, range);
}

static bool read_arg(
    const char **at, const struct fault_row *row, unsigned *arg)
{
    int64_t number;

    if (!row->arg)
        return true;
    if (**at != ':' || !option_text_number(*at + 1, at, &number) ||
        number < row->least || number > row->most)
        return false;
    *arg = (unsigned)number;
    return true;
}

static bool read_rate(const char *text, double *rate)
{
    char *end;

    *rate = strtod(text, &end);
    return end != text && !*end && *rate >= 0 && *rate <= 1;
}

static bool read_item(const char *at, struct mock_fault *fault)
{
    fault->left = -1;
    if (!option_text_number(at, &at, &fault->item) || fault->item < 1)
        return false;
    if (*at == '*' &&
        (!option_text_number(at + 1, &at, &fault->left) || fault->left < 1))
        return false;
    return !*at;
}

static bool read_one(
    const char *text, struct mock_fault *fault, struct error *err)
{
    size_t len = strcspn(text, ":=@");
    const struct fault_row *row = find_row(text, len);
    const char *at = text + len;

    if (!row)
        return unknown_fault(text, err);
    *fault = (struct mock_fault){.row = (unsigned)(row - fault_rows)};
    if (!read_arg(&at, row, &fault->arg))
        return wrong_form(text, row, err);
    if ((*at == '=' && read_rate(at + 1, &fault->rate)) ||
        (*at == '@' && read_item(at + 1, fault)))
        return true;
    return wrong_form(text, row, err);
}

bool fault_text_read(
    const char *text, struct mock_options *options, struct error *err)
{
    size_t count = options->fault_count;
    struct mock_fault faults[MOCK_FAULTS_MAX];
    char one[ONE_MAX];

    for (bool more = true; more;) {
        size_t len = strcspn(text, ",");
        if (count == MOCK_FAULTS_MAX)
            return error_set(err, ERROR_USAGE, "there can be %d faults at most",
                MOCK_FAULTS_MAX);
        snprintf(one, sizeof one, "%.*s", (int)(len < ONE_MAX ? len : ONE_MAX),
            text);
        if (!read_one(one, &faults[count], err))
            return false;
        count++;
        more = text[len] == ',';
        text += len + 1;
    }
    for (; options->fault_count < count; options->fault_count++)
        options->faults[options->fault_count] = faults[options->fault_count];
    return true;
}

bool fault_text_help(struct buf *out)
{
    char name[NAME_MAX];
    bool ok = true;

    for (const struct fault_row *row = fault_rows; ok && row->name; row++)
        ok = buf_printf(out, "  %-26s %s\n", form_of(row, name), row->help);
    return ok;
}
