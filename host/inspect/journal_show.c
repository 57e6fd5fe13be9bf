/* omnitron journal show: all that is known of one item. */
#include "cli/show.h"
#include "delivery/valid.h"
#include "inspect/journal_own.h"
#include "json/json.h"

#include <string.h>

/* What is gathered of one item before it is told: members, and elements with
 * commas between them. */
struct story {
    size_t reply_most; // bytes of a reply
    struct buf row, attempts, audit, conflicts;
};

static bool story_row(const struct reader_row *row, void *arg)
{
    struct story *story = arg;

    return journal_put_row(&story->row, row);
}

static bool story_attempt(const struct reader_attempt *a, void *arg)
{
    struct story *story = arg;

    return journal_put_attempt(&story->attempts, a, story->reply_most);
}

static bool story_audit(const struct reader_audit *a, void *arg)
{
    struct story *story = arg;

    return journal_put_audit(&story->audit, a);
}

static bool story_conflict(const struct reader_conflict *c, void *arg)
{
    struct story *story = arg;

    return journal_put_conflict(&story->conflicts, c);
}

static bool put_item(const struct story *story, struct buf *out)
{
    return buf_printf(out, "{%s,\"attempts_made\":[%s],\"audit\":[%s]}",
        buf_text(&story->row), buf_text(&story->attempts),
        buf_text(&story->audit));
}

static bool tell_json(const struct story *story, struct error *err)
{
    struct buf out = {0};
    bool ok = (put_item(story, &out) && buf_putc(&out, '\n') &&
                  command_print_json(&out)) ||
              error_memory(err);

    buf_free(&out);
    return ok;
}

/* For scripts/cmd/journal_show.lua. */
static bool put_record(const struct story *story, bool alive, struct buf *out)
{
    return buf_puts(out, "{\"item\":") && put_item(story, out) &&
           buf_printf(
               out, ",\"conflicts\":[%s]", buf_text(&story->conflicts)) &&
           json_put_member_bool(out, "alive", alive) && buf_putc(out, '}');
}

static bool tell_text(struct reader *reader, const struct story *story,
    const struct journal_place *place, struct error *err)
{
    struct buf host = {0}, view = {0}, record = {0}, out = {0};
    bool ok = journal_read_host(reader, &host, err) &&
              ((journal_put_view(&view, place, buf_text(&host), NULL) &&
                   put_record(story, reader_run_alive(reader), &record)) ||
                  error_memory(err)) &&
              show_once("journal_show", &view, &record, &out, err);

    if (ok)
        command_print(&out);
    buf_free(&host);
    buf_free(&view);
    buf_free(&record);
    buf_free(&out);
    return ok;
}

static bool gather(struct reader *reader, struct story *story, int64_t item,
    const char *path, struct error *err)
{
    struct reader_story ears = {
        story_row, story_attempt, story_audit, story_conflict, story};

    err->text[0] = '\0';
    if (reader_show(reader, item, &ears, err))
        return true;
    if (err->text[0])
        return false;
    return story->row.len ? error_memory(err)
                          : error_set(err, ERROR_USAGE, "%s has no item %lld",
                                path, (long long)item);
}

bool journal_word_show(
    const struct arguments *args, int count, char **words, struct error *err)
{
    bool json = arguments_given(args, "json");
    struct story story = {.reply_most = json ? SIZE_MAX : JOURNAL_REPLY_READ};
    struct journal_place place;
    int64_t item;

    if (count != 1)
        return error_set(err, ERROR_USAGE,
            "show needs one item: omnitron journal show 46761");
    if (!valid_item_text(words[0], strlen(words[0]), &item, err) ||
        !journal_place_find(args, NULL, &place, err))
        return false;
    struct reader *reader = reader_open(place.path, err);
    if (!reader)
        return false;
    bool ok = gather(reader, &story, item, place.path, err) &&
              (json ? tell_json(&story, err)
                    : tell_text(reader, &story, &place, err));
    reader_close(reader);
    buf_free(&story.row);
    buf_free(&story.attempts);
    buf_free(&story.audit);
    buf_free(&story.conflicts);
    return ok;
}
