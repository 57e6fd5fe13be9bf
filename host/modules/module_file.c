/* What require, loadfile and dofile read, and which file may be a C module. */
#include "base/file.h"
#include "base/log.h"
#include "base/trust.h"
#include "lua/modules.h"
#include "lua/script.h"
#include "lua/syntax.h"
#include "modules/file.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Code of somebody else's is not believed, before a line of it runs. */
static int refuse(lua_State *L, const struct error *err)
{
    script_of(L)->misused = true;
    return luaL_error(L, "%s", err->text);
}

/* native.read_file(path) -> text | nil, why
 * Raises for a file that is not believed. */
static int l_read_file(lua_State *L)
{
    const char *path = file_check_path(L, 1), *why;
    struct error err;
    luaL_Buffer b;
    size_t n;

    if (!file_push(L, path, "r", &why))
        return file_push_refusal(L, path, why);
    luaL_Stream *file = lua_touserdata(L, -1);
    if (!trust_open(fileno(file->f), path, &err))
        return refuse(L, &err);
    luaL_buffinit(L, &b);
    do {
        n = fread(luaL_prepbuffer(&b), 1, LUAL_BUFFERSIZE, file->f);
        luaL_addsize(&b, n);
    } while (n > 0);
    bool bad = ferror(file->f);
    int number = errno;
    luaL_pushresult(&b);
    file->closef = NULL;
    fclose(file->f);
    return bad ? file_push_refusal(L, path, strerror(number)) : 1;
}

/* native.check_module(path) -> true | nil, why; raises likewise */
static int l_check_module(lua_State *L)
{
    const char *path = file_check_path(L, 1), *why;
    struct error err;
    int fd = file_open(path, O_RDONLY, &why);

    if (fd < 0)
        return file_push_refusal(L, path, why);
    bool ok = trust_open(fd, path, &err);
    close(fd);
    if (!ok)
        return refuse(L, &err);
    lua_pushboolean(L, true);
    return 1;
}

/* Where a script believes that nothing is done to the world outside. */
static bool rehearses(const struct script *host)
{
    return (host->planning && host->repl) ||
           (!host->planning && host->mock && !host->live_erp && !host->test);
}

/* native.note_c_module(name): it is loaded. A plan says so in its end. */
static int l_note_c_module(lua_State *L)
{
    struct script *host = script_of(L);
    const char *name = luaL_checkstring(L, 1);
    size_t len = strlen(host->c_modules);

    snprintf(host->c_modules + len, sizeof host->c_modules - len, "%s%s",
        len ? ", " : "", name);
    if (rehearses(host))
        log_warn("%s is a C module: what it does is done, also here", name);
    return 0;
}

static const luaL_Reg functions[] = {
    {"check_module", l_check_module},
    {"explain_syntax", syntax_explain_function},
    {"note_c_module", l_note_c_module},
    {"read_file", l_read_file},
    {NULL, NULL},
};

int luaopen_omnitron_module_file(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
