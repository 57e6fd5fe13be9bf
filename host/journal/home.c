#include "journal/home.h"

#include "base/buf.h"
#include "base/file.h"
#include "journal/bind.h"
#include "journal/place.h"
#include "journal/row.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static const int64_t NS_PER_S = 1000000000;

/* systemd's machine-id(5): the same for as long as the system is installed. A
 * container may have none, or the one of its image. */
static void read_machine(char out[HOME_MACHINE_MAX])
{
    struct buf text = {0};
    struct error ignored;

    out[0] = '\0';
    if (file_read("/etc/machine-id", HOME_MACHINE_MAX - 1, &text, ERROR_OTHER,
            &ignored)) {
        size_t len = strspn(buf_text(&text), "0123456789abcdef");
        snprintf(out, HOME_MACHINE_MAX, "%.*s", (int)len, buf_text(&text));
    }
    buf_free(&text);
}

static bool look(const char *path, struct home *home)
{
    struct statx st;

    if (statx(AT_FDCWD, path, 0, STATX_INO | STATX_BTIME, &st) != 0)
        return false;
    home->device = (int64_t)makedev(st.stx_dev_major, st.stx_dev_minor);
    home->inode = (int64_t)st.stx_ino;
    home->born = 0;
    if (st.stx_mask & STATX_BTIME)
        home->born = st.stx_btime.tv_sec * NS_PER_S + st.stx_btime.tv_nsec;
    return true;
}

bool home_same_file(const struct home *a, const struct home *b)
{
    return a->inode == b->inode &&
           (a->born == b->born || a->born == 0 || b->born == 0);
}

bool home_here(const char *real, struct home *home)
{
    if (!look(real, home))
        return false;
    read_machine(home->machine);
    snprintf(home->path, sizeof home->path, "%s", real);
    return true;
}

static int take(sqlite3_stmt *stmt, void *arg)
{
    struct home *home = arg;
    const char *machine = row_text(stmt, 0), *path = row_text(stmt, 4);

    if (!machine || !path)
        return SQLITE_NOMEM;
    snprintf(home->machine, sizeof home->machine, "%s", machine);
    home->device = sqlite3_column_int64(stmt, 1);
    home->inode = sqlite3_column_int64(stmt, 2);
    home->born = sqlite3_column_int64(stmt, 3);
    snprintf(home->path, sizeof home->path, "%s", path);
    return SQLITE_OK;
}

bool home_noted(
    struct store *store, struct home *home, bool *noted, struct error *err)
{
    struct bind bind = {
        .stmt = store_prepare(
            store, "SELECT machine, device, inode, born, path FROM home", err)};

    *home = (struct home){.inode = 0};
    if (!bind.stmt || !bind_once_each(store, &bind, take, home, err))
        return false;
    *noted = home->inode != 0;
    return true;
}

bool home_note(struct store *store, const struct home *home, struct error *err)
{
    struct bind bind = {
        .stmt = store_prepare(store,
            "INSERT OR REPLACE INTO home (id, machine, device, inode, born,"
            " path) VALUES (1, ?, ?, ?, ?, ?)",
            err)};

    if (!bind.stmt)
        return false;
    bind_text(&bind, home->machine);
    bind_number(&bind, home->device);
    bind_number(&bind, home->inode);
    bind_number(&bind, home->born);
    bind_whole(&bind, home->path, strlen(home->path));
    return bind_once(store, &bind, err);
}

static bool refuse(
    const struct store *store, const char *what, struct error *err)
{
    return error_set(err, ERROR_USAGE,
        "the journal %s %s. Of two of them each would send what the other has "
        "sent: see that nothing runs with that one any more, then: omnitron "
        "journal moved --journal %s --note \"…\"",
        store->name, what, store->name);
}

static bool is_there(const struct home *home)
{
    struct home there;

    return look(home->path, &there) && home_same_file(home, &there);
}

/* One that is under its old name, and is another file than was written there,
 * came from a backup. */
static bool refuse_copy(const struct store *store, const struct home *was,
    const struct home *is, struct error *err)
{
    char what[PATH_MAX + 100];

    if (strcmp(was->path, is->path) == 0)
        snprintf(what, sizeof what,
            "is not the file that was last written here, but a copy of it");
    else
        snprintf(what, sizeof what, "is a copy: %s is %s", was->path,
            is_there(was) ? "still there" : "where it was used last");
    return refuse(store, what, err);
}

bool home_check(struct store *store, const char *real, struct error *err)
{
    struct home was, is = {.inode = 0};
    bool noted = false;

    if (!home_noted(store, &was, &noted, err))
        return false;
    if (!home_here(real, &is))
        return error_set(err, place_blame(errno),
            "cannot look at the journal %s: %s", store->name, strerror(errno));
    bool other =
        was.machine[0] && is.machine[0] && strcmp(was.machine, is.machine) != 0;
    if (noted && other)
        return refuse(store, "was used last on another machine", err);
    if (noted && !home_same_file(&was, &is))
        return refuse_copy(store, &was, &is, err);
    if (noted && strcmp(was.path, is.path) == 0 &&
        strcmp(was.machine, is.machine) == 0)
        return true;
    return home_note(store, &is, err);
}
