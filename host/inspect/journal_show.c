/* omnitron journal show: all that is known of one item. */
#include "base/clock.h"
#include "base/escape.h"
#include "delivery/valid.h"
#include "inspect/journal_own.h"
#include "terminal/wrap.h"

#include <string.h>

enum { WORD_MOST = 200 }; // bytes of a word in a line of others

/* What is gathered of one item before it is printed. */
struct story {
    struct buf row, attempts, audit, conflicts;
    enum journal_state state;
    bool json;
};

static bool wrap_text(struct buf *out, const char *head, const char *text)
{
    return wrap_put(out, head, text, strlen(text));
}

static bool put_origin(struct buf *out, const struct reader_row *r)
{
    struct buf line = {0};
    bool ok = buf_printf(&line, "%s%s%s%srun %lld%s%s", r->source,
        r->source[0] ? ", " : "", r->name, r->name[0] ? ", " : "",
        (long long)r->row.run, r->script[0] ? " of " : "", r->script);

    if (ok && r->row.mapping.known)
        ok = buf_printf(&line, ", mapping %lld", (long long)r->row.mapping.pk);
    ok = ok && wrap_text(out, "  ", buf_text(&line));
    buf_free(&line);
    return ok;
}

static bool row_text(struct buf *out, const struct reader_row *r)
{
    const struct journal_row *row = &r->row;
    char first[CLOCK_TEXT_MAX], last[CLOCK_TEXT_MAX];
    struct journal_shown shown;

    journal_show(&shown, row->code, NULL, NULL, NULL);
    return buf_printf(out, "item %lld  code \"%s\"  update_stock %s  %s\n",
               (long long)row->order_item_id, shown.code,
               row->update_stock ? "true" : "false",
               journal_state_name(row->state)) &&
           put_origin(out, r) &&
           buf_printf(out, "  first %s, last %s\n",
               clock_local(row->first_at, first),
               clock_local(row->last_at, last));
}

static bool story_row(const struct reader_row *row, void *arg)
{
    struct story *story = arg;

    story->state = row->row.state;
    return story->json ? journal_put_row(&story->row, row)
                       : row_text(&story->row, row);
}

static bool put_answer(struct buf *out, const struct reader_attempt *a)
{
    struct buf line = {0};
    bool ok = a->http_status > 0 ? buf_printf(&line, "%d ", a->http_status)
              : a->curl > 0      ? buf_printf(&line, "none (curl %d) ", a->curl)
                                 : buf_puts(&line, "none");

    ok = ok && buf_add(&line, a->reply, a->reply_len) &&
         wrap_put(out, "  answer   ", buf_text(&line), line.len);
    buf_free(&line);
    return ok;
}

static bool attempt_text(struct buf *out, const struct reader_attempt *a)
{
    char at[CLOCK_TEXT_MAX];
    bool ended = a->outcome[0] != '\0';
    struct journal_shown shown;

    journal_show(&shown, a->code, NULL, NULL, NULL);
    bool ok =
        buf_printf(out, "attempt %d  %s", a->n, clock_local(a->started_at, at));

    if (ok)
        ok = ended ? buf_printf(out, ", %lld ms: ", (long long)a->ms) &&
                         escape_put(out, a->outcome, WORD_MOST) &&
                         buf_putc(out, '\n')
                   : buf_puts(out, ": on its way\n");
    return ok &&
           buf_printf(out, "  %s\"%s\", update_stock %s\n",
               !ended || a->sent ? "sent     " : "not sent ", shown.code,
               a->update_stock ? "true" : "false") &&
           (!ended ||
               (put_answer(out, a) && wrap_text(out, "  because  ", a->why)));
}

static bool story_attempt(const struct reader_attempt *a, void *arg)
{
    struct story *story = arg;

    return story->json ? journal_put_attempt(&story->attempts, a)
                       : attempt_text(&story->attempts, a);
}

static bool audit_text(struct buf *out, const struct reader_audit *a)
{
    char at[CLOCK_TEXT_MAX];

    return buf_printf(out, "%s  ", clock_local(a->at, at)) &&
           escape_put(out, a->who, WORD_MOST) && buf_putc(out, '\n') &&
           wrap_text(out, "  did      ", a->what) &&
           (!a->note[0] || wrap_text(out, "  note     ", a->note));
}

static bool story_audit(const struct reader_audit *a, void *arg)
{
    struct story *story = arg;

    return story->json ? journal_put_audit(&story->audit, a)
                       : audit_text(&story->audit, a);
}

static bool story_conflict(const struct reader_conflict *c, void *arg)
{
    struct story *story = arg;
    char at[CLOCK_TEXT_MAX];
    struct journal_shown shown;

    journal_show(&shown, c->code, c->source, c->name, NULL);
    return story->json ||
           buf_printf(&story->conflicts,
               "conflict  %s, run %lld\n  asked    \"%s\", update_stock %s\n"
               "  by       %s%s%s\n",
               clock_local(c->last_at, at), (long long)c->run, shown.code,
               c->update_stock ? "true" : "false", shown.source,
               shown.name[0] ? ", " : "", shown.name);
}

static bool tell_json(const struct story *story, struct buf *out)
{
    return buf_printf(out, "{%s,\"attempts_made\":%s],\"audit\":%s]}\n",
        buf_text(&story->row), buf_text(&story->attempts),
        buf_text(&story->audit));
}

static bool tell_text(const struct story *story,
    const struct journal_place *place, const char *host, bool alive,
    int64_t item, struct buf *out)
{
    return buf_printf(out, "%s%s%s%s", buf_text(&story->row),
               buf_text(&story->attempts), buf_text(&story->audit),
               buf_text(&story->conflicts)) &&
           journal_put_advice(out, story->state, story->conflicts.len > 0,
               alive, place, host, item);
}

static bool tell(struct reader *reader, const struct story *story,
    const struct journal_place *place, int64_t item, struct error *err)
{
    struct buf out = {0}, host = {0};
    bool ok = journal_read_host(reader, &host, err);

    if (ok && !(story->json ? tell_json(story, &out)
                            : tell_text(story, place, host.data,
                                  story->state != JOURNAL_SENDING ||
                                      reader_run_alive(reader),
                                  item, &out)))
        ok = error_memory(err);
    if (ok && story->json)
        ok = command_print_json(&out) || error_memory(err);
    else if (ok)
        command_print(&out);
    buf_free(&out);
    buf_free(&host);
    return ok;
}

static bool gather(struct reader *reader, struct story *story, int64_t item,
    const char *path, struct error *err)
{
    struct reader_story ears = {
        story_row, story_attempt, story_audit, story_conflict, story};

    err->text[0] = '\0';
    if (story->json &&
        (!buf_putc(&story->attempts, '[') || !buf_putc(&story->audit, '[')))
        return error_memory(err);
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
    struct story story = {.json = arguments_given(args, "json")};
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
              tell(reader, &story, &place, item, err);
    reader_close(reader);
    buf_free(&story.row);
    buf_free(&story.attempts);
    buf_free(&story.audit);
    buf_free(&story.conflicts);
    return ok;
}
