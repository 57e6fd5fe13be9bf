/* The six of base/mem.h for a program in which one allocation fails:
 * $MEM_FAIL_AT, counted over all threads, and the one after it, since Lua
 * tries again after a collection. At the end it writes to the file
 * $MEM_REPORT how many allocations there were and how many blocks are left. */
#include "mem_faults.h"

#include <stdio.h>

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
    fail_count = 2;
    atexit(report);
}
