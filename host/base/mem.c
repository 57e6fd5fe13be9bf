#include "base/mem.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void *mem_alloc(size_t size)
{
    return malloc(size);
}

void *mem_calloc(size_t count, size_t size)
{
    return calloc(count, size);
}

void *mem_realloc(void *block, size_t size)
{
    return realloc(block, size);
}

char *mem_strdup(const char *text)
{
    return strdup(text);
}

void mem_free(void *block)
{
    free(block);
}

size_t mem_size(void *block)
{
    return malloc_usable_size(block);
}
