#include "mock/ledger.h"

#include "base/mem.h"
#include "json/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 256, FIRST_PK = 4183 };

static void free_item(struct ledger_item *item)
{
    struct ledger_entry *entry, *next;

    if (!item)
        return;
    for (entry = item->first; entry; entry = next) {
        next = entry->next;
        mem_free(entry);
    }
    mem_free(item);
}

void ledger_fini(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->cap; i++)
        free_item(ledger->slots[i]);
    mem_free(ledger->slots);
    *ledger = (struct ledger){0};
}

/* Neighbouring numbers must not become neighbouring slots for ever: the
 * upper half of a multiplication by 2^64 / golden ratio. */
static size_t slot_of(int64_t id, size_t cap)
{
    return (size_t)(((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15)) >> 32) &
           (cap - 1);
}

/* Where the item is, or the empty slot where it belongs. */
static struct ledger_item **find(
    struct ledger_item **slots, size_t cap, int64_t id)
{
    size_t at = slot_of(id, cap);

    while (slots[at] && slots[at]->id != id)
        at = (at + 1) & (cap - 1);
    return &slots[at];
}

static bool grow(struct ledger *ledger)
{
    size_t cap = ledger->cap ? 2 * ledger->cap : FIRST_CAP;
    struct ledger_item **slots;

    if (ledger->cap && 4 * (ledger->count + 1) <= 3 * ledger->cap)
        return true;
    slots = mem_calloc(cap, sizeof(*slots));
    if (!slots)
        return false;
    for (size_t i = 0; i < ledger->cap; i++)
        if (ledger->slots[i])
            *find(slots, cap, ledger->slots[i]->id) = ledger->slots[i];
    mem_free(ledger->slots);
    ledger->slots = slots;
    ledger->cap = cap;
    return true;
}

struct ledger_item *ledger_item(struct ledger *ledger, int64_t id)
{
    struct ledger_item **slot;

    if (!grow(ledger))
        return NULL;
    slot = find(ledger->slots, ledger->cap, id);
    if (*slot)
        return *slot;
    *slot = mem_calloc(1, sizeof **slot);
    if (!*slot)
        return NULL;
    (*slot)->id = id;
    ledger->count++;
    return *slot;
}

struct ledger_entry *ledger_add(
    struct ledger_item *item, const char *code, size_t len)
{
    struct ledger_entry *entry = mem_alloc(sizeof *entry + len);

    if (!entry)
        return NULL;
    *entry = (struct ledger_entry){.len = (uint32_t)len};
    if (len > 0)
        memcpy(entry->code, code, len);
    if (item->last)
        item->last->next = entry;
    else
        item->first = entry;
    item->last = entry;
    return entry;
}

int64_t ledger_next_pk(struct ledger *ledger)
{
    return FIRST_PK + ledger->mappings++;
}

static const char *bool_text(bool value)
{
    return value ? "true" : "false";
}

static bool write_entry(const struct ledger_entry *entry, struct buf *out)
{
    const char *flag =
        entry->has_flag ? bool_text(entry->update_stock) : "null";
    bool ok = buf_puts(out, "{\"code\":");

    ok = ok && (entry->has_code ? json_put_string(out, entry->code, entry->len)
                                : buf_puts(out, "null"));
    ok = ok &&
         buf_printf(out, ",\"update_stock\":%s,\"applied\":%s,\"status\":%d",
             flag, bool_text(entry->applied), entry->status);
    if (entry->dropped)
        ok = ok && buf_puts(out, ",\"dropped\":true");
    if (entry->fault)
        ok = ok && buf_printf(out, ",\"fault\":\"%s\"", entry->fault);
    if (entry->outage)
        ok = ok && buf_printf(out, ",\"outage\":\"%s\"", entry->outage);
    return ok && buf_putc(out, '}');
}

static bool write_item(const struct ledger_item *item, struct buf *out)
{
    bool ok = buf_printf(
        out, "{\"order_item_id\":%" PRId64 ",\"received\":[", item->id);

    for (struct ledger_entry *e = item->first; ok && e; e = e->next) {
        if (e != item->first)
            ok = buf_putc(out, ',');
        ok = ok && write_entry(e, out);
    }
    return ok && buf_puts(out, "]}");
}

static int by_id(const void *a, const void *b)
{
    int64_t x = (*(struct ledger_item *const *)a)->id;
    int64_t y = (*(struct ledger_item *const *)b)->id;
    return (x > y) - (x < y);
}

/* The items that have entries, by number; the caller frees them. */
static struct ledger_item **sorted(const struct ledger *ledger, size_t *count)
{
    struct ledger_item **items =
        mem_alloc((ledger->count + 1) * sizeof(*items));

    *count = 0;
    if (!items)
        return NULL;
    for (size_t i = 0; i < ledger->cap; i++)
        if (ledger->slots[i] && ledger->slots[i]->first)
            items[(*count)++] = ledger->slots[i];
    qsort(items, *count, sizeof(*items), by_id);
    return items;
}

bool ledger_write(const struct ledger *ledger, struct buf *out)
{
    size_t count;
    struct ledger_item **items = sorted(ledger, &count);
    bool ok = items && buf_putc(out, '[');

    for (size_t i = 0; ok && i < count; i++)
        ok = (i == 0 || buf_putc(out, ',')) && write_item(items[i], out);
    mem_free(items);
    return ok && buf_putc(out, ']');
}
