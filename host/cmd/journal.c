/* omnitron journal: what was sent and what became of it. */
#include "journal/journal.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/profile.h"
#include "cmd/command.h"
#include "delivery/valid.h"
#include "journal/reader.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The journal of the folder named (or of the current one), by its profile
 * when there is one. */
static bool find_journal(const struct arguments *args, const char *folder,
    char *out, struct error *err)
{
    const char *named = arguments_text(args, "profile");
    char *beside = named ? NULL : profile_beside(folder);
    const char *path = named ? named : beside;
    struct profile profile = {0};
    bool ok = true;

    if (!path)
        return error_memory(err);
    if (named || access(path, F_OK) == 0) {
        ok = profile_load(path, &profile, err);
        if (ok)
            snprintf(out, PATH_MAX, "%s", profile.journal);
        profile_free(&profile);
    } else {
        snprintf(out, PATH_MAX, "%s%sjournal.db", folder ? folder : "",
            folder ? "/" : "");
    }
    mem_free(beside);
    return ok;
}

static bool put_time(struct buf *out, const char *name, int64_t ms)
{
    char text[CLOCK_TEXT_MAX];

    return json_put_member_text(out, name, clock_rfc3339(ms, text));
}

static bool put_or_null(
    struct buf *out, const char *name, bool known, int64_t value)
{
    return known ? json_put_member_int(out, name, value)
                 : json_put_member_null(out, name);
}

static bool put_row(struct buf *out, const struct reader_row *r)
{
    const struct journal_row *row = &r->row;

    return json_put_member_int(out, "order_item_id", row->order_item_id) &&
           json_put_member_text(out, "code", row->code) &&
           json_put_member_bool(out, "update_stock", row->update_stock) &&
           json_put_member_text(out, "state", journal_state_name(row->state)) &&
           json_put_member_int(out, "attempts", row->attempts) &&
           put_or_null(
               out, "http_status", row->http_status > 0, row->http_status) &&
           put_or_null(
               out, "mapping_pk", row->mapping.known, row->mapping.pk) &&
           json_put_member_text(out, "message", row->message) &&
           json_put_member_text(out, "source", r->source) &&
           json_put_member_text(out, "name", r->name) &&
           json_put_member_int(out, "run", row->run) &&
           json_put_member_text(out, "script", r->script) &&
           put_time(out, "first_at", row->first_at) &&
           put_time(out, "last_at", row->last_at);
}

static bool list_json(const struct reader_row *row, void *arg)
{
    struct buf out = {0};

    (void)arg;
    bool ok =
        buf_putc(&out, '{') && put_row(&out, row) && buf_puts(&out, "}\n");
    command_print(&out);
    return ok;
}

static bool list_text(const struct reader_row *row, void *arg)
{
    struct buf out = {0};
    char at[CLOCK_TEXT_MAX];

    (void)arg;
    bool ok = buf_printf(&out, "%10lld  %-24s %-5s  %-9s  %s  %s%s%s\n",
        (long long)row->row.order_item_id, row->row.code,
        row->row.update_stock ? "let go" : "keep",
        journal_state_name(row->row.state), clock_local(row->row.last_at, at),
        row->source, row->row.message[0] ? "  " : "", row->row.message);
    command_print(&out);
    return ok;
}

static bool list(
    const struct arguments *args, int count, char **words, struct error *err)
{
    const char *name = arguments_text(args, "state");
    enum journal_state state;
    char path[PATH_MAX];

    if (count > 1)
        return error_set(err, ERROR_USAGE, "list takes one folder");
    if (name && !journal_state_read(name, &state))
        return error_set(err, ERROR_USAGE,
            "--state is pending, sending, confirmed, rejected, unknown or "
            "cancelled, not \"%s\"",
            name);
    if (!find_journal(args, count ? words[0] : NULL, path, err))
        return false;
    struct reader *reader = reader_open(path, err);
    if (!reader)
        return false;
    bool ok = reader_list(reader, name ? &state : NULL,
        arguments_given(args, "json") ? list_json : list_text, NULL, err);
    reader_close(reader);
    return ok;
}

/* What `show` gathers of one item before it prints it. */
struct story {
    struct buf row, attempts, audit;
    bool json;
};

static bool story_row(const struct reader_row *row, void *arg)
{
    struct story *story = arg;
    char first[CLOCK_TEXT_MAX], last[CLOCK_TEXT_MAX];

    if (story->json)
        return put_row(&story->row, row);
    return buf_printf(&story->row,
        "item %lld  code \"%s\"  update_stock %s  %s\n  first %s, last %s, "
        "run %lld\n",
        (long long)row->row.order_item_id, row->row.code,
        row->row.update_stock ? "true" : "false",
        journal_state_name(row->row.state),
        clock_local(row->row.first_at, first),
        clock_local(row->row.last_at, last), (long long)row->row.run);
}

