#include "inspect/why_story.h"

#include "base/clock.h"
#include "delivery/reply.h"
#include "inspect/journal_own.h"
#include "inspect/why_event.h"
#include "inspect/why_seen.h"
#include "terminal/wrap.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

enum { HASH_SHOWN = 12, WORDS_MAX = 400 };

void why_story_fini(struct why_story *story)
{
    struct buf *bufs[] = {&story->head, &story->more, &story->attempts,
        &story->audit, &story->conflicts, &story->inputs, &story->events,
        &story->texts, &story->runs};

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

/* `line` is the event's text; frees it. */
static bool add_event(struct why_story *story, int64_t at, int64_t run,
    const char *word, struct buf *line)
{
    char label[WHY_LABEL_MAX] = "";

    if (run)
        snprintf(label, sizeof label, "run %lld", (long long)run);
    bool ok = why_event_add(&story->events, &story->texts, at, label, word,
                  buf_text(line)) &&
              add_run(story, run);
    buf_free(line);
    return ok;
}

static const char *stock_words(bool update_stock)
{
    return update_stock ? "stock let go" : "stock kept";
}

static bool put_verdict(struct why_story *story, const struct journal_row *row)
{
    struct buf *out = &story->head;
    const char *host = story->host;

    switch (row->state) {
    case JOURNAL_CONFIRMED:
        return row->mapping.known
                   ? buf_printf(out, "released, mapping %lld.",
                         (long long)row->mapping.pk)
                   : buf_puts(out, "released, as a person said.");
    case JOURNAL_REJECTED:
        return buf_printf(out, "not released: %s said no.", host);
    case JOURNAL_PENDING:
        return buf_puts(out, "not released yet: it goes out with a later run.");
    case JOURNAL_CANCELLED:
        return buf_puts(out, "not released: a person took it back.");
    case JOURNAL_SENDING:
        if (story->alive)
            return buf_puts(out, "on its way now.");
        // fall through
    default:
        return buf_printf(out, "unknown: %s may have done it.", host);
    }
}

static bool put_origin(struct buf *out, const char *source, const char *name)
{
    struct buf line = {0};
    bool ok = true;

    if (source[0] || name[0]) {
        ok = buf_printf(&line, "%s%s%s", source,
                 source[0] && name[0] ? ", " : "", name) &&
             wrap_put(out, "  from      ", line.data, line.len);
        buf_free(&line);
    }
    return ok;
}

/* "the row", when something is kept of it. */
static bool put_row(struct buf *out, const char *seen)
{
    struct buf line = {0};
    bool ok =
        why_seen_text(seen, &line) &&
        (line.len == 0 || wrap_put(out, "  the row   ", line.data, line.len));

    buf_free(&line);
    return ok;
}

static bool row_text(struct why_story *story, const struct reader_row *r)
{
    const struct journal_row *row = &r->row;
    struct buf line = {0};

    if (!buf_printf(&story->head,
            "item %lld as %s, %s: ", (long long)row->order_item_id, row->code,
            stock_words(row->update_stock)) ||
        !put_verdict(story, row) ||
        !put_origin(&story->more, r->source, r->name) ||
        !put_row(&story->more, r->seen) || !add_run(story, row->run))
        return false;
    if (row->attempts > 0)
        return true;
    return buf_puts(&line, "kept, nothing has left yet") &&
           add_event(story, row->first_at, row->run, "pending", &line);
}

static bool put_hash(struct buf *out, const char *hash)
{
    return json_put_member_text(out, "script_hash", hash[0] ? hash : NULL);
}

static bool row_json(struct why_story *story, const struct reader_row *r)
{
    struct buf *out = &story->head;

    return buf_putc(out, '{') && journal_put_row(out, r) &&
           put_hash(out, r->script_hash) && why_seen_json(r->seen, out);
}

bool why_story_row(const struct reader_row *row, void *arg)
{
    struct why_story *story = arg;

    story->has_row = true;
    story->item = row->row.order_item_id;
    story->state = row->row.state;
    story->update_stock = row->row.update_stock;
    snprintf(story->code, sizeof story->code, "%s", row->row.code);
    snprintf(story->name, sizeof story->name, "%s", row->name);
    snprintf(story->source, sizeof story->source, "%s", row->source);
    return story->json ? row_json(story, row) : row_text(story, row);
}

/* The outcomes of attempts, as people know them. */
static const char *attempt_word(
    const struct why_story *story, const struct reader_attempt *a)
{
    static const struct {
        const char *outcome, *word;
    } words[] = {{"applied", "released"}, {"refused", "rejected"}};

    if (!a->outcome[0])
        return story->alive ? "on its way" : "unknown";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(a->outcome, words[i].outcome) == 0)
            return words[i].word;
    return a->outcome;
}

