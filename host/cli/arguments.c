#include "cli/arguments.h"

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

static bool unknown(const struct option_row *rows, const char *word,
    const char *otherwise, struct error *err)
{
    struct buf list = {0};

    for (size_t i = 0; rows[i].name; i++)
        (void)buf_printf(&list, "%s--%s", i ? ", " : "", rows[i].name);
    error_set(err, ERROR_USAGE,
        "there is no option %.80s here (there are: %s)%s", word,
        buf_text(&list), otherwise);
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

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1];
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

const struct option_row *arguments_row(
    const struct option_row *rows, const char *word)
{
    size_t row;

    if (!is_option(word))
        return NULL;
    if (word[1] == '-')
        row = find_row(rows, word + 2, strcspn(word + 2, "="));
    else if (!word[2])
        row = find_letter(rows, word[1]);
    else
        return NULL;
    return rows[row].name ? &rows[row] : NULL;
}

/* Takes the option at argv[*at], and its value behind it. */
static bool take(
    struct arguments *args, int argc, char **argv, int *at, struct error *err)
{
    const char *word = argv[*at];
    const char *equals = word[1] == '-' ? strchr(word, '=') : NULL;
    const struct option_row *option = arguments_row(args->rows, word);

    if (!option && is_help(word))
        return args->help = true;
    if (!option)
        return unknown(args->rows, word, "", err);
    size_t row = (size_t)(option - args->rows);
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

/* An option of a row with `anywhere` is taken behind the plain words too. */
static bool is_late_option(const struct arguments *args, const char *word)
{
    const struct option_row *row = arguments_row(args->rows, word);

    return row && row->anywhere;
}

static bool is_end(const char *word)
{
    return strcmp(word, "--") == 0;
}

bool arguments_read(struct arguments *args, const struct option_row *rows,
    int argc, char **argv, struct error *err)
{
    bool ended = false;
    int at = 0;

    *args = (struct arguments){.rows = rows, .words = argv};
    for (; at < argc && is_option(argv[at]) && !is_end(argv[at]); at++)
        if (!take(args, argc, argv, &at, err))
            return false;
    args->plain = argv + at;
    for (; at < argc; at++)
        if (!ended && is_end(argv[at])) {
            ended = true;
        } else if (ended || !is_late_option(args, argv[at])) {
            args->plain[args->plain_count++] = argv[at];
            args->open_count += !ended;
        } else if (!take(args, argc, argv, &at, err)) {
            return false;
        }
    return true;
}

bool arguments_own(struct arguments *args, struct error *err)
{
    for (int i = 0; i < args->open_count; i++) {
        const char *word = args->plain[i];
        bool number = word[0] == '-' && word[1] >= '0' && word[1] <= '9';

        if (is_help(word))
            args->help = true;
        else if (arguments_row(args->rows, word))
            return error_set(err, ERROR_USAGE,
                "%s has to stand before the other words", word);
        else if (is_option(word) && !number)
            return unknown(
                args->rows, word, "; if it is none, put -- before it", err);
    }
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
