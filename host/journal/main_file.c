/* The file stays the system's. Some of its methods become ours, which hand the
 * same file on: SQLite goes by "pMethods" alone (struct sqlite3_file). */
#include "journal/main_file.h"

#include "journal/bus.h"

struct main_file {
    const sqlite3_io_methods *system;
    sqlite3_io_methods methods;
    struct opened file, shm;
};

static int system_size;

/* Behind the system's own. */
static struct main_file *behind(sqlite3_file *file)
{
    return (struct main_file *)(void *)((char *)file + system_size);
}

/* The -shm is opened with its first piece. Another connection of this process
 * may have it open: then which it is is not known. */
static int map_shm(
    sqlite3_file *file, int piece, int size, int extend, void volatile **at)
{
    struct main_file *main = behind(file);

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
    struct main_file *main = behind(file);

    bus_unmapped(main);
    main->shm = (struct opened){0};
    return main->system->xShmUnmap(file, remove);
}

static int write_main(
    sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    struct main_file *main = behind(file);
    int rc = main->system->xWrite(file, bytes, len, at);

    if (rc == SQLITE_OK && main->file.size < at + len)
        main->file.size = at + len;
    return rc;
}

static int truncate_main(sqlite3_file *file, sqlite3_int64 size)
{
    struct main_file *main = behind(file);
    int rc = main->system->xTruncate(file, size);

    if (rc == SQLITE_OK && main->file.size > size)
        main->file.size = size;
    return rc;
}

int main_file_room(int size)
{
    system_size = size;
    return (int)sizeof(struct main_file);
}

void main_file_watch(sqlite3_file *file)
{
    struct main_file *main = behind(file);

    *main = (struct main_file){.system = file->pMethods,
        .methods = *file->pMethods,
        .file = opened_last()};
    main->methods.xWrite = write_main;
    main->methods.xTruncate = truncate_main;
    main->methods.xShmMap = map_shm;
    main->methods.xShmUnmap = unmap_shm;
    file->pMethods = &main->methods;
}

struct opened main_file(sqlite3_file *file)
{
    return behind(file)->file;
}

struct opened main_file_shm(sqlite3_file *file)
{
    return behind(file)->shm;
}
