/* "All locks associated with a file for a given process are removed when any
 * file descriptor for that file is closed by that process" (POSIX, fcntl), and
 * SQLite's are of that kind. So the descriptor that the journal is locked by is
 * opened when this process has no connection to the journal, and closed when it
 * has none any more: writer.c opens SQLite after lock_take and closes it before
 * lock_release, a run that is refused closes it before it has opened SQLite,
 * and no command has the journal open a second time while it writes it. What
 * only looks (lock_held, lock_holder) never opens the journal: it asks the
 * kernel's list of locks. flock() and fcntl() locks do not see each other on a
 * disk of this machine, and others are refused (place.c). */
#include "journal/lock.h"

#include "base/buf.h"
#include "base/clock.h"
#include "journal/holder.h"
#include "journal/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void say_closed(const char *path, struct error *err)
{
    enum error_kind kind = place_blame(errno);

    error_set(err, kind, "cannot open the lock file %s: %s. %s", path,
        strerror(errno),
        kind == ERROR_DISK
            ? "Look after the journal's disk."
            : "The journal's folder must be this user's to write.");
}

/* Never waits, and follows no link: what is written into it must not be in
 * another file. */
static int open_file(const char *path, int flags, struct error *err)
{
    struct stat st;
    int fd = open(
        path, flags | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK, 0600);

    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        return fd;
    if (fd >= 0 || errno == ELOOP || errno == EISDIR || errno == ENXIO)
        error_set(err, ERROR_USAGE,
            "%s is not a regular file, and the journal's lock has to be one. "
            "Remove it, and the next run makes it.",
            path);
    else
        say_closed(path, err);
    if (fd >= 0)
        close(fd);
    return -1;
}

static int open_beside(const char *real, int flags, struct error *err)
{
    struct buf path = {0};
    int fd = -1;

    if (buf_printf(&path, "%s.lock", real))
        fd = open_file(path.data, flags, err);
    else
        error_memory(err);
    buf_free(&path);
    return fd;
}

static void blank_controls(char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
    }
}

/* What cannot be read is left empty: the lock itself is what counts. */
static bool read_holder(int fd, struct journal_holder *holder)
{
    char text[512];
    char script[JOURNAL_SCRIPT_MAX + 1] = "";
    long long started_at = 0;
    long process = 0;
    ssize_t got = pread(fd, text, sizeof text - 1, 0);

    if (got <= 0)
        return false;
    text[got] = '\0';
    if (sscanf(text, "process %9ld\nstarted %15lld\nscript %200[^\n]", &process,
            &started_at, script) < 2)
        return false;
    holder->process = process;
    holder->started_at = started_at;
    blank_controls(script);
    memcpy(holder->script, script, sizeof script);
    return true;
}

/* A full disk must not keep the run from saying so in its own words, so what
 * cannot be written is left. */
static void write_holder(int fd, const char *script)
{
    char name[JOURNAL_SCRIPT_MAX + 1];
    char text[512];
    int len;

    snprintf(name, sizeof name, "%s", script ? script : "");
    blank_controls(name);
    len = snprintf(text, sizeof text, "process %ld\nstarted %lld\nscript %s\n",
        (long)getpid(), (long long)clock_wall_ms(), name);
    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)len, 0) != len)
        (void)!ftruncate(fd, 0);
}

/* "02:00:07", with its date when that is not today's. */
static void start_text(int64_t started_at, char *out, size_t size)
{
    time_t then = (time_t)(started_at / 1000);
    time_t now = (time_t)(clock_wall_ms() / 1000);
    struct tm a, b;

    out[0] = '\0';
    if (!localtime_r(&then, &a) || !localtime_r(&now, &b))
        return;
    if (a.tm_year == b.tm_year && a.tm_yday == b.tm_yday)
        strftime(out, size, "%H:%M:%S", &a);
    else
        strftime(out, size, "%Y-%m-%d %H:%M:%S", &a);
}

static void say_held(int fd, const char *name, struct error *err)
{
    struct journal_holder holder = {0};
    char start[40];

    if (!read_holder(fd, &holder)) {
        error_set(err, ERROR_HELD,
            "another run still holds the journal %s. This one did nothing.",
            name);
        return;
    }
    start_text(holder.started_at, start, sizeof start);
    error_set(err, ERROR_HELD,
        "the run that started at %s (process %ld%s%s) still holds the "
        "journal %s. This one did nothing.",
        start, holder.process, holder.script[0] ? ", " : "", holder.script,
        name);
}