static bool attempt_json(struct buf *out, const struct reader_attempt *a)
{
    return json_put_comma(out) && buf_putc(out, '{') &&
           json_put_member_int(out, "n", a->n) &&
           put_time(out, "started_at", a->started_at) &&
           json_put_member_int(out, "ms", a->ms) &&
           json_put_member_text(out, "code", a->code) &&
           json_put_member_bool(out, "update_stock", a->update_stock) &&
           json_put_member_bool(out, "sent", a->sent) &&
           json_put_member_int(out, "curl", a->curl) &&
           put_or_null(
               out, "http_status", a->http_status > 0, a->http_status) &&
           json_put_name(out, "reply") &&
           json_put_string(out, a->reply ? a->reply : "", a->reply_len) &&
           json_put_member_text(out, "outcome", a->outcome) &&
           json_put_member_text(out, "why", a->why) && buf_putc(out, '}');
}

static bool story_attempt(const struct reader_attempt *a, void *arg)
{
    struct story *story = arg;
    char at[CLOCK_TEXT_MAX];

    if (story->json)
        return attempt_json(&story->attempts, a);
    return buf_printf(&story->attempts,
        "  %s  attempt %d, %lld ms: \"%s\", update_stock %s: %s, because %s "
        "(HTTP %d)\n",
        clock_local(a->started_at, at), a->n, (long long)a->ms, a->code,
        a->update_stock ? "true" : "false", a->outcome, a->why, a->http_status);
}

static bool story_audit(const struct reader_audit *a, void *arg)
{
    struct story *story = arg;
    char at[CLOCK_TEXT_MAX];

    if (!story->json)
        return buf_printf(&story->audit, "  %s  %s: %s. %s\n",
            clock_local(a->at, at), a->who, a->what, a->note);
    return json_put_comma(&story->audit) && buf_putc(&story->audit, '{') &&
           put_time(&story->audit, "at", a->at) &&
           json_put_member_text(&story->audit, "who", a->who) &&
           json_put_member_text(&story->audit, "what", a->what) &&
           json_put_member_text(&story->audit, "note", a->note) &&
           buf_putc(&story->audit, '}');
}

static bool tell(struct story *story)
{
    struct buf out = {0};
    bool ok;

    if (story->json)
        ok = buf_printf(&out, "{%s,\"attempts_made\":%s],\"audit\":%s]}\n",
            buf_text(&story->row), buf_text(&story->attempts),
            buf_text(&story->audit));
    else
        ok = buf_printf(&out, "%s%s%s", buf_text(&story->row),
            buf_text(&story->attempts), buf_text(&story->audit));
    command_print(&out);
    return ok;
}

static bool show_item(const struct arguments *args, const char *path,
    int64_t item, struct error *err)
{
    struct story story = {.json = arguments_given(args, "json")};
    struct reader_story ears = {story_row, story_attempt, story_audit, &story};
    struct reader *reader = reader_open(path, err);

    if (!reader)
        return false;
    err->text[0] = '\0';
    bool ok = !story.json ||
              (buf_putc(&story.attempts, '[') && buf_putc(&story.audit, '['));
    ok = ok && reader_show(reader, item, &ears, err) && tell(&story);
    if (!ok && !err->text[0])
        error_set(
            err, ERROR_USAGE, "%s has no item %lld", path, (long long)item);
    reader_close(reader);
    buf_free(&story.row);
    buf_free(&story.attempts);
    buf_free(&story.audit);
    return ok;
}

static bool show(
    const struct arguments *args, int count, char **words, struct error *err)
{
    char path[PATH_MAX];
    int64_t item;

    if (count != 1)
        return error_set(err, ERROR_USAGE,
            "show needs one item: omnitron "
            "journal show 46761");
    return valid_item_text(words[0], strlen(words[0]), &item, err) &&
           find_journal(args, NULL, path, err) &&
           show_item(args, path, item, err);
}

static bool make(
    const struct arguments *args, int count, char **words, struct error *err)
{
    char path[PATH_MAX];

    if (count > 1)
        return error_set(err, ERROR_USAGE, "new takes one folder");
    if (!find_journal(args, count ? words[0] : NULL, path, err) ||
        !journal_make(path, err))
        return false;
    printf(
        "Made %s, empty. Keep it: without it everything goes again.\n", path);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(const struct arguments *args, int count, char **words,
        struct error *err);
} actions[] = {{"list", list}, {"new", make}, {"show", show}};

static int run(const struct arguments *args)
{
    struct error err;

    error_set(&err, ERROR_USAGE, "journal needs a word: new, list or show");
    for (size_t i = 0;
         args->plain_count && i < sizeof actions / sizeof *actions; i++)
        if (strcmp(actions[i].name, args->plain[0]) == 0) {
            if (!journal_init(&err))
                return command_fail(&err);
            if (actions[i].run(
                    args, args->plain_count - 1, args->plain + 1, &err))
                return 0;
            return command_fail(&err);
        }
    return command_fail(&err);
}

static const struct option_row options[] = {
    {"json", 0, NULL, false, true, "one JSON object per row"},
    {"state", 0, "STATE", false, true, "list: only rows in this state"},
    {"profile", 0, "FILE", false, true, "the profile whose journal it is"},
    {0},
};

const struct command command_journal = {
    .name = "journal",
    .usage = "journal new [FOLDER] | list [FOLDER] | show ITEM",
    .summary = "what was sent and what became of it",
    .options = options,
    .run = run,
};
