/* lua_heap.h: Lua's blocks, taken from the account of the script. */
#ifndef LUA_LUA_HEAP_H
#define LUA_LUA_HEAP_H

#include "base/account.h"
#include "base/pool.h"

#include <stdbool.h>

struct lua_heap {
    struct account *account; // borrows
    struct pool pool;
    bool refused; // the account had no room for a block, once at least
};

/* A lua_Alloc, whose `arg` is the heap; {.account = …} is a new one. */
void *lua_heap_allocate(void *arg, void *block, size_t old, size_t size);

/* After lua_close. */
void lua_heap_fini(struct lua_heap *heap);

#endif
