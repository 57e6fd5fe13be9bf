#include "journal/heap.h"

#include "base/mem.h"

static void *heap_alloc(int size)
{
    return mem_alloc((size_t)size);
}

static void *heap_realloc(void *block, int size)
{
    return mem_realloc(block, (size_t)size);
}

static int heap_size(void *block)
{
    return block ? (int)mem_size(block) : 0;
}

static int heap_roundup(int size)
{
    return (size + 7) & ~7;
}

static int heap_init(void *arg)
{
    (void)arg;
    return SQLITE_OK;
}

static void heap_shutdown(void *arg)
{
    (void)arg;
}

const sqlite3_mem_methods *heap_methods(void)
{
    static const sqlite3_mem_methods methods = {
        .xMalloc = heap_alloc,
        .xFree = mem_free,
        .xRealloc = heap_realloc,
        .xSize = heap_size,
        .xRoundup = heap_roundup,
        .xInit = heap_init,
        .xShutdown = heap_shutdown,
    };

    return &methods;
}