static bool put_answer(struct buf *out, const struct reader_attempt *a)
{
    char words[WORDS_MAX];

    if (a->http_status == 0)
        return !a->why[0] || buf_printf(out, ": %s", a->why);
    if (strcmp(a->outcome, "applied") == 0)
        return buf_printf(out, ": %d", a->http_status);
    reply_words(a->http_status, a->reply, a->reply_len, words, sizeof words);
    return buf_printf(out, ": %s", words) &&
           (strcmp(a->outcome, "refused") == 0 || !a->why[0] ||
               buf_printf(out, " (%s)", a->why));
}

/* What was asked for is said where it is not what the row says now. */
static bool put_asked(struct buf *out, const struct why_story *story,
    const struct reader_attempt *a)
{
    return buf_printf(out, "attempt %d", a->n) &&
           (strcmp(a->code, story->code) == 0 ||
               buf_printf(out, " as %s", a->code)) &&
           (a->update_stock == story->update_stock ||
               buf_printf(out, ", %s", stock_words(a->update_stock)));
}

static bool attempt_text(
    struct why_story *story, const struct reader_attempt *a)
{
    struct buf line = {0};
    bool ok = put_asked(&line, story, a);

    if (ok && a->outcome[0])
        ok = buf_printf(&line, ", %lld ms", (long long)a->ms) &&
             put_answer(&line, a);
    if (ok)
        return add_event(
            story, a->started_at, a->run, attempt_word(story, a), &line);
    buf_free(&line);
    return false;
}

bool why_story_attempt(const struct reader_attempt *attempt, void *arg)
{
    struct why_story *story = arg;

    return story->json ? journal_put_attempt(&story->attempts, attempt)
                       : attempt_text(story, attempt);
}

bool why_story_audit(const struct reader_audit *audit, void *arg)
{
    struct why_story *story = arg;
    struct buf line = {0};

    if (story->json)
        return journal_put_audit(&story->audit, audit);
    bool ok = buf_printf(&line, "%s%s%s", audit->what,
                  audit->note[0] ? ": " : "", audit->note) &&
              why_event_add(&story->events, &story->texts, audit->at,
                  audit->who, "", buf_text(&line));
    buf_free(&line);
    return ok;
}

static bool conflict_json(struct buf *out, const struct reader_conflict *c)
{
    return json_put_comma(out) && buf_putc(out, '{') &&
           json_put_member_text(out, "code", c->code) &&
           json_put_member_bool(out, "update_stock", c->update_stock) &&
           json_put_member_text(out, "source", c->source) &&
           json_put_member_text(out, "name", c->name) &&
           json_put_member_int(out, "run", c->run) &&
           journal_put_time(out, "first_at", c->first_at) &&
           journal_put_time(out, "last_at", c->last_at) && buf_putc(out, '}');
}

bool why_story_conflict(const struct reader_conflict *c, void *arg)
{
    struct why_story *story = arg;
    struct buf line = {0};

    story->has_conflict = true;
    if (story->json)
        return conflict_json(&story->conflicts, c);
    if (buf_printf(&line, "asked was %s, %s, by %s%s%s", c->code,
            stock_words(c->update_stock), c->source,
            c->source[0] && c->name[0] ? ", " : "", c->name))
        return add_event(story, c->last_at, c->run, "conflict", &line);
    buf_free(&line);
    return false;
}

