/* omnitron recall: what scripts remember. */
#include "base/clock.h"
#include "base/escape.h"
#include "cmd/cursor_change.h"
#include "inspect/journal_own.h"
#include "journal/cursor.h"
#include "json/json.h"

enum { KEY_WIDTH = 16 };

/* How the cursors are shown, and how many were. */
struct listing {
    bool json;
    bool bare; // the value alone: one key was named
    int64_t shown;
};

static bool put_json(const struct cursor *c, struct buf *out)
{
    return buf_putc(out, '{') && json_put_member_text(out, "key", c->key) &&
           json_put_name(out, "value") && cursor_value_show(out, &c->memo) &&
           journal_put_time(out, "at", c->at) &&
           journal_put_or_null(out, "run", c->run > 0, c->run) &&
           json_put_member_text(out, "who", c->who[0] ? c->who : NULL) &&
           buf_puts(out, "}\n");
}

static bool put_by(const struct cursor *c, struct buf *out)
{
    if (c->run > 0)
        return buf_printf(out, "run %lld", (long long)c->run);
    return escape_put(out, c->who[0] ? c->who : "a person", SIZE_MAX);
}

static bool put_value(struct buf *out, const struct cursor_value *memo)
{
    size_t from = out->len;

    return cursor_value_show(out, memo) && escape_json(out, from);
}

static bool put_line(const struct cursor *c, struct buf *out)
{
    size_t from = out->len;
    char at[CLOCK_TEXT_MAX];

    if (!escape_put(out, c->key, SIZE_MAX))
        return false;
    size_t width = escape_width(out->data + from, out->len - from);
    int gap = width < KEY_WIDTH ? (int)(KEY_WIDTH - width) : 0;
    return buf_printf(out, "%*s  ", gap, "") && put_value(out, &c->memo) &&
           buf_printf(out, "  (%s, ", clock_local(c->at, at)) &&
           put_by(c, out) && buf_puts(out, ")\n");
}

/* A text without quotes, for a shell. */
static bool put_bare(const struct cursor *c, struct buf *out)
{
    const struct cursor_value *memo = &c->memo;

    return (memo->type == CURSOR_VALUE_TEXT
                   ? escape_add(out, memo->text, memo->len, SIZE_MAX)
                   : cursor_value_show(out, memo)) &&
           buf_putc(out, '\n');
}

static bool show(const struct cursor *cursor, void *arg)
{
    struct listing *listing = arg;
    struct buf out = {0};
    bool ok = listing->json   ? put_json(cursor, &out)
              : listing->bare ? put_bare(cursor, &out)
                              : put_line(cursor, &out);

    listing->shown++;
    if (ok && listing->json)
        ok = command_print_json(&out);
    command_print(&out);
    return ok;
}

static bool say_none(const char *path, const char *key, struct error *err)
{
    return error_set(err, ERROR_USAGE,
        "%s remembers nothing under \"%s\": omnitron recall lists what it does",
        path, key);
}

static bool recall(const struct arguments *args, struct error *err)
{
    const char *key = args->plain_count ? args->plain[0] : NULL;
    struct listing listing = {
        .json = arguments_given(args, "json"), .bare = key != NULL};
    struct journal_place place;

    if (args->plain_count > 1)
        return error_set(err, ERROR_USAGE, "recall takes one key, or none");
    if ((key && !cursor_key_valid(key, err)) || !journal_init(err) ||
        !journal_place_find(args, NULL, &place, err))
        return false;
    if (!cursor_read(place.path, key, show, &listing, err))
        return err->text[0] ? false : error_memory(err);
    return !key || listing.shown > 0 || say_none(place.path, key, err);
}

static int run(const struct arguments *args)
{
    struct error err;

    return recall(args, &err) ? 0 : command_fail(&err);
}

static const struct option_row options[] = {
    {"json", 0, NULL, false, true, "an object for each key, for a machine"},
    {"profile", 0, "FILE", false, true, "the profile whose journal it is"},
    {"journal", 0, "FILE", false, true, "another journal than the profile's"},
    {0},
};

const struct command command_recall = {
    .name = "recall",
    .usage = "recall [KEY] [OPTION...]",
    .summary = "what scripts remember: the cursors",
    .details =
        "Of KEY the value alone, or every key with its value, when it was\n"
        "written and by which run or person. A text is in quotes where a "
        "number\n"
        "could be meant. Reads only, and works beside a run.\n",
    .options = options,
    .run = run,
};
