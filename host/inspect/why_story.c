#include "inspect/why_story.h"

#include "inspect/journal_own.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

void why_story_fini(struct why_story *story)
{
    struct buf *bufs[] = {&story->row, &story->attempts, &story->audit,
        &story->conflicts, &story->inputs, &story->runs, &story->told_runs};

    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        buf_free(bufs[i]);
}

static bool add_run(struct why_story *story, int64_t run)
{
    const char *data = buf_text(&story->runs);

    for (size_t at = 0; at < story->runs.len; at += sizeof run)
        if (memcmp(data + at, &run, sizeof run) == 0)
            return true;
    return run == 0 || buf_add(&story->runs, &run, sizeof run);
}

static bool put_hash(struct buf *out, const char *hash)
{
    return json_put_member_text(out, "script_hash", hash[0] ? hash : NULL);
}

/* What is kept of the row's fields. What is no object, a hand's work, is as if
 * it were not there. */
static bool put_seen(struct buf *out, const char *seen, bool for_people)
{
    struct json_value object;
    struct error ignored;

    if (!json_parse(seen, strlen(seen), &object, &ignored) ||
        object.type != JSON_OBJECT)
        return json_put_member_null(out, "seen");
    return (!for_people || json_put_member_text(out, "seen_text", seen)) &&
           json_put_name(out, "seen") && buf_add(out, object.text, object.len);
}

bool why_story_row(const struct reader_row *row, void *arg)
{
    struct why_story *story = arg;

    story->has_row = true;
    story->item = row->row.order_item_id;
    snprintf(story->name, sizeof story->name, "%s", row->name);
    return add_run(story, row->row.run) && journal_put_row(&story->row, row) &&
           put_hash(&story->row, row->script_hash) &&
           put_seen(&story->row, row->seen, story->for_people);
}

bool why_story_attempt(const struct reader_attempt *attempt, void *arg)
{
    struct why_story *story = arg;

    return add_run(story, attempt->run) &&
           journal_put_attempt(&story->attempts, attempt,
               story->for_people ? JOURNAL_REPLY_READ : SIZE_MAX);
}

bool why_story_audit(const struct reader_audit *audit, void *arg)
{
    struct why_story *story = arg;

    return journal_put_audit(&story->audit, audit);
}

bool why_story_conflict(const struct reader_conflict *c, void *arg)
{
    struct why_story *story = arg;

    return add_run(story, c->run) && journal_put_conflict(&story->conflicts, c);
}

bool why_story_input(const struct reader_input *i, struct why_story *story)
{
    struct buf *out = &story->inputs;

    return (i->times <= 1 || add_run(story, i->first_run)) &&
           add_run(story, i->run) && json_put_comma(out) &&
           buf_putc(out, '{') &&
           json_put_member_text(out, "source", i->source) &&
           json_put_member_text(out, "name", i->name) &&
           json_put_member_text(out, "item", i->item) &&
           json_put_member_text(out, "what", i->what) &&
           json_put_member_text(out, "message", i->message) &&
           json_put_member_text(out, "place", i->place) &&
           put_seen(out, i->seen, story->for_people) &&
           json_put_member_int(out, "first_run", i->first_run) &&
           json_put_member_int(out, "run", i->run) &&
           json_put_member_text(out, "script", i->script) &&
           put_hash(out, i->script_hash) &&
           journal_put_time(out, "first_at", i->first_at) &&
           journal_put_time(out, "last_at", i->last_at) &&
           json_put_member_int(out, "times", i->times) && buf_putc(out, '}');
}

bool why_story_run(const struct reader_run *run, void *arg)
{
    struct why_story *story = arg;
    struct buf *out = &story->told_runs;

    return json_put_comma(out) && buf_putc(out, '{') &&
           json_put_member_int(out, "run", run->id) &&
           journal_put_time(out, "started_at", run->started_at) &&
           json_put_member_text(out, "script", run->script) &&
           put_hash(out, run->script_hash) && buf_putc(out, '}');
}

bool why_story_json(const struct why_story *story, struct buf *out)
{
    if (!story->has_row)
        return buf_puts(out, buf_text(&story->inputs));
    return buf_printf(out,
        "{%s,\"attempts_made\":[%s],\"audit\":[%s],\"conflicts\":[%s],"
        "\"inputs\":[%s]}",
        buf_text(&story->row), buf_text(&story->attempts),
        buf_text(&story->audit), buf_text(&story->conflicts),
        buf_text(&story->inputs));
}

bool why_story_record(
    const struct why_story *story, bool alive, bool brief, struct buf *out)
{
    return buf_puts(out, "{\"story\":") && why_story_json(story, out) &&
           buf_printf(out, ",\"runs\":[%s]", buf_text(&story->told_runs)) &&
           json_put_member_bool(out, "alive", alive) &&
           json_put_member_bool(out, "brief", brief) && buf_putc(out, '}');
}
