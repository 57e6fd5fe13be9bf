#include "mock/order.h"

#include "base/clock.h"
#include "call/answer.h"
#include "call/body.h"
#include "call/field.h"
#include "mock/invent.h"
#include "mock/item.h"
#include "mock/page.h"
#include "mock/site.h"

#include <inttypes.h>
#include <string.h>

/* Does it hold at least one item that exists? */
static bool exists(
    const struct site *site, int64_t pk, struct invent_order *order)
{
    if (!invent_order(pk, order))
        return false;
    for (int64_t item = order->first; item <= order->last; item++)
        if (site_has_item(site, item))
            return true;
    return false;
}

static int64_t amount(const struct site *site, const struct invent_order *order)
{
    int64_t sum = 0;

    for (int64_t item = order->first; item <= order->last; item++)
        if (site_has_item(site, item))
            sum += invent_product(item)->price;
    return sum;
}

static void put_channel(
    struct call *call, const struct invent_order *order, bool detailed)
{
    const struct invent_thing *channel = invent_channel(order);

    if (detailed)
        answer_printf(
            call, "{\"pk\":%d,\"name\":\"%s\"}", channel->pk, channel->name);
    else
        answer_printf(call, "%d", channel->pk);
}

static void put_customer(
    struct call *call, const struct invent_order *order, bool detailed)
{
    struct invent_person customer = invent_customer(order);

    if (detailed)
        answer_printf(call,
            "{\"pk\":%" PRId64 ",\"first_name\":\"%s\",\"last_name\":\"%s\""
            ",\"email\":\"customer%" PRId64 "@example.com\"}",
            customer.pk, customer.first_name, customer.last_name, customer.pk);
    else
        answer_printf(call, "%" PRId64, customer.pk);
}

static void put_items(struct call *call, const struct invent_order *order)
{
    const char *comma = "";

    answer_text(call, ",\"orderitem_set\":[");
    for (int64_t item = order->first; item <= order->last; item++) {
        if (!site_has_item(call->site, item))
            continue;
        answer_text(call, comma);
        item_put(call, item, order, true);
        comma = ",";
    }
    answer_text(call, "]");
}

static void put_order(
    struct call *call, const struct invent_order *order, bool detailed)
{
    char number[INVENT_NUMBER_MAX], price[INVENT_PRICE_MAX];
    char placed[CLOCK_TEXT_MAX];

    answer_printf(call,
        "{\"pk\":%" PRId64 ",\"number\":\"%s\",\"status\":\"400\""
        ",\"date_placed\":\"%s\",\"currency\":\"TRY\",\"amount\":\"%s\""
        ",\"channel\":",
        order->pk, invent_number(order, number),
        clock_rfc3339(invent_placed_ms(order), placed),
        invent_price(amount(call->site, order), price));
    put_channel(call, order, detailed);
    answer_text(call, ",\"customer\":");
    put_customer(call, order, detailed);
    answer_printf(call, ",\"is_send\":%s,\"extra_field\":{}",
        sent_has(&call->site->sent, order->pk) ? "true" : "false");
    if (detailed)
        put_items(call, order);
    answer_text(call, "}");
}

enum wanted { WANT_ALL, WANT_SENT, WANT_WAITING };

struct selection { // the orders that a list is about, by number
    const struct sent *sent;
    enum wanted wanted;
    int64_t first;
    int64_t count;
    size_t sent_before; // sent ones with a smaller number than `first`
};

static int64_t order_pk_of(int64_t item)
{
    struct invent_order order = {0};

    invent_order_of(item, &order); // the items of lists all have one
    return order.pk;
}

static void select_range(const struct site *site, struct selection *s)
{
    int64_t first, last, end;
    size_t sent_until;

    site_listed(site, &first, &last);
    s->sent = &site->sent;
    s->first = order_pk_of(first);
    end = order_pk_of(last);
    s->sent_before = sent_rank(s->sent, s->first);
    sent_until = sent_rank(s->sent, end + 1);
    s->count = (int64_t)(sent_until - s->sent_before);
    if (s->wanted != WANT_SENT)
        s->count =
            end - s->first + 1 - (s->wanted == WANT_WAITING ? s->count : 0);
}

static int64_t selected(const struct selection *s, int64_t k)
{
    switch (s->wanted) {
    case WANT_SENT:
        return s->sent->pks[s->sent_before + (size_t)k];
    case WANT_WAITING:
        return sent_nth_missing(s->sent, s->first, k);
    default:
        return s->first + k;
    }
}

/* A filter with an unusable value is none, as in django-filter. */
static void read_selection(const struct call *call, struct selection *s)
{
    const char *is_send = call_query(call, "is_send");
    const char *status = call_query(call, "status");
    bool flag;

    *s = (struct selection){.wanted = WANT_ALL};
    if (is_send && field_flag_text(is_send, &flag))
        s->wanted = flag ? WANT_SENT : WANT_WAITING;
    select_range(call->site, s);
    if (status && strcmp(status, "400") != 0)
        s->count = 0;
}

void order_list(struct call *call)
{
    const char *sort = call_query(call, "sort");
    bool down = sort && *sort == '-';
    struct selection selection;
    struct invent_order order;
    struct page page;

    read_selection(call, &selection);
    if (!page_begin(call, selection.count, &page))
        return;
    for (int64_t i = page.first; i < page.end; i++) {
        page_comma(call, &page, i);
        if (invent_order(
                selected(&selection, down ? selection.count - 1 - i : i),
                &order))
            put_order(call, &order, false);
    }
    page_end(call);
}

static void answer_order(struct call *call, bool detailed)
{
    struct invent_order order;

    if (!exists(call->site, call->id, &order)) {
        answer_not_found(call);
        return;
    }
    answer_begin(call, 200);
    put_order(call, &order, detailed);
}

void order_get(struct call *call)
{
    answer_order(call, false);
}

void order_detailed(struct call *call)
{
    answer_order(call, true);
}

void order_patch(struct call *call)
{
    struct sent *sent = &call->site->sent;
    bool flag = sent_has(sent, call->id), memory = true;
    struct invent_order order;
    struct body body;
    const char *problem;

    if (!exists(call->site, call->id, &order)) {
        answer_not_found(call);
        return;
    }
    if (!body_read(call, &body)) {
        body_answer(call, &body);
        return;
    }
    problem = field_flag(&body.object, "is_send", &flag, &memory);
    call->broken = !memory || (!problem && !sent_set(sent, call->id, flag));
    if (problem)
        answer_bad_field(call, "is_send", problem);
    else
        answer_order(call, false);
}
