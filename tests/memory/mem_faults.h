/* mem_faults.h: the six of base/mem.h in which allocations fail on request.
 *
 * Included once by each program of this folder, which links no base/mem.o.
 * Safe to allocate from any thread; set the plan while none does. */
#ifndef MEM_FAULTS_H
#define MEM_FAULTS_H

#include "base/mem.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The allocations since `calls` was last set to 0, and the blocks that are
 * not freed. Number fail_at and those behind it, fail_count in all, fail;
 * fail_at 0: none does. */
static atomic_long calls, living, fail_at, fail_count;

/* The Lua manual on lua_Alloc: Lua assumes that what shrinks never fails. */
static bool may_shrink;

static bool fails(void)
{
    long call = atomic_fetch_add(&calls, 1) + 1;
    long first = atomic_load(&fail_at);

    return first > 0 && call >= first &&
           call < first + atomic_load(&fail_count);
}

static void *count_block(void *block)
{
    if (block)
        atomic_fetch_add(&living, 1);
    return block;
}

void *mem_alloc(size_t size)
{
    return fails() ? NULL : count_block(malloc(size));
}

void *mem_calloc(size_t count, size_t size)
{
    return fails() ? NULL : count_block(calloc(count, size));
}

void *mem_realloc(void *block, size_t size)
{
    if (may_shrink && block && size <= malloc_usable_size(block))
        return realloc(block, size);
    if (fails())
        return NULL;
    return block ? realloc(block, size) : count_block(malloc(size));
}

char *mem_strdup(const char *text)
{
    return fails() ? NULL : count_block(strdup(text));
}

void mem_free(void *block)
{
    if (block)
        atomic_fetch_sub(&living, 1);
    free(block);
}

size_t mem_size(void *block)
{
    return malloc_usable_size(block);
}

#endif