static bool input_json(struct buf *out, const struct reader_input *i)
{
    return json_put_comma(out) && buf_putc(out, '{') &&
           json_put_member_text(out, "source", i->source) &&
           json_put_member_text(out, "name", i->name) &&
           json_put_member_text(out, "item", i->item) &&
           json_put_member_text(out, "what", i->what) &&
           json_put_member_text(out, "message", i->message) &&
           json_put_member_text(out, "place", i->place) &&
           why_seen_json(i->seen, out) &&
           json_put_member_int(out, "first_run", i->first_run) &&
           json_put_member_int(out, "run", i->run) &&
           json_put_member_text(out, "script", i->script) &&
           put_hash(out, i->script_hash) &&
           journal_put_time(out, "first_at", i->first_at) &&
           journal_put_time(out, "last_at", i->last_at) &&
           json_put_member_int(out, "times", i->times) && buf_putc(out, '}');
}

/* The first line of a story without an item. */
static bool input_head(struct why_story *story, const struct reader_input *i)
{
    struct buf *out = &story->head;

    return buf_printf(out, "%s%s%s", i->source,
               i->source[0] && i->name[0] ? ", " : "", i->name) &&
           (!i->item[0] || buf_printf(out, ", item %s", i->item)) &&
           buf_puts(out, ": not released.") && put_row(&story->more, i->seen);
}

static bool input_text(struct why_story *story, const struct reader_input *i)
{
    const char *word = strcmp(i->what, "later") == 0 ? "waits" : i->what;
    bool elsewhere = story->has_row && strcmp(i->source, story->source) != 0;
    struct buf line = {0};

    if (!story->has_row && story->head.len == 0 && !input_head(story, i))
        return false;
    bool ok = buf_printf(&line, "%s%s%s%s%s", elsewhere ? i->source : "",
        elsewhere ? ": " : "", i->place, i->place[0] ? ": " : "", i->message);
    if (ok && i->times > 1)
        ok = buf_printf(&line, " (in %lld runs, since run %lld)",
                 (long long)i->times, (long long)i->first_run) &&
             add_run(story, i->first_run);
    if (ok)
        return add_event(story, i->last_at, i->run, word, &line);
    buf_free(&line);
    return false;
}

bool why_story_input(const struct reader_input *input, struct why_story *story)
{
    return story->json ? input_json(&story->inputs, input)
                       : input_text(story, input);
}

bool why_story_run(const struct reader_run *run, void *arg)
{
    struct why_story *story = arg;
    char head[WHY_LABEL_MAX + 8], number[WHY_LABEL_MAX], at[CLOCK_TEXT_MAX];
    struct buf line = {0};

    snprintf(number, sizeof number, "run %lld", (long long)run->id);
    snprintf(head, sizeof head, "  %-8s  ", number);
    bool ok = buf_printf(
        &line, "%s, %s", clock_local(run->started_at, at), run->script);
    if (ok && run->script_hash[0])
        ok = buf_printf(&line, " (%.*s)", (int)HASH_SHOWN, run->script_hash);
    ok = ok && wrap_put(&story->more, head, line.data, line.len);
    buf_free(&line);
    return ok;
}

static bool tell_json(struct why_story *story, struct buf *out)
{
    if (!story->has_row) // one row of the input, its comma not written
        return buf_printf(out, "%s\n", buf_text(&story->inputs));
    return buf_printf(out,
        "%s,\"attempts_made\":[%s],\"audit\":[%s],\"conflicts\":[%s],"
        "\"inputs\":[%s]}\n",
        buf_text(&story->head), buf_text(&story->attempts),
        buf_text(&story->audit), buf_text(&story->conflicts),
        buf_text(&story->inputs));
}

bool why_story_tell(struct why_story *story, struct buf *out)
{
    if (story->json)
        return tell_json(story, out);
    return wrap_put(out, "", buf_text(&story->head), story->head.len) &&
           why_event_put(&story->events, &story->texts, out) &&
           buf_puts(out, buf_text(&story->more)) &&
           (story->has_row || buf_puts(out, "Omnitron was never asked.\n"));
}
