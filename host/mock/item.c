#include "mock/item.h"

#include "call/answer.h"
#include "mock/page.h"
#include "mock/site.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

static void put_product(
    struct call *call, const struct invent_thing *product, bool detailed)
{
    if (detailed)
        answer_printf(call, "{\"pk\":%d,\"sku\":\"%s\",\"name\":\"%s\"}",
            product->pk, product->sku, product->name);
    else
        answer_printf(call, "%d", product->pk);
}

void item_put(struct call *call, int64_t item, const struct invent_order *order,
    bool detailed)
{
    const struct invent_thing *product = invent_product(item);
    char price[INVENT_PRICE_MAX];

    answer_printf(call,
        "{\"pk\":%" PRId64 ",\"order\":%" PRId64 ",\"product\":", item,
        order->pk);
    put_product(call, product, detailed);
    answer_printf(call,
        ",\"price\":\"%s\",\"status\":\"400\",\"cancel_status\":null"
        ",\"attributes\":{},\"extra_field\":{}}",
        invent_price(product->price, price));
}

/* The items that a list is about, from which the one that does not exist is
 * still to be left out. False: it was answered. */
static bool read_range(struct call *call, int64_t *first, int64_t *last)
{
    const char *text = call_query(call, "order");
    struct invent_order order;
    int64_t low, high;
    char *end;

    site_listed(call->site, first, last);
    if (!text)
        return true;
    errno = 0;
    if (!invent_order(strtoll(text, &end, 10), &order) || *end || errno) {
        answer_bad_field(call, "order",
            "Select a valid choice. That choice is not one of the available "
            "choices.");
        return false;
    }
    low = order.first;
    high = order.last;
    while (low <= high && !site_has_item(call->site, low))
        low++;
    while (low <= high && !site_has_item(call->site, high))
        high--;
    *first = low;
    *last = high;
    return true;
}

void item_list(struct call *call)
{
    const char *sort = call_query(call, "sort");
    bool down = sort && *sort == '-';
    int64_t first, last;
    struct invent_order order;
    struct page page;

    if (!read_range(call, &first, &last) ||
        !page_begin(call, last - first + 1, &page))
        return;
    for (int64_t i = page.first; i < page.end; i++) {
        int64_t item = down ? last - i : first + i;
        page_comma(call, &page, i);
        if (invent_order_of(item, &order))
            item_put(call, item, &order, false);
    }
    page_end(call);
}

void item_get(struct call *call)
{
    struct invent_order order;

    if (!site_has_item(call->site, call->id) ||
        !invent_order_of(call->id, &order)) {
        answer_not_found(call);
        return;
    }
    answer_begin(call, 200);
    item_put(call, call->id, &order, false);
}
