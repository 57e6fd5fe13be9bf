/* A trouble in the text:
 *
 *   KIND SCOPE ABOUT SINCE SAID GONE COUNT TIMES[ TEXT]
 *
 * KIND is a letter, SCOPE and ABOUT are hexadecimal, times are seconds since
 * 1970. A tab parts one from the next. */
#include "ending/notice.h"

#include "base/escape.h"
#include "base/mem.h"
#include "base/secret.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cron begins a run at the second; the clock that it reads is a bit off. */
enum { SLACK_MS = 60 * 1000, TIMES_MOST = 3 };

static const char letters[NOTICE_KINDS + 1] = "rkcusldpefwxj";

uint64_t notice_about(
    enum fingerprint_likeness likeness, const char *const *parts)
{
    uint64_t hash = 0xCBF29CE484222325U;

    for (; *parts; parts++)
        hash = fingerprint_bytes(
            fingerprint_text(likeness, hash, *parts), "\n", 1);
    return hash;
}

static bool make_room(struct notices *t)
{
    if (t->len < t->cap)
        return true;
    size_t cap = t->cap ? t->cap * 2 : 16;
    struct notice *list = mem_realloc(t->list, cap * sizeof *list);
    if (!list)
        return false;
    t->list = list;
    t->cap = cap;
    return true;
}

/* What can be told in milliseconds, with room to reckon. */
static bool is_time(int64_t s)
{
    return s >= -(INT64_C(1) << 53) && s <= INT64_C(1) << 53;
}

static bool read_one(const char *text, struct notice *out)
{
    char letter;
    int used = 0;
    const char *at;

    *out = (struct notice){0};
    if (sscanf(text,
            "%c %" SCNx32 " %" SCNx64 " %" SCNd64 " %" SCNd64 " %" SCNd64
            " %" SCNd64 " %d%n",
            &letter, &out->scope, &out->about, &out->since, &out->said,
            &out->gone, &out->count, &out->times, &used) != 8)
        return false;
    at = letter ? strchr(letters, letter) : NULL;
    if (!at || !is_time(out->since) || !is_time(out->said) ||
        !is_time(out->gone))
        return false;
    out->kind = (enum notice_kind)(at - letters);
    out->since *= 1000;
    out->said *= 1000;
    out->gone *= 1000;
    if (text[used] == ' ')
        escape_copy(text + used + 1, out->text, sizeof out->text);
    return true;
}

bool notices_read(struct notices *t, const char *text)
{
    char one[NOTICES_TEXT_MAX + 200];

    while (*text && t->len < NOTICES_MOST) {
        size_t len = strcspn(text, "\t");
        struct notice trouble;

        snprintf(one, sizeof one, "%.*s", (int)len, text);
        if (len < sizeof one && read_one(one, &trouble)) {
            if (!make_room(t))
                return false;
            t->list[t->len++] = trouble;
        }
        text += len + (text[len] == '\t');
    }
    return true;
}

/* A clock that was set back must not hush a trouble for ever. */
static bool day_is_over(int64_t then, int64_t now_ms)
{
    int64_t ms = now_ms - then;

    return ms >= NOTICES_DAY_MS - SLACK_MS ||
           ms <= -(NOTICES_DAY_MS - SLACK_MS);
}

/* A script is run with other arguments each time, a row goes: what was not
 * said for two days, though it is said each day while it lasts, has no run
 * any more that sees its end. */
static bool is_passing(enum notice_kind kind)
{
    return kind == NOTICE_ROW || kind == NOTICE_KEPT || kind == NOTICE_CROWD ||
           kind == NOTICE_AWAY || kind == NOTICE_FAULT || kind == NOTICE_LOG ||
           kind == NOTICE_OTHER;
}

static bool is_kept(const struct notice *one, int64_t now_ms)
{
    int64_t ms = now_ms - one->said;
    bool old = ms > 2LL * NOTICES_DAY_MS || ms < -2LL * NOTICES_DAY_MS;

    return !(one->gone && day_is_over(one->said, now_ms)) &&
           !(old && is_passing(one->kind));
}

static bool put_one(const struct notice *one, struct buf *out)
{
    return buf_printf(out,
               "%s%c %" PRIx32 " %" PRIx64 " %" PRId64 " %" PRId64 " %" PRId64
               " %" PRId64 " %d",
               out->len ? "\t" : "", letters[one->kind], one->scope, one->about,
               one->since / 1000, one->said / 1000, one->gone / 1000,
               one->count, one->times) &&
           (!one->text[0] || (buf_putc(out, ' ') &&
                                 escape_put(out, one->text, NOTICES_TEXT_MAX)));
}

