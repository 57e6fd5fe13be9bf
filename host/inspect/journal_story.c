/* What `journal show` and `why` both tell of an item. */
#include "base/clock.h"
#include "inspect/journal_own.h"
#include "json/json.h"

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
           json_put_member_int(out, "columns", journal_columns()) &&
           journal_put_time(out, "now", clock_wall_ms()) &&
           json_put_member_text(out, "word", word) && buf_putc(out, '}');
}
