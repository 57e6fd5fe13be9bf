#include "mock/mapping.h"

#include "call/answer.h"
#include "call/body.h"
#include "call/field.h"
#include "mock/site.h"

#include <inttypes.h>
#include <string.h>

/* What a body asks for, as far as it can be said. */
struct wish {
    struct body body;
    bool readable;   // it is a JSON object
    struct buf code; // as it came
    bool has_code;   // it is a text
    bool has_flag;   // update_stock is absent or a boolean
    bool update_stock;
    const char *code_problem; // in the framework's words; NULL: none
    const char *flag_problem;
};

static void read_wish(struct call *call, struct wish *wish)
{
    bool memory = true;

    memset(wish, 0, sizeof *wish);
    wish->update_stock = true;
    wish->readable = body_read(call, &wish->body);
    if (!wish->readable)
        return;
    wish->code_problem = field_text(
        &wish->body.object, "code", &wish->code, &wish->has_code, &memory);
    wish->flag_problem = field_flag(
        &wish->body.object, "update_stock", &wish->update_stock, &memory);
    wish->has_flag = !wish->flag_problem;
    call->broken = call->broken || !memory;
}

/* False: the body is refused, whatever the item. */
static bool wish_is_valid(struct call *call, const struct wish *wish)
{
    if (!wish->readable) {
        body_answer(call, &wish->body);
        return false;
    }
    if (wish->code_problem)
        answer_bad_field(call, "code", wish->code_problem);
    if (wish->flag_problem)
        answer_bad_field(call, "update_stock", wish->flag_problem);
    return !wish->code_problem && !wish->flag_problem;
}

static struct field_slice kept_code(const struct ledger_entry *entry)
{
    return field_strip(entry->code, entry->len);
}

static bool same_wish(
    const struct ledger_entry *a, const struct ledger_entry *b)
{
    struct field_slice x = kept_code(a), y = kept_code(b);

    return a->update_stock == b->update_stock && x.len == y.len &&
           memcmp(x.text, y.text, x.len) == 0;
}

/* May the item have this one beside, or in place of, what it has? */
static bool repeat_is_allowed(const struct site *site,
    const struct ledger_item *item, const struct ledger_entry *entry)
{
    switch (item->kept ? site->options.repeat : MOCK_ACCEPT) {
    case MOCK_SAME:
        return same_wish(item->kept, entry);
    case MOCK_REFUSE:
        return false;
    default:
        return true;
    }
}

static void answer_mapping(struct call *call, const struct ledger_item *item)
{
    struct field_slice code = kept_code(item->kept);

    answer_begin(call, 201);
    answer_printf(call,
        "{\"pk\":%" PRId64 ",\"content_type\":%d,\"object_id\":%" PRId64
        ",\"integration_type\":\"external_company\",\"code\":",
        item->pk, SITE_CONTENT_TYPE, item->id);
    answer_string(call, code.text, code.len);
    answer_text(call, "}");
}

static void apply(
    struct call *call, struct ledger_item *item, struct ledger_entry *entry)
{
    struct site *site = call->site;

    if (!repeat_is_allowed(site, item, entry)) {
        answer_bad_field(call, "non_field_errors",
            "The fields content_type, object_id, integration_type must make "
            "a unique set.");
        return;
    }
    if (!item->kept || site->options.repeat == MOCK_ACCEPT)
        item->pk = ledger_next_pk(&site->ledger);
    item->kept = entry;
    entry->applied = true;
    answer_mapping(call, item);
}

/* Writes the body into the ledger; NULL without memory (the call is broken
 * then) and for what is no number of an item at all. */
static struct ledger_entry *note(
    struct call *call, const struct wish *wish, struct ledger_item **item)
{
    struct ledger_entry *entry = NULL;

    if (call->broken || call->id < 0)
        return NULL;
    *item = ledger_item(&call->site->ledger, call->id);
    if (*item)
        entry = ledger_add(*item, wish->has_code ? wish->code.data : NULL,
            wish->has_code ? wish->code.len : 0);
    if (!entry) {
        call->broken = true;
        return NULL;
    }
    entry->has_code = wish->has_code;
    entry->has_flag = wish->has_flag;
    entry->update_stock = wish->update_stock;
    call->entry = entry;
    return entry;
}

void mapping_create(struct call *call)
{
    struct wish wish;
    struct ledger_item *item = NULL;
    struct ledger_entry *entry;

    read_wish(call, &wish);
    entry = note(call, &wish, &item);
    if (!site_has_item(call->site, call->id))
        answer_not_found(call);
    else if (entry && wish_is_valid(call, &wish))
        apply(call, item, entry);
    if (entry)
        entry->status = (uint16_t)(call->broken ? 500 : call->status);
    buf_free(&wish.code);
}

void mapping_denied(struct call *call)
{
    struct wish wish;
    struct ledger_item *item;
    struct ledger_entry *entry;

    read_wish(call, &wish);
    entry = note(call, &wish, &item);
    if (entry)
        entry->status = (uint16_t)call->status;
    buf_free(&wish.code);
}

void mapping_unread(struct call *call)
{
    struct wish wish = {0};
    struct ledger_item *item;

    note(call, &wish, &item);
}

void mapping_ledger(struct call *call)
{
    answer_begin(call, 200);
    if (!ledger_write(&call->site->ledger, &call->out))
        call->broken = true;
}
