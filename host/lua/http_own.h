/* http_own.h: what the files of the http module share, and api.c with them.
 *
 * http.c is the module and says what may leave the program,
 * http_exchange.c does one exchange, http_turn.c makes requests wait for
 * their turn, http_file.c keeps a reply in a file. What is more than that is
 * Lua: scripts/lib/http.lua. */
#ifndef LUA_HTTP_OWN_H
#define LUA_HTTP_OWN_H

#include "base/error.h"
#include "net/transfer.h"

#include <lua.h>
#include <stdbool.h>

/* A file that grows under another name beside its own; {.fd = -1} is none.
 * Owns the descriptor and the names. */
struct http_file {
    int fd;
    char *path;
    char *growing; // "PATH.XXXXXX"; NULL: there is none to remove
};

/* Makes the file to write to, mode 0600. False: nothing was made. */
bool http_file_open(
    struct http_file *file, const char *path, struct error *err);

/* Gives it its name, in place of what had it. False: it is removed. */
bool http_file_keep(struct http_file *file, struct error *err);

/* Removes what was not kept; any number of times. */
void http_file_drop(struct http_file *file);

/* Raises { would = "POST https://…" } where the request, or the file it is
 * to be saved to (or NULL), must stay in the program. */
void http_check_may_leave(lua_State *L, const char *method, const char *url,
    bool reads, const char *save_to);

/* Pushes what came, { status, headers, body }, or nil, words, kind, sent.
 * Returns how many values. */
int http_push_result(lua_State *L, const struct transfer_reply *reply);

/* Make the metatables; call once for each state. */
void http_open_turns(lua_State *L);
void http_open_exchanges(lua_State *L);

/* native.enter, with the list of places as its upvalue, and
 * native.exchange: see there. */
int http_enter(lua_State *L);
int http_exchange(lua_State *L);

/* Pushes the upvalue that http_enter wants. */
void http_push_places(lua_State *L);

#endif
