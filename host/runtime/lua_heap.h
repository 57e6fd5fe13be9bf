/* lua_heap.h: a script's memory, up to the profile's `memory`. */
#ifndef RUNTIME_LUA_HEAP_H
#define RUNTIME_LUA_HEAP_H

#include "base/pool.h"

struct lua_heap {
    size_t used, most; // bytes; used: by Lua
    struct pool pool;
};

/* A lua_Alloc, whose `arg` is the heap; {.most = bytes} is a new one. */
void *lua_heap_allocate(void *arg, void *block, size_t old, size_t size);

/* After lua_close. */
void lua_heap_fini(struct lua_heap *heap);

#endif
