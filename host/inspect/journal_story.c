/* What `journal show` and `why` both tell of an item. */
#include "inspect/journal_own.h"
#include "terminal/wrap.h"
#include "json/json.h"

#include <string.h>

bool journal_put_attempt(struct buf *out, const struct reader_attempt *a)
{
    return json_put_comma(out) && buf_putc(out, '{') &&
           json_put_member_int(out, "n", a->n) &&
           journal_put_time(out, "started_at", a->started_at) &&
           json_put_member_int(out, "ms", a->ms) &&
           json_put_member_text(out, "code", a->code) &&
           json_put_member_bool(out, "update_stock", a->update_stock) &&
           json_put_member_bool(out, "sent", a->sent) &&
           json_put_member_int(out, "curl", a->curl) &&
           journal_put_or_null(
               out, "http_status", a->http_status > 0, a->http_status) &&
           json_put_name(out, "reply") &&
           json_put_string(out, a->reply ? a->reply : "", a->reply_len) &&
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

/* What a person can do now, NULL: nothing. `%s` of the first is the host. */
struct advice {
    const char *text, *word, *rest;
};

static struct advice advice_of(
    enum journal_state state, bool has_conflict, bool alive)
{
    static const struct advice settle = {
        "It was sent, and %s may have done it. Look there, then say:", "settle",
        "--done|--not-done --note \"…\""};
    static const struct advice retry = {
        "%s said no. Mend the rule and run it again, or to send it as it is:",
        "retry", ""};
    static const struct advice stands = {
        "Mend the rule, or it is asked again. If what stands is right:",
        "settle", "--done --note \"…\""};

    if (state == JOURNAL_UNKNOWN || (state == JOURNAL_SENDING && !alive))
        return settle;
    if (state == JOURNAL_REJECTED)
        return retry;
    return has_conflict ? stands : (struct advice){0};
}

bool journal_put_advice(struct buf *out, enum journal_state state,
    bool has_conflict, bool alive, const struct journal_place *place,
    const char *host, int64_t item)
{
    struct advice advice = advice_of(state, has_conflict, alive);
    const char *mark = advice.text ? strstr(advice.text, "%s") : NULL;
    size_t before = mark ? (size_t)(mark - advice.text) : 0;
    struct buf text = {0};

    if (!advice.text)
        return true;
    bool ok = buf_add(&text, advice.text, before) &&
              buf_puts(&text, mark ? host : "") &&
              buf_puts(&text, advice.text + before + (mark ? 2 : 0)) &&
              wrap_put(out, "", text.data, text.len) && buf_puts(out, "  ") &&
              journal_place_put(place, advice.word, out) &&
              buf_printf(out, " %lld%s%s\n", (long long)item,
                  advice.rest[0] ? " " : "", advice.rest);

    buf_free(&text);
    return ok;
}
