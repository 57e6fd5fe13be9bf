/* session.h: one life of a script, from its surroundings to its end in order.
 *
 * A run, a plan and a repl each have one and add what is theirs. The phases:
 * session_open, then a dry run or a journal and a delivery, then the Lua state
 * (session_start), turns, session_end, session_close. */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include "base/exit_code.h"
#include "lua/only.h"
#include "session/dry_run.h"
#include "session/live.h"
#include "session/state.h"

enum { SESSION_AT_ONCE = 8 }; // where nothing is learned of the host

struct session_options {        // borrowed, all of it
    struct state_script script; // of lines, its path is require's folder
    const struct profile *profile;
    struct endpoint endpoint;
    const char *journal; // path; NULL: a throw-away one; of a plan: none
    struct only *only;   // filled, too; NULL: all are wanted
    int signal_fd;       // of signals_open; -1: none
};

/* What embeds one has it in front: the ears in `script` are told the session
 * and may take it for the whole. */
struct session { // {0}, then session_close in any case
    const struct session_options *options;
    struct loop loop;
    struct script script; // what the bindings share; its owner may add ears
    struct state state;
    struct dry_run dry;
    struct live live;
    void (*listen)(struct session *session); // reads the signals, each turn
    enum exit_code left_with; // at a signal or the deadline; EXIT_DONE: not
    char fault[2000];         // why the script ended before its end, or ""
};

/* The network, the signals, and what the bindings share. */
bool session_open(struct session *session,
    const struct session_options *options, struct error *err);

/* Releases are planned, against the journal at a path or none (NULL). */
bool session_open_dry(
    struct session *session, const char *journal, struct error *err);

/* Takes the journal's lock for `script`, whose bytes have this hash (NULL: it
 * has none); then the delivery, so many releases at once (0: as many as turn
 * out to be right). `carried`, or NULL, is told what no script hears of, with
 * the session. On false session_end_live is due. */
bool session_lock(struct session *session, const char *script, const char *hash,
    struct error *err);
bool session_go_live(struct session *session, int at_once,
    void (*carried)(void *session, const struct release_result *result),
    struct error *err);

/* Gives up what the two took, if they did; nothing of Lua holds a release any
 * more. What the dry run has is used again. */
void session_end_live(struct session *session);

/* The Lua state with the script as its first task; `text`, which is changed,
 * has its bytes, or is NULL. Or without a script, for lines. */
bool session_start(
    struct session *session, struct buf *text, struct error *err);
bool session_start_bare(struct session *session, struct error *err);

/* A turn of the loop, and all that is looked at after each. */
void session_turn(struct session *session);

/* Nothing is taken or sent any more; what is in flight comes to its end. The
 * first reason stays. */
void session_leave(struct session *session, enum exit_code code);

/* Whether --only named what was in no line, and all lines were looked at. */
bool session_missed(const struct session *session);

/* What the process ends with, as far as the session can tell: by a signal or
 * the deadline, a fault, what was missed. */
enum exit_code session_exit(const struct session *session);

/* The script's end, and then the journal's: it is free for another run. Only
 * the network stays. */
void session_end(struct session *session);
void session_close(struct session *session);

#endif
