#include "history/moved.h"

#include "base/clock.h"
#include "journal/bind.h"
#include "journal/place.h"
#include "journal/rollback.h"
#include "journal/writer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Kept of no item, as what is done to a cursor. */
static bool audit(struct store *store, const struct moved_order *order,
    const struct moved_result *r, struct error *err)
{
    struct bind bind = {.stmt = store_prepare(store,
                            "INSERT INTO audit (order_item_id, at, who, what,"
                            " note) VALUES (0, ?, ?, ?, ?)",
                            err)};
    char what[2 * PATH_MAX + 2 * HOME_MACHINE_MAX + 40];

    if (!bind.stmt)
        return false;
    snprintf(what, sizeof what, "moved: from %s (%s) to %s (%s)",
        r->known ? r->was.path : "nowhere", r->was.machine, r->is.path,
        r->is.machine);
    bind_number(&bind, clock_wall_ms());
    bind_text(&bind, order->who);
    bind_text(&bind, what);
    bind_text(&bind, order->note);
    return bind_once(store, &bind, err);
}

static bool note(struct store *store, const struct moved_order *order,
    const struct moved_result *r, struct error *err)
{
    if (!store_exec(store, "BEGIN IMMEDIATE", err))
        return false;
    if (home_note(store, &r->is, err) && audit(store, order, r, err) &&
        store_exec(store, "COMMIT", err))
        return true;
    store_rollback(store);
    return false;
}

/* The old one, where this machine can still see it. */
static bool is_still_there(const struct moved_result *r)
{
    struct home there;

    return r->known && strcmp(r->was.path, r->is.path) != 0 &&
           strcmp(r->was.machine, r->is.machine) == 0 &&
           home_here(r->was.path, &there) && home_same_file(&there, &r->was) &&
           !home_same_file(&there, &r->is);
}

/* First: a kill between the two leaves none that may be used. */
static bool mark_old(
    const struct moved_order *order, struct moved_result *r, struct error *err)
{
    struct writer old;

    if (!is_still_there(r))
        return true;
    bool ok = writer_open_anywhere(
                  &old, r->was.path, order->script, order->wait_ms, err) &&
              note(&old.store, order, r, err);
    writer_close(&old);
    r->marked = ok;
    return ok;
}

static bool move(struct writer *writer, const struct moved_order *order,
    struct moved_result *r, struct error *err)
{
    if (!home_noted(&writer->store, &r->was, &r->known, err))
        return false;
    if (!home_here(writer->real, &r->is))
        return error_set(err, place_blame(errno),
            "cannot look at the journal %s: %s", writer->store.name,
            strerror(errno));
    if (!mark_old(order, r, err) || !note(&writer->store, order, r, err))
        return false;
    rollback_forget(writer->store.name);
    return true;
}

bool moved(const char *path, const struct moved_order *order,
    struct moved_result *result, struct error *err)
{
    struct writer writer;

    *result = (struct moved_result){.known = false};
    bool ok = writer_open_anywhere(
                  &writer, path, order->script, order->wait_ms, err) &&
              move(&writer, order, result, err);
    if (!ok)
        writer_fail(&writer, err);
    writer_close(&writer);
    return ok;
}
