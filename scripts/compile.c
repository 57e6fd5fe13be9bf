/* compile NAME FILE: the Lua of FILE compiled, on stdout, with its lines unless
 * they are luacheck's, as a chunk of that name. The program is built from this,
 * so that it does not compile its own library each time it starts; what it does
 * not compile at all, being wrong, does not build. */
#include <lauxlib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int put(lua_State *L, const void *bytes, size_t size, void *out)
{
    (void)L;
    return fwrite(bytes, 1, size, out) != size;
}

static bool load(lua_State *L, const char *name, const char *path)
{
    static char text[1 << 20];
    FILE *file = fopen(path, "rb");

    if (!file)
        return lua_pushfstring(L, "cannot open %s", path) == NULL;
    size_t len = fread(text, 1, sizeof text, file);
    bool whole = feof(file);
    fclose(file);
    if (!whole)
        return lua_pushfstring(L, "%s is too long", path) == NULL;
    return luaL_loadbufferx(L, text, len, name, "t") == LUA_OK;
}

int main(int argc, char **argv)
{
    lua_State *L = luaL_newstate();

    if (!L || argc != 3) {
        fputs("usage: compile NAME FILE\n", stderr);
        return 2;
    }
    bool ok =
        load(L, argv[1], argv[2]) &&
        lua_dump(L, put, stdout, strcmp(argv[1], "=luacheck") == 0) == 0 &&
        fflush(stdout) == 0;
    if (!ok)
        fprintf(stderr, "%s: %s\n", argv[2], luaL_tolstring(L, -1, NULL));
    lua_close(L);
    return ok ? 0 : 1;
}
