#include "mock/fault.h"

#include "mock/options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct fault_row {
    const char *name;
    enum fault_kind kind;
    const char *form; // of its value, for messages
    bool (*read)(const char *value, double *rate);
    size_t rate; // where it is in struct mock_options
};

static bool read_rate(const char *value, double *rate)
{
    char *end;
    double number = strtod(value, &end);

    if (end == value || *end || !(number >= 0 && number <= 1))
        return false;
    *rate = number;
    return true;
}

/* Of several that would befall one request, the first row wins. */
static const struct fault_row rows[] = {
    {"drop-after", FAULT_DROP_AFTER, "a rate from 0 to 1", read_rate,
        offsetof(struct mock_options, drop_after)},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static const struct fault_row *find_row(const char *text, size_t len)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strlen(rows[i].name) == len &&
            strncmp(rows[i].name, text, len) == 0)
            return &rows[i];
    return NULL;
}

static bool unknown_fault(const char *text, struct error *err)
{
    char known[200] = "";

    for (size_t i = 0; i < ROWS; i++)
        options_name(known, sizeof known, rows[i].name);
    return error_set(err, ERROR_USAGE,
        "there is no fault '%.100s'; known: %s (drop-after=0.05)", text, known);
}

bool fault_read(
    const char *text, struct mock_options *options, struct error *err)
{
    size_t len = strcspn(text, "=");
    const struct fault_row *row = find_row(text, len);
    double rate;

    if (!row)
        return unknown_fault(text, err);
    if (text[len] != '=' || !row->read(text + len + 1, &rate))
        return error_set(err, ERROR_USAGE,
            "the fault '%.100s' needs %s: %s=0.05", text, row->form, row->name);
    *(double *)(void *)((char *)options + row->rate) = rate;
    return true;
}

/* splitmix64's last step: every bit of the input reaches every bit of the
 * result. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* From 0 to below 1, the same for the same three. */
static double draw(uint64_t seed, uint64_t n, uint64_t row)
{
    return (double)(mix(mix(mix(seed) ^ row) ^ n) >> 11) * 0x1p-53;
}

enum fault_kind fault_choose(const struct mock_options *options, uint64_t n)
{
    for (size_t i = 0; i < ROWS; i++) {
        double rate = *(
            const double *)(const void *)((const char *)options + rows[i].rate);
        if (rate > 0 && draw(options->seed, n, i) < rate)
            return rows[i].kind;
    }
    return FAULT_NONE;
}
