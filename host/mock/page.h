/* page.h: lists come in pages:
 * {"count", "next", "previous", "results": […]}. */
#ifndef MOCK_PAGE_H
#define MOCK_PAGE_H

#include "call/call.h"

struct page {
    int64_t first, end; // which of the list's rows, from 0
};

/* Reads `limit` (10, at most 100) and `page` (from 1) and begins the answer
 * up to the first row. False: there is no such page, and 404 was answered. */
bool page_begin(struct call *call, int64_t count, struct page *page);

/* What goes before row i of the page, and what goes after the last. */
void page_comma(struct call *call, const struct page *page, int64_t i);
void page_end(struct call *call);

#endif
