#include "base/folder.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/file_path.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A path's, beside the folder's name in it: the name, the place in the list
 * and in the one that it grew from, and the block's head. */
enum { PATH_BYTES = 256 };

void folder_files_fini(struct folder_files *files)
{
    for (size_t i = 0; i < files->len; i++)
        mem_free(files->paths[i]);
    mem_free(files->paths);
    account_give(files->account, files->taken);
    *files = (struct folder_files){.account = files->account};
}

static bool take(struct folder_files *files, size_t bytes)
{
    if (!account_take(files->account, bytes))
        return false;
    files->taken += bytes;
    return true;
}

/* Takes the path. */
static bool add(struct folder_files *files, char *path)
{
    if (path && files->len == files->cap) {
        size_t cap = files->cap ? files->cap * 2 : 16;
        char **paths = mem_realloc(files->paths, cap * sizeof *paths);
        if (!paths) {
            mem_free(path);
            return false;
        }
        files->paths = paths;
        files->cap = cap;
    }
    if (path)
        files->paths[files->len++] = path;
    return path != NULL;
}

static bool is_quiet(const struct stat *at, int64_t quiet_ms)
{
    int64_t changed_ms =
        (int64_t)at->st_mtim.tv_sec * 1000 + at->st_mtim.tv_nsec / 1000000;
    int64_t age_ms = clock_wall_ms() - changed_ms;

    return quiet_ms <= 0 || age_ms >= quiet_ms || -age_ms > quiet_ms;
}

static bool fits(
    DIR *dir, const char *name, const char *pattern, int64_t quiet_ms)
{
    struct stat at;

    return fnmatch(pattern, name, FNM_PERIOD | FNM_CASEFOLD) == 0 &&
           fstatat(dirfd(dir), name, &at, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(at.st_mode) && is_quiet(&at, quiet_ms);
}

static char *join(const char *folder, const char *name)
{
    struct buf path = {0};

    if (!file_path_join(&path, folder, name))
        buf_free(&path);
    return path.data;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool read_all(DIR *dir, const char *folder, const char *pattern,
    int64_t quiet_ms, struct folder_files *out)
{
    struct dirent *entry;

    errno = 0;
    while ((entry = readdir(dir))) {
        if (fits(dir, entry->d_name, pattern, quiet_ms)) {
            errno = ENOMEM;
            if (!take(out, PATH_BYTES + strlen(folder)) ||
                !add(out, join(folder, entry->d_name)))
                return false;
        }
        errno = 0;
    }
    return errno == 0;
}

bool folder_list(const char *folder, const char *pattern, int64_t quiet_ms,
    struct account *account, struct folder_files *out, struct error *err)
{
    DIR *dir = opendir(folder);
    struct error full;

    *out = (struct folder_files){.account = account};
    bool ok = dir && read_all(dir, folder, pattern, quiet_ms, out);
    if (!ok && dir && errno == ENOMEM && account) {
        account_refuse(account, &full, "memory: the list of %s needs", folder);
        error_set(err, full.kind, "%s (%zu files fit)", full.text, out->len);
        folder_files_fini(out);
    } else if (!ok) {
        error_set(
            err, ERROR_OTHER, "cannot list %s: %s", folder, strerror(errno));
        folder_files_fini(out);
    } else if (out->len) {
        qsort(out->paths, out->len, sizeof *out->paths, compare);
    }
    if (dir)
        closedir(dir);
    return ok;
}
