#include "mock/invent.h"

#include <inttypes.h>
#include <stdio.h>

enum { BLOCK_ITEMS = 10, BLOCK_ORDERS = 4 };

/* Where the orders of a block begin in it. */
static const int starts[BLOCK_ORDERS + 1] = {0, 2, 6, 7, BLOCK_ITEMS};

/* What would overflow further up has no order. */
static const int64_t last_block = INT64_MAX / BLOCK_ITEMS - 2;

bool invent_order(int64_t pk, struct invent_order *order)
{
    int64_t block = (pk - 1) / BLOCK_ORDERS;
    int64_t at = (pk - 1) % BLOCK_ORDERS;

    if (pk < 1 || block > last_block)
        return false;
    order->pk = pk;
    order->first = block * BLOCK_ITEMS + starts[at] + 1;
    order->last = block * BLOCK_ITEMS + starts[at + 1];
    return true;
}

bool invent_order_of(int64_t item, struct invent_order *order)
{
    int64_t block = (item - 1) / BLOCK_ITEMS;
    int64_t within = (item - 1) % BLOCK_ITEMS;
    int at = 0;

    if (item < 1 || block > last_block)
        return false;
    while (within >= starts[at + 1])
        at++;
    return invent_order(block * BLOCK_ORDERS + at + 1, order);
}

/* Some number below `count` that hops about as `number` grows. */
static size_t pick(int64_t number, size_t count)
{
    uint64_t mixed = (uint64_t)number * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)((mixed >> 40) % count);
}

struct invent_person invent_customer(const struct invent_order *order)
{
    static const char *const first_names[] = {"Ayşe", "Çağrı", "Gülşen",
        "İbrahim", "Ömer", "Şükrü", "Ümit", "Zeynep", "Işıl"};
    static const char *const last_names[] = {"Yılmaz", "Çelik", "Öztürk",
        "Şahin", "Güneş", "Doğan", "Aydın", "İnce"};
    size_t customer = pick(order->pk, 5000);

    return (struct invent_person){
        .pk = (int64_t)customer + 1,
        .first_name = first_names[customer % 9],
        .last_name = last_names[customer % 8],
    };
}

const struct invent_thing *invent_channel(const struct invent_order *order)
{
    static const struct invent_thing channels[] = {
        {1, "Web Mağazası", NULL, 0},
        {2, "Pazaryeri", NULL, 0},
        {3, "İstinye Mağazası", NULL, 0},
    };
    return &channels[pick(order->pk + 1, 3)];
}

const struct invent_thing *invent_product(int64_t item)
{
    static const struct invent_thing products[] = {
        {501, "Pamuklu Tişört", "TSH-1001-M", 34990},
        {502, "Kot Pantolon", "JEA-2040-32", 119995},
        {503, "Yün Kazak", "KNT-3310-L", 89900},
        {504, "Deri Çanta", "BAG-0077", 249900},
        {505, "Spor Ayakkabı", "SHO-4410-42", 179950},
        {506, "İpek Şal", "SCA-0150", 45905},
        {507, "Çocuk Yağmurluğu", "RNC-8001-110", 64900},
        {508, "Gömlek", "SHR-1204-S", 59990},
    };
    return &products[pick(item, 8)];
}

int64_t invent_placed_ms(const struct invent_order *order)
{
    const int64_t start = INT64_C(1735689600000); // 2025-01-01T00:00:00Z
    return start + order->pk % 500000 * 61000;
}

char *invent_number(const struct invent_order *order, char *out)
{
    snprintf(out, INVENT_NUMBER_MAX, "9%010" PRId64, order->pk);
    return out;
}

char *invent_price(int64_t hundredths, char *out)
{
    snprintf(out, INVENT_PRICE_MAX, "%" PRId64 ".%02d", hundredths / 100,
        (int)(hundredths % 100));
    return out;
}
