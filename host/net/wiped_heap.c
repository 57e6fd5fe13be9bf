#include "net/wiped_heap.h"

#include "base/mem.h"
#include "base/pool.h"

#include <stdint.h>
#include <string.h>

static _Thread_local struct {
    struct pool pool;
    int nets;
} here;

void wiped_heap_begin(void)
{
    here.nets++;
}

void wiped_heap_end(void)
{
    if (--here.nets == 0)
        pool_drain(&here.pool);
}

void *wiped_heap_alloc(size_t size)
{
    void *block = here.nets ? pool_take(&here.pool, size) : NULL;

    return block ? block : mem_alloc(pool_round(size));
}

/* What is kept was wiped, but for the first word. */
void *wiped_heap_calloc(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    void *block = here.nets ? pool_take(&here.pool, count * size) : NULL;
    if (!block)
        return mem_calloc(1, pool_round(count * size));
    memset(block, 0, sizeof(void *));
    return block;
}

char *wiped_heap_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = wiped_heap_alloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

/* Three of four calls that libcurl makes are of nothing. */
void wiped_heap_free(void *block)
{
    if (!block)
        return;
    size_t size = mem_size(block);
    explicit_bzero(block, size);
    if (!here.nets || !pool_put(&here.pool, block, size))
        mem_free(block);
}

/* mem_realloc would leave the bytes where they were when it moves them. */
void *wiped_heap_realloc(void *block, size_t size)
{
    size_t old = block ? mem_size(block) : 0;

    if (block && size <= old)
        return block;
    void *moved = wiped_heap_alloc(size);
    if (!moved || !block)
        return moved;
    memcpy(moved, block, old);
    wiped_heap_free(block);
    return moved;
}
