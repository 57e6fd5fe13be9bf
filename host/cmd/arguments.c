#include "cmd/arguments.h"

#include "base/duration.h"
#include "base/instant.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t find_row(
    const struct option_row *rows, const char *name, size_t len)
{
    size_t i = 0;

    while (rows[i].name && (strlen(rows[i].name) != len ||
                               strncmp(rows[i].name, name, len) != 0))
        i++;
    return i;
}

static size_t find_letter(const struct option_row *rows, char letter)
{
    size_t i = 0;

    while (rows[i].name && rows[i].letter != letter)
        i++;
    return i;
}

static bool unknown(
    const struct option_row *rows, const char *word, struct error *err)
{
    struct buf list = {0};

    for (size_t i = 0; rows[i].name; i++)
        (void)buf_printf(&list, "%s--%s", i ? ", " : "", rows[i].name);
    error_set(err, ERROR_USAGE, "there is no option %s here (there are: %s)",
        word, buf_text(&list));
    buf_free(&list);
    return false;
}

static bool keep(
    struct arguments *args, size_t row, const char *value, struct error *err)
{
    const struct option_row *option = &args->rows[row];

    if (args->given[row] && !option->many && option->value)
        return error_set(
            err, ERROR_USAGE, "--%s was given twice", option->name);
    args->given[row] = true;
    args->values[row] = value;
    if (!option->many)
        return true;
    if (args->all_count == OPTION_VALUES_MAX)
        return error_set(err, ERROR_USAGE, "--%s was given more than %d times",
            option->name, OPTION_VALUES_MAX);
    args->all[args->all_count].row = row;
    args->all[args->all_count++].value = value;
    return true;
}

/* Takes the option at argv[*at], and its value behind it. */
static bool take(
    struct arguments *args, int argc, char **argv, int *at, struct error *err)
{
    const char *word = argv[*at];
    bool is_long = word[1] == '-';
    const char *equals = is_long ? strchr(word, '=') : NULL;
    const char *name = word + 2;
    size_t row = is_long   ? find_row(args->rows, name,
                               equals ? (size_t)(equals - name) : strlen(name))
                   : word[2] ? find_row(args->rows, "", 1)
                           : find_letter(args->rows, word[1]);
    const struct option_row *option = &args->rows[row];

    if (!option->name)
        return unknown(args->rows, word, err);
    if (!option->value && equals)
        return error_set(err, ERROR_USAGE, "--%s takes no value", option->name);
    if (!option->value)
        return keep(args, row, "", err);
    if (equals)
        return keep(args, row, equals + 1, err);
    if (*at + 1 >= argc)
        return error_set(err, ERROR_USAGE, "--%s needs a value: %s",
            option->name, option->value);
    return keep(args, row, argv[++*at], err);
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1];
}

/* An option of a row with `anywhere` is taken behind the plain words too. */
static bool is_late_option(const struct arguments *args, const char *word)
{
    if (strncmp(word, "--", 2) != 0)
        return false;
    size_t len = strcspn(word + 2, "=");
    const struct option_row *row =
        &args->rows[find_row(args->rows, word + 2, len)];
    return row->name && row->anywhere;
}

bool arguments_read(struct arguments *args, const struct option_row *rows,
    int argc, char **argv, struct error *err)
{
    bool ended = false;
    int at = 0;

    *args = (struct arguments){.rows = rows};
    for (; at < argc && !ended && is_option(argv[at]); at++) {
        ended = strcmp(argv[at], "--") == 0;
        if (!ended && !take(args, argc, argv, &at, err))
            return false;
    }
    args->plain = argv + at;
    for (; at < argc; at++)
        if (ended || !is_late_option(args, argv[at]))
            args->plain[args->plain_count++] = argv[at];
        else if (!take(args, argc, argv, &at, err))
            return false;
    return true;
}

bool arguments_given(const struct arguments *args, const char *name)
{
    size_t row = find_row(args->rows, name, strlen(name));

    return args->rows[row].name && args->given[row];
}

const char *arguments_text(const struct arguments *args, const char *name)
{
    size_t row = find_row(args->rows, name, strlen(name));

    return args->rows[row].name ? args->values[row] : NULL;
}

size_t arguments_list(const struct arguments *args, const char *name,
    const char **out, size_t most)
{
    size_t row = find_row(args->rows, name, strlen(name)), n = 0;

    for (size_t i = 0; i < args->all_count && n < most; i++)
        if (args->all[i].row == row)
            out[n++] = args->all[i].value;
    return n;
}

bool arguments_number(const struct arguments *args, const char *name,
    int64_t least, int64_t otherwise, int64_t *out, struct error *err)
{
    const char *text = arguments_text(args, name);
    char *end;

    *out = otherwise;
    if (!text)
        return true;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (errno || *end || end == text || n < least)
        return error_set(err, ERROR_USAGE,
            "--%s needs a whole number from %lld, not \"%s\"", name,
            (long long)least, text);
    *out = n;
    return true;
}

bool arguments_duration(const struct arguments *args, const char *name,
    int64_t *ms, struct error *err)
{
    const char *text = arguments_text(args, name);

    *ms = 0;
    return !text || (duration_read(text, ms) && *ms > 0) ||
           error_set(err, ERROR_USAGE,
               "--%s needs a time such as 30s, 10m or 2h, not \"%s\"", name,
               text);
}

bool arguments_since(const struct arguments *args, int64_t now,
    int64_t otherwise, int64_t *since, struct error *err)
{
    const char *text = arguments_text(args, "since");
    struct instant instant;
    int64_t ms;

    *since = otherwise;
    if (!text)
        return true;
    if (duration_read(text, &ms) && ms > 0)
        *since = now - ms;
    else if (instant_read(text, strlen(text), &instant))
        *since = instant.seconds * 1000 + instant.nanoseconds / 1000000;
    else
        return error_set(err, ERROR_USAGE,
            "--since needs a time such as 7d, or a moment such as 2025-11-22 "
            "or 2025-11-22T02:14:07+03:00, not \"%s\"",
            text);
    return *since <= now ||
           error_set(err, ERROR_USAGE, "--since %s has not come yet", text);
}

bool arguments_help(const struct option_row *rows, struct buf *out)
{
    bool ok = true;

    for (; ok && rows->name; rows++) {
        char left[64];
        snprintf(left, sizeof left, "%s%c%s--%s%s%s", rows->letter ? "-" : "",
            rows->letter ? rows->letter : ' ', rows->letter ? ", " : "   ",
            rows->name, rows->value ? " " : "", rows->value ? rows->value : "");
        ok = buf_printf(out, "  %-26s %s\n", left, rows->help);
    }
    return ok;
}
