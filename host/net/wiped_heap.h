/* wiped_heap.h: libcurl's memory. It copies headers into requests, and those
 * into more places than can be told to forget them: what it gives back is
 * overwritten first. The thread of a net keeps such blocks for the next
 * request; a resolver's thread does not. */
#ifndef NET_WIPED_HEAP_H
#define NET_WIPED_HEAP_H

#include <stddef.h>

/* As malloc, calloc, strdup, free and realloc: NULL when there is none. */
void *wiped_heap_alloc(size_t size);
void *wiped_heap_calloc(size_t count, size_t size);
char *wiped_heap_strdup(const char *text);
void wiped_heap_free(void *block);
void *wiped_heap_realloc(void *block, size_t size);

/* A net of the calling thread begins, and ends: with the last of them all that
 * is kept is freed. */
void wiped_heap_begin(void);
void wiped_heap_end(void);

#endif
