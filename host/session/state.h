/* state.h: a Lua state for a script: its memory limit, its libraries, the
 * prelude, the script itself as its first task. */
#ifndef SESSION_STATE_H
#define SESSION_STATE_H

#include "base/error.h"
#include "lua/lua_heap.h"
#include "lua/script.h"

struct state {
    lua_State *L; // owns
    struct lua_heap heap;
    struct tasks tasks;
};

/* Where the registry has what the prelude is given, for a host with `repl`. */
#define STATE_NATIVE "omnitron.native"

struct state_script {
    const char *path;
    struct buf *text;  // what state_read_script gave, changed when it is
                       // loaded; borrowed; NULL: the file is read then
    char *const *args; // after the script; argc of them
    int argc;
};

/* Adds the bytes of a script's file. ERROR_USAGE: it cannot be read, or is
 * not to be believed (base/trust.h). */
bool state_read_script(const char *path, struct buf *text, struct error *err);

/* Opens, loads and spawns `script`; `ended` is called when it is over, with
 * its coroutine. `host` must live as long. False: it does not start, with
 * the place in it; state_close is allowed then. */
bool state_open(struct state *state, struct script *host,
    const struct state_script *script,
    void (*ended)(lua_State *co, int status, void *arg), void *arg,
    struct error *err);

/* The same without a script, and with memory of its own: what a script would
 * find, to look things up in. */
bool state_open_bare(struct state *state, struct script *host,
    const char *folder, struct error *err);

/* Whether the script at `path` can be read (else ERROR_USAGE) and compiles
 * (else ERROR_OTHER, with the place in it). */
bool state_compiles(const char *path, struct error *err);

/* Ends its tasks and closes it. */
void state_close(struct state *state);

#endif
