/* The file stays the system's. Some of its methods become ours, which hand the
 * same file on: SQLite goes by "pMethods" alone (struct sqlite3_file). */
#include "journal/vfs.h"

#include "journal/bus.h"

struct watched {
    const sqlite3_io_methods *system;
    sqlite3_io_methods methods;
    struct opened file; // and how far it was written
    struct opened shm;  // of the database
    bool looked;        // at the WAL's length, since the latest sync
};

static sqlite3_vfs *system_vfs;

/* Behind the system's own. */
static struct watched *behind(sqlite3_file *file)
{
    return (struct watched *)(void *)((char *)file + system_vfs->szOsFile);
}

/* The -shm is opened with its first piece. Another connection of this process
 * may have it open: then which it is is not known. */
static int map_shm(
    sqlite3_file *file, int piece, int size, int extend, void volatile **at)
{
    struct watched *main = behind(file);

    opened_forget();
    int rc = main->system->xShmMap(file, piece, size, extend, at);
    struct opened last = opened_last();
    if (last.inode) {
        main->shm = last;
        main->shm.size = 0;
    }
    if (rc != SQLITE_OK || !*at)
        return rc;
    bus_mapped(main, *at, (size_t)size);
    if (main->shm.size < (int64_t)(piece + 1) * size)
        main->shm.size = (int64_t)(piece + 1) * size;
    return rc;
}

static int unmap_shm(sqlite3_file *file, int remove)
{
    struct watched *main = behind(file);

    bus_unmapped(main);
    main->shm = (struct opened){0};
    return main->system->xShmUnmap(file, remove);
}

static int write_file(
    sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    struct watched *watched = behind(file);
    int rc = watched->system->xWrite(file, bytes, len, at);

    if (rc == SQLITE_OK && watched->file.size < at + len)
        watched->file.size = at + len;
    return rc;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    struct watched *watched = behind(file);
    int rc = watched->system->xTruncate(file, size);

    if (rc == SQLITE_OK && watched->file.size > size)
        watched->file.size = size;
    return rc;
}

/* A WAL that was cut short must not grow again by a write behind its end:
 * there would be zeros in place of what was written before, and nothing would
 * show it. With its head the log begins anew. */
static int look(sqlite3_file *file)
{
    struct watched *wal = behind(file);
    sqlite3_int64 size = 0;
    int rc = wal->system->xFileSize(file, &size);

    return rc == SQLITE_OK && size < wal->file.size ? SQLITE_IOERR_SHORT_READ
                                                    : rc;
}

static int write_wal(
    sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    struct watched *wal = behind(file);
    int rc = SQLITE_OK;

    if (at == 0)
        wal->file.size = 0;
    if (!wal->looked)
        rc = look(file);
    if (rc == SQLITE_OK)
        rc = write_file(file, bytes, len, at);
    wal->looked = rc == SQLITE_OK;
    return rc;
}

static int sync_wal(sqlite3_file *file, int flags)
{
    behind(file)->looked = false;
    return behind(file)->system->xSync(file, flags);
}

/* Looks after a file that the system has just opened. */
static struct watched *watch(sqlite3_file *file)
{
    struct watched *watched = behind(file);

    *watched = (struct watched){.system = file->pMethods,
        .methods = *file->pMethods,
        .file = opened_last()};
    watched->methods.xWrite = write_file;
    watched->methods.xTruncate = truncate_file;
    file->pMethods = &watched->methods;
    return watched;
}

static void watch_main(sqlite3_file *file)
{
    struct watched *main = watch(file);

    main->methods.xShmMap = map_shm;
    main->methods.xShmUnmap = unmap_shm;
}

static void watch_wal(sqlite3_file *file)
{
    struct watched *wal = watch(file);

    wal->methods.xWrite = write_wal;
    wal->methods.xSync = sync_wal;
}

/* All others are the system's alone. */
static int open_any(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
    int flags, int *out_flags)
{
    (void)vfs;
    opened_forget();
    int rc = system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
    if (rc == SQLITE_OK && flags & SQLITE_OPEN_MAIN_DB)
        watch_main(file);
    else if (rc == SQLITE_OK && flags & SQLITE_OPEN_WAL)
        watch_wal(file);
    return rc;
}

struct opened vfs_main(sqlite3_file *file)
{
    return behind(file)->file;
}

struct opened vfs_shm(sqlite3_file *file)
{
    return behind(file)->shm;
}

bool vfs_wal(sqlite3_file *file, struct opened *opened)
{
    if (file->pMethods != &behind(file)->methods)
        return false;
    *opened = behind(file)->file;
    return true;
}

int vfs_init(void)
{
    static sqlite3_vfs vfs;

    system_vfs = sqlite3_vfs_find("unix");
    if (!system_vfs)
        return SQLITE_ERROR;
    opened_listen(system_vfs);
    vfs = *system_vfs;
    vfs.zName = VFS_NAME;
    vfs.szOsFile += (int)sizeof(struct watched);
    vfs.pNext = NULL;
    vfs.xOpen = open_any;
    return sqlite3_vfs_register(&vfs, 0);
}
