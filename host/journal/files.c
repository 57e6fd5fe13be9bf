#include "journal/files.h"

#include "base/file_path.h"

#include "journal/place.h"
#include "journal/vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

/* What each is for people, and the way out. */
static const struct {
    const char *end, *way;
} kinds[FILES] = {
    [FILES_MAIN] = {"", "Put it back with its -wal, then: omnitron journal "
                        "verify."},
    [FILES_LOCK] = {".lock", "Without it another run could begin. Find out "
                             "who does that; the next run makes it anew."},
    [FILES_WAL] = {"-wal", "It holds what was written last. Find out who does "
                           "that, then: omnitron journal verify."},
    [FILES_SHM] = {"-shm", "Nothing is kept in it, and the next run makes it "
                           "anew. Find out who does that, then: omnitron "
                           "journal verify."},
};

static bool say(const struct files *files, enum files_which which,
    const char *what, struct files_fault *fault)
{
    fault->which = which;
    return error_set(&fault->why, ERROR_DISK,
        "%s%s %s while it was in use. Nothing more was sent. %s", files->name,
        kinds[which].end, what, kinds[which].way);
}

static bool look_at(const struct files *files, enum files_which which,
    const struct opened *open, struct files_fault *fault)
{
    struct stat st;

    if (fstatat(AT_FDCWD, files->path[which], &st, AT_SYMLINK_NOFOLLOW) != 0)
        return say(files, which,
            errno == ENOENT || errno == ENOTDIR ? "was taken away"
                                                : "could not be looked at",
            fault);
    if (st.st_ino != open->inode || st.st_dev != open->device)
        return say(files, which, "was replaced by another file", fault);
    return st.st_size >= open->size ||
           say(files, which, "was cut short", fault);
}

/* The -shm may be open by another connection of this process, and is then
 * taken for what its name leads to. */
static void know_shm(struct files *files)
{
    struct stat st;

    if (files->open[FILES_SHM].inode == 0 &&
        lstat(files->path[FILES_SHM], &st) == 0)
        files->open[FILES_SHM] = (struct opened){st.st_dev, st.st_ino, 0};
}

static bool know_main(
    struct files *files, const struct lock *lock, struct files_fault *fault)
{
    struct opened main = vfs_main(files->main);

    files->open[FILES_LOCK] = lock->beside;
    files->open[FILES_MAIN] = lock->own;
    return (main.inode == lock->own.inode && main.device == lock->own.device) ||
           say(files, FILES_MAIN, "was replaced by another file", fault);
}

bool files_open(struct files *files, struct store *store, const char *real,
    const struct lock *lock, struct files_fault *fault)
{
    files->name = store->name;
    for (int i = 0; i < FILES; i++)
        snprintf(
            files->path[i], sizeof files->path[i], "%s%s", real, kinds[i].end);
    sqlite3_file_control(
        store->db, "main", SQLITE_FCNTL_FILE_POINTER, &files->main);
    sqlite3_file_control(
        store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &files->wal);
    files->open[FILES_SHM] = vfs_shm(files->main);
    know_shm(files);
    return know_main(files, lock, fault) && files_look(files, fault);
}

/* Where the folder was renamed between two looks, it was journal.db that went,
 * and what goes with it is not to be named. False. */
static bool blame(const struct files *files, const struct opened *main,
    struct files_fault *fault)
{
    (void)look_at(files, FILES_MAIN, main, fault);
    return false;
}

bool files_look_outside(const struct files *files, struct files_fault *fault)
{
    const struct opened *main = &files->open[FILES_MAIN];

    return !files->name ||
           (look_at(files, FILES_MAIN, main, fault) &&
               look_at(files, FILES_LOCK, &files->open[FILES_LOCK], fault)) ||
           blame(files, main, fault);
}

bool files_look(const struct files *files, struct files_fault *fault)
{
    struct opened main, wal, shm;

    if (!files->name)
        return true;
    main = vfs_main(files->main);
    shm = files->open[FILES_SHM];
    shm.size = vfs_shm(files->main).size;
    if (!vfs_wal(files->wal, &wal))
        return say(files, FILES_WAL, "is not open", fault);
    return (look_at(files, FILES_MAIN, &main, fault) &&
               look_at(files, FILES_WAL, &wal, fault) &&
               look_at(files, FILES_LOCK, &files->open[FILES_LOCK], fault) &&
               look_at(files, FILES_SHM, &shm, fault)) ||
           blame(files, &main, fault);
}

static bool is_short(sqlite3_file *file, int64_t written)
{
    sqlite3_int64 size = 0;

    return file->pMethods->xFileSize(file, &size) != SQLITE_OK ||
           size < written;
}

bool files_short(const struct files *files)
{
    struct opened main = vfs_main(files->main), wal;

    return !vfs_wal(files->wal, &wal) || is_short(files->wal, wal.size) ||
           is_short(files->main, main.size);
}

bool files_clear_wal(const struct files *files)
{
    char foreign[PATH_MAX + 16], folder[PATH_MAX];
    struct error ignored;

    snprintf(foreign, sizeof foreign, "%s.foreign", files->path[FILES_WAL]);
    if (rename(files->path[FILES_WAL], foreign) != 0)
        return errno == ENOENT;
    return file_path_folder(foreign, folder) &&
           place_sync_folder(folder, &ignored);
}
