/* syntax.h: what Lua says of a text that is no chunk, in better words where
 * there are some (profile/source_text.h). */
#ifndef LUA_SYNTAX_H
#define LUA_SYNTAX_H

#include <lua.h>
#include <stddef.h>

/* The message on top of the stack, which Lua gave for this text, becomes the
 * better one. Raises when there is no memory. */
void syntax_explain(lua_State *L, const char *text, size_t len);

/* native.explain_syntax(text, message) -> message, maybe a better one */
int syntax_explain_function(lua_State *L);

#endif
