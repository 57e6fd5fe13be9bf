#include "cmd/test_files.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/trust.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char tail[] = "_test.lua";

static bool is_test(const char *name)
{
    size_t len = strlen(name), end = sizeof tail - 1;

    return len > end && strcmp(name + len - end, tail) == 0;
}

/* Takes the path, which may be NULL: no memory. */
static bool add(struct test_files *files, char *path, struct error *err)
{
    bool ok = path ? trust_path(path, err) : error_memory(err);
    char **paths =
        ok ? mem_realloc(files->paths, (files->count + 1) * sizeof *paths)
           : NULL;

    if (!paths) {
        mem_free(path);
        return ok ? error_memory(err) : false;
    }
    files->paths = paths;
    paths[files->count++] = path;
    return true;
}

static char *join(const char *folder, const char *name)
{
    struct buf path = {0};
    size_t len = strlen(folder);

    while (len > 1 && folder[len - 1] == '/')
        len--;
    if (strcmp(folder, ".") == 0)
        return mem_strdup(name);
    if (buf_add(&path, folder, len) && buf_putc(&path, '/') &&
        buf_puts(&path, name))
        return path.data;
    buf_free(&path);
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add_folder(
    struct test_files *files, const char *folder, struct error *err)
{
    DIR *dir = opendir(folder);
    size_t before = files->count;
    struct dirent *entry;
    bool ok = true;

    if (!dir)
        return error_set(
            err, ERROR_USAGE, "cannot open %s: %s", folder, strerror(errno));
    while (ok && (entry = readdir(dir)))
        if (is_test(entry->d_name))
            ok = add(files, join(folder, entry->d_name), err);
    closedir(dir);
    if (ok && files->count == before)
        return error_set(
            err, ERROR_USAGE, "there is no *_test.lua in %s", folder);
    if (ok)
        qsort(files->paths + before, files->count - before,
            sizeof *files->paths, by_name);
    return ok;
}

static bool add_path(
    struct test_files *files, const char *path, struct error *err)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return error_set(
            err, ERROR_USAGE, "cannot open %s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return add_folder(files, path, err);
    if (!is_test(path))
        return error_set(err, ERROR_USAGE,
            "%s is no test: its name does not end in _test.lua", path);
    return add(files, mem_strdup(path), err);
}

bool test_files_find(
    struct test_files *files, int count, char **named, struct error *err)
{
    if (count == 0)
        return add_folder(files, ".", err);
    for (int i = 0; i < count; i++)
        if (!add_path(files, named[i], err))
            return false;
    return true;
}

void test_files_free(struct test_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        mem_free(files->paths[i]);
    mem_free(files->paths);
    *files = (struct test_files){0};
}
