#include "mock/table.h"

#include "call/answer.h"
#include "mock/page.h"
#include "mock/site.h"

#include <string.h>

static const struct table {
    int pk;
    const char *app_label;
    const char *model;
} tables[] = {
    {31, "channels", "channel"},
    {38, "customers", "customer"},
    {52, "products", "product"},
    {65, "orders", "order"},
    {SITE_CONTENT_TYPE, "orders", "orderitem"},
};

enum { TABLES = sizeof tables / sizeof tables[0] };

static void put_table(struct call *call, const struct table *table)
{
    answer_printf(call, "{\"pk\":%d,\"app_label\":\"%s\",\"model\":\"%s\"}",
        table->pk, table->app_label, table->model);
}

void table_list(struct call *call)
{
    const char *model = call_query(call, "model");
    const struct table *found[TABLES];
    int64_t count = 0;
    struct page page;

    for (int i = 0; i < TABLES; i++)
        if (!model || strcmp(model, tables[i].model) == 0)
            found[count++] = &tables[i];
    if (!page_begin(call, count, &page))
        return;
    for (int64_t i = page.first; i < page.end; i++) {
        page_comma(call, &page, i);
        put_table(call, found[i]);
    }
    page_end(call);
}
