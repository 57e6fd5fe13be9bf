/* mem.h: every allocation of the host, of Lua, libcurl and SQLite.
 *
 * One door, so that a test can make any one allocation fail: it links its own
 * implementation of these six in place of mem.c. Thread-safe like malloc. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* As malloc, calloc, realloc, strdup and free: NULL when there is none. */
void *mem_alloc(size_t size);
void *mem_calloc(size_t count, size_t size);
void *mem_realloc(void *block, size_t size);
char *mem_strdup(const char *text);
void mem_free(void *block);

/* The usable bytes of a block that mem_alloc or mem_realloc gave. */
size_t mem_size(void *block);

#endif
