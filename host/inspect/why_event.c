#include "inspect/why_event.h"

#include "base/clock.h"
#include "base/escape.h"
#include "terminal/wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The parts of clock_local's "2025-11-22 05:14:07 +0300". */
enum { DAY_LEN = 10, TIME_AT = 11, TIME_LEN = 8, ZONE_AT = 20 };

bool why_event_add(struct buf *events, struct buf *texts, int64_t at,
    const char *label, const char *word, const char *text)
{
    struct why_event event = {.at = at, .text = texts->len};

    escape_copy(label, event.label, sizeof event.label);
    escape_copy(word, event.word, sizeof event.word);
    return buf_add(texts, text, strlen(text) + 1) &&
           buf_add(events, &event, sizeof event);
}

/* In one millisecond a decision, which has no word, comes before the attempt
 * that it led to; the rest stays in the order it was added. */
static int by_time(const void *left, const void *right)
{
    const struct why_event *a = left, *b = right;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (!a->word[0] != !b->word[0])
        return a->word[0] ? 1 : -1;
    return (a->text > b->text) - (a->text < b->text);
}

static bool put_day(struct buf *out, const char *local, const char *today)
{
    return strncmp(local, today, DAY_LEN) == 0
               ? buf_puts(out, "  today\n")
               : buf_printf(
                     out, "  %.*s %s\n", (int)DAY_LEN, local, local + ZONE_AT);
}

bool why_event_put(struct buf *events, const struct buf *texts, struct buf *out)
{
    struct why_event *event = (void *)events->data;
    size_t n = events->len / sizeof *event;
    char today[CLOCK_TEXT_MAX], day[CLOCK_TEXT_MAX], head[80];
    bool ok = true;

    clock_local(clock_wall_ms(), today);
    memcpy(day, today, sizeof day);
    if (n)
        qsort(event, n, sizeof *event, by_time);
    for (size_t i = 0; ok && i < n; i++) {
        char local[CLOCK_TEXT_MAX];
        clock_local(event[i].at, local);
        if (strncmp(local, day, DAY_LEN) != 0)
            ok = put_day(out, local, today);
        memcpy(day, local, sizeof day);
        snprintf(head, sizeof head, "  %.*s  %-8s  %-9s ", (int)TIME_LEN,
            local + TIME_AT, event[i].label, event[i].word);
        const char *text = texts->data + event[i].text;
        ok = ok && wrap_put(out, head, text, strlen(text));
    }
    return ok;
}
