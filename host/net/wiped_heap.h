/* wiped_heap.h: libcurl's memory. It copies headers into requests, and those
 * into more places than can be told to forget them: what it gives back is
 * overwritten first. */
#ifndef NET_WIPED_HEAP_H
#define NET_WIPED_HEAP_H

#include <stddef.h>

/* As mem_free and mem_realloc, for what base/mem.h gave. */
void wiped_heap_free(void *block);
void *wiped_heap_realloc(void *block, size_t size);

#endif
