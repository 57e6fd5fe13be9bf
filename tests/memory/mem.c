/* The six of base/mem.h for a program in which one allocation fails:
 * $MEM_FAIL_AT, counted over all threads, and the one after it, since Lua
 * tries again after a collection. At the end it writes to the file
 * $MEM_REPORT how many allocations there were and how many blocks are left. */
#include "base/mem.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_long calls, living;
static long fail_at;

static void report(void)
{
    const char *path = getenv("MEM_REPORT");
    FILE *file = path ? fopen(path, "w") : NULL;

    if (!file)
        return;
    fprintf(file, "%ld %ld\n", atomic_load(&calls), atomic_load(&living));
    fclose(file);
}

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("MEM_FAIL_AT");

    fail_at = at ? atol(at) : 0;
    atexit(report);
}

static bool fails(void)
{
    long n = atomic_fetch_add(&calls, 1) + 1;

    return fail_at && (n == fail_at || n == fail_at + 1);
}

static void *counted(void *block)
{
    if (block)
        atomic_fetch_add(&living, 1);
    return block;
}

void *mem_alloc(size_t size)
{
    return fails() ? NULL : counted(malloc(size));
}

void *mem_calloc(size_t count, size_t size)
{
    return fails() ? NULL : counted(calloc(count, size));
}

void *mem_realloc(void *block, size_t size)
{
    if (fails())
        return NULL;
    return block ? realloc(block, size) : counted(malloc(size));
}

char *mem_strdup(const char *text)
{
    return fails() ? NULL : counted(strdup(text));
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