/* The first lock is free, so its file is a new one or was put there: whom the
 * kernel knows is named. */
static void say_held_itself(
    const struct stat *st, const char *name, struct error *err)
{
    struct journal_holder holder = {0};
    char start[40] = "", who[80] = "";

    if (holder_of(st, &holder)) {
        start_text(holder.started_at, start, sizeof start);
        snprintf(who, sizeof who, " (process %ld, started at %s)",
            holder.process, start);
    }
    error_set(err, ERROR_HELD,
        "another run%s still holds the journal %s, though its lock file was "
        "taken away or replaced. This one did nothing.",
        who, name);
}

static bool say_unlocked(const char *name, struct error *err)
{
    return error_set(err, place_blame(errno), "cannot lock the journal %s: %s",
        name, strerror(errno));
}

static struct opened opened_of(const struct stat *st)
{
    return (struct opened){st->st_dev, st->st_ino, 0};
}

/* Only what is new is given away: under that name may lie another's file. */
static void make_for_owner(const char *real)
{
    struct error ignored;
    int fd = geteuid() == 0
                 ? open_beside(real, O_RDWR | O_CREAT | O_EXCL, &ignored)
                 : -1;

    if (fd < 0)
        return;
    place_hand_over(fd, real);
    close(fd);
}

static bool take_beside(
    struct lock *lock, const char *real, const char *name, struct error *err)
{
    struct stat st;
    int fd;

    make_for_owner(real);
    fd = lock->beside_fd = open_beside(real, O_RDWR | O_CREAT, err);
    if (fd < 0)
        return false;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return say_unlocked(name, err);
        say_held(fd, name, err);
        return false;
    }
    if (fstat(fd, &st) != 0)
        return say_unlocked(name, err);
    lock->beside = opened_of(&st);
    return true;
}

static bool take_own(
    struct lock *lock, const char *real, const char *name, struct error *err)
{
    struct stat st;
    int fd = lock->own_fd =
        open(real, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0)
        return error_set(err, place_blame(errno),
            "the journal %s cannot be opened: %s. It and its folder must be "
            "this user's to write.",
            name, strerror(errno));
    if (fstat(fd, &st) != 0)
        return say_unlocked(name, err);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return say_unlocked(name, err);
        say_held_itself(&st, name, err);
        return false;
    }
    lock->own = opened_of(&st);
    return true;
}

bool lock_take(struct lock *lock, const char *real, const char *name,
    const char *script, struct error *err)
{
    *lock = LOCK_NONE;
    if (take_beside(lock, real, name, err) && take_own(lock, real, name, err)) {
        write_holder(lock->beside_fd, script);
        return true;
    }
    lock_release(lock);
    return false;
}

void lock_release(struct lock *lock)
{
    if (lock->own_fd >= 0)
        close(lock->own_fd);
    if (lock->beside_fd >= 0)
        close(lock->beside_fd);
    *lock = LOCK_NONE;
}

static bool beside_holder(const char *real, struct journal_holder *holder)
{
    struct error ignored;
    int fd = open_beside(real, O_RDONLY, &ignored);
    bool found;

    if (fd < 0)
        return false;
    found = read_holder(fd, holder);
    close(fd);
    return found;
}

bool lock_holder(const char *real, struct journal_holder *holder)
{
    struct stat st;

    return beside_holder(real, holder) ||
           (stat(real, &st) == 0 && holder_of(&st, holder));
}

/* A lock that is had for the moment of looking: a run that begins just then
 * would call it a run. So this is asked only where something is found that a
 * run has left. */
static bool beside_held(const char *real)
{
    struct error ignored;
    int fd;
    bool held;

    errno = 0;
    fd = open_beside(real, O_RDONLY, &ignored);
    if (fd < 0)
        return errno != ENOENT;
    held = flock(fd, LOCK_SH | LOCK_NB) != 0;
    close(fd);
    return held;
}

bool lock_held(const char *real)
{
    struct journal_holder ignored;
    struct stat st;

    return beside_held(real) ||
           (stat(real, &st) == 0 && holder_of(&st, &ignored));
}
