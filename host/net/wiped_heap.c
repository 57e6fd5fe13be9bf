#include "net/wiped_heap.h"

#include "base/mem.h"

#include <string.h>

/* Three of four calls that libcurl makes are of nothing. */
void wiped_heap_free(void *block)
{
    if (!block)
        return;
    explicit_bzero(block, mem_size(block));
    mem_free(block);
}

/* mem_realloc would leave the bytes where they were when it moves them. */
void *wiped_heap_realloc(void *block, size_t size)
{
    size_t old = block ? mem_size(block) : 0;

    if (!block)
        return mem_alloc(size);
    void *moved = mem_alloc(size);
    if (!moved)
        return NULL;
    memcpy(moved, block, old < size ? old : size);
    wiped_heap_free(block);
    return moved;
}
