/* A body in another encoding as UTF-8: see http_own.h. */
#include "http/http_own.h"

#include <errno.h>
#include <iconv.h>
#include <lauxlib.h>
#include <string.h>

#define NO_CONVERTER ((iconv_t)-1)

enum { PIECE = 4096 };

/* A slash would ask to leave out what cannot be converted, an empty name would
 * be the locale's. */
static iconv_t open_converter(const char *encoding)
{
    if (!*encoding || strchr(encoding, '/'))
        return NO_CONVERTER;
    return iconv_open("UTF-8", encoding);
}

/* Into `out`, of `room` bytes; without it the bytes are only counted. False:
 * some of the text is not in that encoding. */
static bool convert(iconv_t converter, const char *text, size_t len, char *out,
    size_t room, size_t *made)
{
    char piece[PIECE], *in;

    memcpy(&in, &text, sizeof in); // iconv takes no const, and only reads
    *made = 0;
    while (len > 0) {
        char *to = out ? out + *made : piece;
        size_t left = out ? room - *made : sizeof piece, had = left;
        size_t n = iconv(converter, &in, &len, &to, &left);
        *made += had - left;
        if (n == (size_t)-1 && (errno != E2BIG || had == left))
            return false;
    }
    return true;
}

/* The converter is open while no Lua runs. */
static bool convert_all(const char *encoding, const char *text, size_t len,
    char *out, size_t room, size_t *made)
{
    iconv_t converter = open_converter(encoding);

    if (converter == NO_CONVERTER)
        return false;
    bool ok = convert(converter, text, len, out, room, made);
    iconv_close(converter);
    return ok;
}

int http_decode(lua_State *L)
{
    luaL_Buffer b;
    size_t len, size, made;
    const char *text = luaL_checklstring(L, 1, &len);
    const char *encoding = luaL_checkstring(L, 2);

    if (!convert_all(encoding, text, len, NULL, 0, &size))
        return 0;
    char *out = luaL_buffinitsize(L, &b, size);
    if (!convert_all(encoding, text, len, out, size, &made))
        return 0;
    luaL_pushresultsize(&b, made);
    return 1;
}
