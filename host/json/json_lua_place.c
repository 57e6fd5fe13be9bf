#include "json/json_lua_place.h"

#include "base/utf8.h"

#include <lauxlib.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { STEP_MAX = 80, PATH_MAX_LEN = 160, NAME_SHOWN = 48 };

static bool is_word(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (!(c >= 0x80 || c == '_' || (c >= '0' && c <= '9') ||
                (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
            return false;
    }
    return len > 0;
}

/* One step of a path as a reader of Lua knows it: .name, ["a name"], [3]. */
static void step_text(const struct json_lua_place *at, char out[STEP_MAX])
{
    size_t len;

    if (!at->name) {
        snprintf(out, STEP_MAX, "[" LUA_INTEGER_FMT "]", at->position);
        return;
    }
    len = utf8_cut(at->name, at->name_len, NAME_SHOWN);
    if (len == at->name_len && is_word(at->name, len))
        snprintf(out, STEP_MAX, ".%.*s", (int)len, at->name);
    else
        snprintf(out, STEP_MAX, "[\"%.*s%s\"]", (int)len, at->name,
            len < at->name_len ? "..." : "");
    for (char *c = out; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            *c = '?';
}

/* The path of `at`, its outer end cut off when it is too long; "" at the
 * top. Points into `out`. */
static const char *path_text(
    const struct json_lua_place *at, char out[PATH_MAX_LEN])
{
    char *p = out + PATH_MAX_LEN - 1;
    char step[STEP_MAX];

    *p = '\0';
    for (; at; at = at->around) {
        step_text(at, step);
        size_t len = strlen(step);
        if ((size_t)(p - out) < len + 3) {
            p -= 3;
            memcpy(p, "...", 3);
            return p;
        }
        p -= len;
        memcpy(p, step, len);
    }
    return *p == '.' ? p + 1 : p;
}

void json_lua_place_refuse(
    lua_State *L, const struct json_lua_place *at, const char *fmt, ...)
{
    char path[PATH_MAX_LEN], what[160];
    va_list args;

    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    const char *where = path_text(at, path);
    luaL_error(L, "%s%s%s", where, *where ? ": " : "", what);
    __builtin_unreachable(); // luaL_error does not return
}
