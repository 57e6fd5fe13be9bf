/* http_own.h: what the files of the http module share, and api.c with them.
 *
 * http.c is the module, http_would.c says what may leave the program,
 * http_request.c reads what is asked for, http_exchange.c does it,
 * http_reply.c makes a table of what came, http_turn.c makes requests wait
 * for their turn, http_file.c keeps a reply in a file, http_text.c makes UTF-8
 * of one. What is more than that is Lua: scripts/lib/http.lua and the files
 * http_*.lua beside it. */
#ifndef HTTP_HTTP_OWN_H
#define HTTP_HTTP_OWN_H

#include "base/error.h"
#include "net/transfer.h"

#include <lua.h>
#include <stdbool.h>

/* What native.exchange is asked for; borrows from its fields. */
struct http_request {
    const char *method, *url, *save_to;
    const char *ca_file, *client_cert, *client_key;
    const char *known_hosts, *user, *password;
    const char *const *headers; // of http_request_push_headers
    const char *from; // that redirected here, or NULL: the script named it
    const char *home; // with from: what the script named
    double timeout;   // seconds
    bool reads, streams;
    bool from_inside; // what redirected is an inside address: net/address.h
    bool elsewhere;   // with from: it is not at the origin of home
};

enum { HTTP_REQUEST_FIELDS = 15 };

/* Reads the table at 1, but for its headers and body; raises for a field
 * that is of the wrong type. Leaves its fields on the stack, so many, from
 * which it borrows. */
void http_request_read(lua_State *L, struct http_request *request);

/* Reads its headers into a block that it pushes, with texts of its own: "Name:
 * value" …, NULL. With `elsewhere` only those that hold no credential. */
void http_request_push_headers(lua_State *L, struct http_request *request);

/* What the server is asked for by a header in place of the method, "DELETE";
 * NULL: nothing, or to read. Borrowed from the headers. */
const char *http_request_override(const struct http_request *request);

/* False: *why is what keeps it from following where `from` led to. Drops the
 * credentials that stay at another origin. */
bool http_request_follow(struct http_request *request, const char **why);

/* Methods that change nothing when they are repeated do not pass the gate;
 * what is unknown does. */
bool http_request_repeats(const struct http_request *request);

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

/* Raises { would = "POST https://…", body = … } where the request, or the file
 * it is to be saved to (or NULL), must stay in the program. `body`: where in
 * the stack its body is; 0: nowhere. */
void http_check_may_leave(lua_State *L, const char *method, const char *url,
    bool reads, const char *save_to, int body);

/* Pushes what came, { status, headers, body, cookies: a list }, or nil, words,
 * kind, sent. Returns how many values. */
int http_push_result(lua_State *L, const struct transfer_reply *reply);

/* The two halves of it: { status, headers, body }, with the `words` of a
 * download that was refused; and nil, words, kind, sent, which are four. */
void http_push_reply(lua_State *L, const struct transfer_reply *reply);
int http_push_failure(
    lua_State *L, const char *words, const char *kind, bool sent);

/* Why a request was not started: the account is full, which is its result; or
 * something else, which is raised. */
int http_push_unstarted(lua_State *L, const struct error *err);

/* Make the metatables; call once for each state. */
void http_open_would(lua_State *L);
void http_open_turns(lua_State *L);
void http_open_exchanges(lua_State *L);

/* native.enter, with the list of places as its upvalue, and
 * native.exchange: see there. */
int http_enter(lua_State *L);
int http_exchange(lua_State *L);

/* native.is_would, native.stranger, native.note_stranger: see there. */
int http_is_would(lua_State *L);
int http_stranger(lua_State *L);
int http_note_stranger(lua_State *L);

/* native.decode(text, encoding) -> the text as UTF-8
 *                               | nothing: it is not in that encoding, or
 *                                 iconv knows none of that name */
int http_decode(lua_State *L);

/* Pushes the upvalue that http_enter wants. */
void http_push_places(lua_State *L);

#endif
