#include "base/file_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *file_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

size_t file_path_head(const char *path)
{
    return (size_t)(file_path_name(path) - path);
}

bool file_path_folder(const char *path, char folder[PATH_MAX])
{
    size_t head = file_path_head(path), len = head > 1 ? head - 1 : 1;

    if (len < PATH_MAX) {
        memcpy(folder, head ? path : ".", len);
        folder[len] = '\0';
        return true;
    }
    memcpy(folder, path, PATH_MAX - 1);
    folder[PATH_MAX - 1] = '\0';
    errno = ENAMETOOLONG;
    return false;
}

bool file_path_real(const char *path, char real[PATH_MAX])
{
    char folder[PATH_MAX], at[PATH_MAX];

    if (!file_path_folder(path, folder) || !realpath(folder, at))
        return false;
    int n = snprintf(real, PATH_MAX, "%s/%s", strcmp(at, "/") == 0 ? "" : at,
        file_path_name(path));
    if (n > 0 && n < PATH_MAX)
        return true;
    errno = ENAMETOOLONG;
    return false;
}

bool file_path_join(struct buf *out, const char *folder, const char *name)
{
    size_t len = strlen(folder);
    const char *slash = len && folder[len - 1] != '/' ? "/" : "";

    return buf_printf(out, "%s%s%s", folder, slash, name);
}