bool notices_write(const struct notices *t, int64_t now_ms, struct buf *out)
{
    bool ok = true;

    for (size_t i = 0; ok && i < t->len; i++)
        if (is_kept(&t->list[i], now_ms))
            ok = put_one(&t->list[i], out);
    return ok;
}

void notices_fini(struct notices *t)
{
    mem_free(t->list);
    *t = (struct notices){0};
}

static struct notice *find(
    struct notices *t, enum notice_kind kind, uint32_t scope, uint64_t about)
{
    for (size_t i = 0; i < t->len; i++) {
        struct notice *one = &t->list[i];
        if (one->kind == kind && one->scope == scope && one->about == about)
            return one;
    }
    return NULL;
}

static bool is_many(enum notice_kind kind)
{
    return kind == NOTICE_ROW || kind == NOTICE_KEPT ||
           kind == NOTICE_UNKNOWN || kind == NOTICE_LOG ||
           kind == NOTICE_REFUSED;
}

/* What is over makes room, then what was said longest ago: not of those that
 * are judged now, they would push one another out. */
static void evict(struct notices *t, enum notice_kind kind, uint32_t scope)
{
    struct notice *oldest = NULL;

    for (size_t i = 0; i < t->len; i++) {
        struct notice *one = &t->list[i];
        bool judged = one->seen || (one->kind == kind && one->scope == scope);
        if (!judged && is_passing(one->kind) &&
            (!oldest || one->said < oldest->said))
            oldest = one;
    }
    if (oldest)
        *oldest = t->list[--t->len];
}

/* Those that may be many leave room for those that are not. */
static bool fits(struct notices *t, enum notice_kind kind, uint32_t scope)
{
    size_t most = is_many(kind) ? NOTICES_ROWS_MOST : NOTICES_MOST;

    for (size_t i = 0; t->len >= most && i < t->len;)
        if (t->list[i].gone)
            t->list[i] = t->list[--t->len];
        else
            i++;
    if (t->len >= most)
        evict(t, kind, scope);
    return t->len < most && make_room(t);
}

static enum notice_say see_new(struct notice *one, int64_t now_ms)
{
    one->since = one->said = now_ms;
    one->gone = 0;
    one->times++;
    return NOTICE_NEW;
}

/* What is known already. One more than TIMES_MOST: it is back, unsaid. */
static enum notice_say see_known(struct notice *one, int64_t now_ms)
{
    bool day = day_is_over(one->said, now_ms);

    if (day)
        one->times = one->gone ? 0 : 1;
    if (one->gone && one->times < TIMES_MOST)
        return see_new(one, now_ms);
    if (one->gone)
        one->times = TIMES_MOST + 1;
    one->gone = 0;
    if (!day)
        return NOTICE_SILENT;
    one->said = now_ms;
    return NOTICE_AGAIN;
}

enum notice_say notices_see(struct notices *t, enum notice_kind kind,
    uint32_t scope, uint64_t about, int64_t now_ms, struct notice **which)
{
    struct notice *one = find(t, kind, scope, about);

    if (which)
        *which = NULL;
    if (!one) {
        if (!fits(t, kind, scope))
            return NOTICE_NEW;
        one = &t->list[t->len++];
        *one = (struct notice){.kind = kind, .scope = scope, .about = about};
        one->say = see_new(one, now_ms);
    } else if (!one->seen) {
        one->say = see_known(one, now_ms);
    }
    one->seen = true;
    if (which)
        *which = one;
    return one->say;
}

void notice_name(struct notice *trouble, const char *text)
{
    struct buf line = {0};

    if (!escape_put_masked(&line, text, sizeof trouble->text - 1))
        buf_clear(&line);
    snprintf(trouble->text, sizeof trouble->text, "%s", buf_text(&line));
    buf_free(&line);
}

void notices_end(struct notices *t, enum notice_kind kind, uint32_t scope,
    int64_t now_ms, void (*ended)(const struct notice *trouble, void *arg),
    void *arg)
{
    for (size_t i = 0; i < t->len; i++) {
        struct notice *one = &t->list[i];
        if (one->kind != kind || one->scope != scope || one->seen || one->gone)
            continue;
        one->gone = now_ms;
        if (ended && one->times <= TIMES_MOST)
            ended(one, arg);
    }
}

size_t notices_lasting(
    const struct notices *t, enum notice_kind kind, uint32_t scope)
{
    size_t n = 0;

    for (size_t i = 0; i < t->len; i++)
        n += t->list[i].kind == kind && t->list[i].scope == scope &&
             !t->list[i].gone;
    return n;
}

void notices_forget(struct notices *t, enum notice_kind kind, int64_t most)
{
    for (size_t i = 0; i < t->len;) {
        const struct notice *one = &t->list[i];
        if (one->kind == kind && one->gone && one->count <= most)
            t->list[i] = t->list[--t->len];
        else
            i++;
    }
}
