#include "delivery/release.h"

#include "base/mem.h"
#include "base/secret.h"
#include "json/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* As much as fits. */
static void copy_text(char *out, size_t cap, const char *text)
{
    size_t len = text ? strnlen(text, cap - 1) : 0;

    if (len)
        memcpy(out, text, len);
    out[len] = '\0';
}

static bool write_body(struct release *r)
{
    struct buf *b = &r->body;
    const char *code = r->result.code;

    buf_clear(b);
    return buf_puts(b, r->result.update_stock
                           ? "{\"update_stock\":true,\"code\":"
                           : "{\"update_stock\":false,\"code\":") &&
           json_put_string(b, code, strlen(code)) && buf_putc(b, '}');
}

/* What stays of a release that was there before: its memory. That is large,
 * and of most releases little of it is used, so it is not wiped as a whole. */
static void clear(struct release *r, int64_t item)
{
    struct release_result *result = &r->result;

    r->phase = RELEASE_QUEUED;
    r->same = NULL;
    r->carried = r->counted = r->doubted = false;
    r->rejected_before = r->set_back = r->unwritable = false;
    r->applied_stock = -1;
    r->tries = r->token_no = 0;
    r->note[0] = r->words[0] = r->source[0] = r->name[0] = '\0';
    r->order_number[0] = '\0';
    r->done = NULL;
    result->verdict = VERDICT_CONFIRMED;
    result->left = result->update_stock = false;
    result->order_item_id = item;
    result->kept_by = 0;
    result->code[0] = result->message[0] = '\0';
    result->mapping.known = false;
    buf_clear(&r->seen);
}

/* It comes out of a row, whose fields are masked as well. */
static void copy_order(struct release *r, const char *number)
{
    bool cut;
    size_t len = number ? secret_copy(number, strlen(number), r->order_number,
                              RELEASE_ORDER_MAX, &cut)
                        : 0;

    r->order_number[len] = '\0';
}

bool release_fill(struct release *r, const struct journal_ask *ask)
{
    clear(r, ask->order_item_id);
    r->result.update_stock = ask->update_stock;
    copy_text(r->result.code, sizeof r->result.code, ask->code);
    copy_text(r->source, sizeof r->source, ask->source);
    copy_text(r->name, sizeof r->name, ask->name);
    copy_order(r, ask->order_number);
    return (!ask->seen || buf_puts(&r->seen, ask->seen)) && write_body(r);
}

void release_fill_carried(struct release *r, int64_t item)
{
    clear(r, item);
    r->carried = true;
}

bool release_take_row(struct release *r, const struct journal_row *row)
{
    r->result.update_stock = row->update_stock;
    copy_text(r->result.code, sizeof r->result.code, row->code);
    return write_body(r);
}

struct journal_op *release_op(struct release *r, enum journal_kind kind)
{
    struct journal_op *op = &r->op;

    op->kind = kind;
    op->ask = (struct journal_ask){
        .order_item_id = r->result.order_item_id,
        .code = r->result.code,
        .update_stock = r->result.update_stock,
        .source = r->source[0] ? r->source : NULL,
        .name = r->name[0] ? r->name : NULL,
        .order_number = r->order_number[0] ? r->order_number : NULL,
        .seen = r->seen.len ? r->seen.data : NULL,
    };
    op->note = r->note[0] ? r->note : NULL;
    op->resend = r->doubted;
    op->failed = op->found = op->unique = false;
    op->taken = 0;
    op->owner = r;
    return op;
}

void release_say(struct release *r, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(r->result.message, sizeof r->result.message, fmt, args);
    va_end(args);
}

void release_destroy(struct release *r)
{
    buf_free(&r->body);
    buf_free(&r->seen);
    mem_free(r);
}

void release_queue_put(struct release_queue *q, struct release *r)
{
    r->next = NULL;
    if (q->last)
        q->last->next = r;
    else
        q->first = r;
    q->last = r;
    q->len++;
}

struct release *release_queue_take(struct release_queue *q)
{
    struct release *r = q->first;

    q->first = r->next;
    if (!q->first)
        q->last = NULL;
    q->len--;
    return r;
}

void release_queue_put_due(struct release_queue *q, struct release *r)
{
    struct release **at = &q->first;

    if (!q->last || q->last->due_us <= r->due_us) {
        release_queue_put(q, r);
        return;
    }
    while ((*at)->due_us <= r->due_us)
        at = &(*at)->next;
    r->next = *at;
    *at = r;
    q->len++;
}

static struct release **bucket_of(struct release_table *t, int64_t item)
{
    return &t->bucket[(uint64_t)item % RELEASE_BUCKETS];
}

struct release *release_table_find(struct release_table *t, int64_t item)
{
    struct release *r = *bucket_of(t, item);

    while (r && r->result.order_item_id != item)
        r = r->in_bucket;
    return r;
}

void release_table_put(struct release_table *t, struct release *r)
{
    struct release **bucket = bucket_of(t, r->result.order_item_id);

    r->in_bucket = *bucket;
    *bucket = r;
}

void release_table_remove(struct release_table *t, struct release *r)
{
    struct release **at = bucket_of(t, r->result.order_item_id);

    while (*at != r)
        at = &(*at)->in_bucket;
    *at = r->in_bucket;
}
