/* What the words of `journal`, and `why`, tell of an item. */
#include "base/clock.h"
#include "inspect/journal_own.h"
#include "terminal/terminal.h"
#include "json/json.h"

#include <unistd.h>

enum { COLUMNS_LEAST = 30 };

bool journal_put_time(struct buf *out, const char *name, int64_t ms)
{
    char text[CLOCK_TEXT_MAX];

    return json_put_member_text(out, name, clock_rfc3339(ms, text));
}

bool journal_put_or_null(
    struct buf *out, const char *name, bool known, int64_t value)
{
    return known ? json_put_member_int(out, name, value)
                 : json_put_member_null(out, name);
}

bool journal_put_row(struct buf *out, const struct reader_row *r)
{
    const struct journal_row *row = &r->row;

    return json_put_member_int(out, "order_item_id", row->order_item_id) &&
           json_put_member_text(out, "code", row->code) &&
           json_put_member_bool(out, "update_stock", row->update_stock) &&
           json_put_member_text(out, "state", journal_state_name(row->state)) &&
           json_put_member_int(out, "attempts", row->attempts) &&
           journal_put_or_null(
               out, "http_status", row->http_status > 0, row->http_status) &&
           journal_put_or_null(
               out, "mapping_pk", row->mapping.known, row->mapping.pk) &&
           json_put_member_text(out, "message", row->message) &&
           json_put_member_text(out, "source", r->source) &&
           json_put_member_text(out, "name", r->name) &&
           json_put_member_text(out, "order_number", r->order_number) &&
           json_put_member_int(out, "run", row->run) &&
           json_put_member_text(out, "script", r->script) &&
           journal_put_time(out, "first_at", row->first_at) &&
           journal_put_time(out, "last_at", row->last_at);
}

/* Of the terminal on stdout, where long texts lose their middles; 0: it is
 * none, and they stay. */
static int columns_shown(void)
{
    int columns = terminal_columns(STDOUT_FILENO);

    if (!isatty(STDOUT_FILENO))
        return 0;
    return columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns;
}

bool journal_put_attempt(
    struct buf *out, const struct reader_attempt *a, size_t most)
{
    size_t len = a->reply_len < most ? a->reply_len : most;

    return json_put_comma(out) && buf_putc(out, '{') &&
           json_put_member_int(out, "n", a->n) &&
           json_put_member_int(out, "run", a->run) &&
           journal_put_time(out, "started_at", a->started_at) &&
           json_put_member_int(out, "ms", a->ms) &&
           json_put_member_text(out, "code", a->code) &&
           json_put_member_bool(out, "update_stock", a->update_stock) &&
           json_put_member_bool(out, "sent", a->sent) &&
           json_put_member_int(out, "curl", a->curl) &&
           journal_put_or_null(
               out, "http_status", a->http_status > 0, a->http_status) &&
           json_put_name(out, "reply") &&
           json_put_string(out, a->reply ? a->reply : "", len) &&
           json_put_member_text(out, "outcome", a->outcome) &&
           json_put_member_text(out, "why", a->why) && buf_putc(out, '}');
}

bool journal_put_audit(struct buf *out, const struct reader_audit *a)
{
    return json_put_comma(out) && buf_putc(out, '{') &&
           journal_put_time(out, "at", a->at) &&
           json_put_member_text(out, "who", a->who) &&
           json_put_member_text(out, "what", a->what) &&
           json_put_member_text(out, "note", a->note) && buf_putc(out, '}');
}

bool journal_put_conflict(struct buf *out, const struct reader_conflict *c)
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

bool journal_put_view(struct buf *out, const struct journal_place *place,
    const char *host, const char *word)
{
    return buf_putc(out, '{') && json_put_member_text(out, "host", host) &&
           json_put_member_text(out, "folder", place->folder) &&
           json_put_member_text(out, "named", place->named) &&
           json_put_member_text(out, "path", place->path) &&
           json_put_member_int(out, "columns", columns_shown()) &&
           journal_put_time(out, "now", clock_wall_ms()) &&
           json_put_member_text(out, "word", word) && buf_putc(out, '}');
}
