#include "lua/lua_heap.h"

#include "base/mem.h"

#include <string.h>

static void *take(struct lua_heap *heap, size_t size)
{
    void *block = pool_take(&heap->pool, size);

    return block ? block : mem_alloc(pool_round(size));
}

static void give_back(struct lua_heap *heap, void *block, size_t size)
{
    if (!pool_put(&heap->pool, block, pool_round(size)))
        mem_free(block);
}

static void *resize(struct lua_heap *heap, void *block, size_t old, size_t size)
{
    if (pool_round(old) == pool_round(size))
        return block;
    if (old > POOL_LARGEST && size > POOL_LARGEST)
        return mem_realloc(block, size);
    void *moved = take(heap, size);
    if (!moved)
        return NULL;
    memcpy(moved, block, old < size ? old : size);
    give_back(heap, block, old);
    return moved;
}

/* The Lua manual on lua_Alloc: "Lua assumes that the allocator never fails
 * when osize >= nsize". */
void *lua_heap_allocate(void *arg, void *block, size_t old, size_t size)
{
    struct lua_heap *heap = arg;
    struct account *account = heap->account;

    if (!block)
        old = 0; // it says what kind of object is made
    if (size > old && size - old > account->most - account->used) {
        heap->refused = true;
        return NULL;
    }
    void *got = NULL;
    if (size == 0 && block)
        give_back(heap, block, old);
    else if (size)
        got = block ? resize(heap, block, old, size) : take(heap, size);
    if (size && !got) {
        if (size > old)
            return NULL;
        got = block;
    }
    account->used += size - old;
    return got;
}

void lua_heap_fini(struct lua_heap *heap)
{
    pool_drain(&heap->pool);
}
