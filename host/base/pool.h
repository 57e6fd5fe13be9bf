/* pool.h: blocks that were given back, kept for the next of their size.
 *
 * What a request allocates it gives back when it ends, and the next one wants
 * the same sizes: many are under way at once, more than the C library keeps
 * for a thread without a lock. Not thread-safe. A build with AddressSanitizer
 * keeps nothing, so that a use after the end is seen. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

enum {
    POOL_STEP = 16,
    POOL_LARGEST = 4224,         // bytes of a block that is kept
    POOL_KEPT_MAX = 1024 * 1024, // bytes in all
};

/* {0} is an empty one. */
struct pool {
    void *kept[POOL_LARGEST / POOL_STEP + 1]; // by their size in steps
    size_t bytes;
};

/* A block of at least `size` bytes, NULL: none is kept. But for its first
 * word, which is not set, it is as it was put in. */
void *pool_take(struct pool *pool, size_t size);

/* Of mem_alloc, with `size` bytes at least. False: it is not kept and stays
 * the caller's. */
bool pool_put(struct pool *pool, void *block, size_t size);

/* What to allocate for `size` bytes, so that the block can be taken again. */
size_t pool_round(size_t size);

/* Frees all that is kept. */
void pool_drain(struct pool *pool);

#endif
