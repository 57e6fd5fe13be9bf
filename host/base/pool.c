#include "base/pool.h"

#include "base/mem.h"

#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
enum { KEEPS = false };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { KEEPS = false };
#else
enum { KEEPS = true };
#endif
#else
enum { KEEPS = true };
#endif

static size_t steps_up(size_t size)
{
    return size ? (size - 1) / POOL_STEP + 1 : 1;
}

size_t pool_round(size_t size)
{
    return size > POOL_LARGEST ? size : steps_up(size) * POOL_STEP;
}

void *pool_take(struct pool *pool, size_t size)
{
    if (size > POOL_LARGEST)
        return NULL;
    size_t steps = steps_up(size);
    void *block = pool->kept[steps];
    if (!block)
        return NULL;
    memcpy(&pool->kept[steps], block, sizeof block);
    pool->bytes -= steps * POOL_STEP;
    return block;
}

bool pool_put(struct pool *pool, void *block, size_t size)
{
    size_t steps = size / POOL_STEP;

    if (!KEEPS || steps == 0 || size > POOL_LARGEST + POOL_STEP - 1 ||
        pool->bytes + steps * POOL_STEP > POOL_KEPT_MAX)
        return false;
    memcpy(block, &pool->kept[steps], sizeof block);
    pool->kept[steps] = block;
    pool->bytes += steps * POOL_STEP;
    return true;
}

void pool_drain(struct pool *pool)
{
    for (size_t steps = 0; steps <= POOL_LARGEST / POOL_STEP; steps++) {
        void *block;
        while ((block = pool_take(pool, steps * POOL_STEP)))
            mem_free(block);
    }
}
