#include "journal/wal_file.h"

#include "journal/main_file.h"

#include <stdbool.h>
#include <stddef.h>

struct wal_file {
    sqlite3_file base;
    struct opened file; // and how far it was written
    bool looked;        // since the latest sync
};

static sqlite3_vfs *system_vfs;

/* The system's file stands behind. */
static sqlite3_file *inner(sqlite3_file *file)
{
    return (sqlite3_file *)(void *)((char *)file + sizeof(struct wal_file));
}

static int wal_close(sqlite3_file *file)
{
    return inner(file)->pMethods->xClose(inner(file));
}

static int wal_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at)
{
    return inner(file)->pMethods->xRead(inner(file), bytes, len, at);
}

/* A file that was cut short must not grow again by a write behind its end:
 * there would be zeros in place of what was written before, and nothing would
 * show it. With its head the log begins anew. */
static int look(struct wal_file *wal)
{
    sqlite3_file *file = inner(&wal->base);
    sqlite3_int64 size = 0;
    int rc = file->pMethods->xFileSize(file, &size);

    if (rc == SQLITE_OK && size < wal->file.size)
        rc = SQLITE_IOERR_SHORT_READ;
    return rc;
}

static int wal_write(
    sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    struct wal_file *wal = (struct wal_file *)file;
    int rc = SQLITE_OK;

    if (at == 0)
        wal->file.size = 0;
    if (!wal->looked)
        rc = look(wal);
    if (rc == SQLITE_OK)
        rc = inner(file)->pMethods->xWrite(inner(file), bytes, len, at);
    if (rc == SQLITE_OK && wal->file.size < at + len)
        wal->file.size = at + len;
    wal->looked = rc == SQLITE_OK;
    return rc;
}

static int wal_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct wal_file *wal = (struct wal_file *)file;
    int rc = inner(file)->pMethods->xTruncate(inner(file), size);

    if (rc == SQLITE_OK && wal->file.size > size)
        wal->file.size = size;
    return rc;
}

static int wal_sync(sqlite3_file *file, int flags)
{
    ((struct wal_file *)file)->looked = false;
    return inner(file)->pMethods->xSync(inner(file), flags);
}

static int wal_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return inner(file)->pMethods->xFileSize(inner(file), size);
}

static int wal_lock(sqlite3_file *file, int level)
{
    return inner(file)->pMethods->xLock(inner(file), level);
}

static int wal_unlock(sqlite3_file *file, int level)
{
    return inner(file)->pMethods->xUnlock(inner(file), level);
}

static int wal_is_reserved(sqlite3_file *file, int *reserved)
{
    return inner(file)->pMethods->xCheckReservedLock(inner(file), reserved);
}

static int wal_control(sqlite3_file *file, int op, void *arg)
{
    return inner(file)->pMethods->xFileControl(inner(file), op, arg);
}

static int wal_sector_size(sqlite3_file *file)
{
    return inner(file)->pMethods->xSectorSize(inner(file));
}

static int wal_characteristics(sqlite3_file *file)
{
    return inner(file)->pMethods->xDeviceCharacteristics(inner(file));
}

/* Version 1: the shared memory and the mapping are the database's. */
static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = wal_close,
    .xRead = wal_read,
    .xWrite = wal_write,
    .xTruncate = wal_truncate,
    .xSync = wal_sync,
    .xFileSize = wal_size,
    .xLock = wal_lock,
    .xUnlock = wal_unlock,
    .xCheckReservedLock = wal_is_reserved,
    .xFileControl = wal_control,
    .xSectorSize = wal_sector_size,
    .xDeviceCharacteristics = wal_characteristics,
};

static int open_wal(
    const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    struct wal_file *wal = (struct wal_file *)file;

    *wal = (struct wal_file){0};
    opened_forget();
    int rc = system_vfs->xOpen(system_vfs, name, inner(file), flags, out_flags);
    wal->file = opened_last();
    if (rc == SQLITE_OK)
        wal->base.pMethods = &methods;
    return rc;
}

static int open_main(
    const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    opened_forget();
    int rc = system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
    if (rc == SQLITE_OK)
        main_file_watch(file);
    return rc;
}

/* All else is the system's own. */
static int open_any(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
    int flags, int *out_flags)
{
    (void)vfs;
    if (flags & SQLITE_OPEN_WAL)
        return open_wal(name, file, flags, out_flags);
    if (flags & SQLITE_OPEN_MAIN_DB)
        return open_main(name, file, flags, out_flags);
    return system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
}

bool wal_file(sqlite3_file *file, struct opened *opened)
{
    if (file->pMethods != &methods)
        return false;
    *opened = ((struct wal_file *)file)->file;
    return true;
}

int wal_file_init(void)
{
    static sqlite3_vfs vfs;

    system_vfs = sqlite3_vfs_find("unix");
    if (!system_vfs)
        return SQLITE_ERROR;
    opened_listen(system_vfs);
    vfs = *system_vfs;
    vfs.zName = WAL_FILE_VFS;
    int main_room = main_file_room(system_vfs->szOsFile);
    int wal_room = (int)sizeof(struct wal_file);
    vfs.szOsFile += main_room > wal_room ? main_room : wal_room;
    vfs.pNext = NULL;
    vfs.xOpen = open_any;
    return sqlite3_vfs_register(&vfs, 0);
}
