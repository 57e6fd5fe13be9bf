#include "mock/canned_own.h"

#include "base/file.h"
#include "mock/beneath.h"

#include <errno.h>
#include <string.h>

enum { FILE_MAX = 64 << 20 };

const char *canned_file_type(const char *name)
{
    static const char *const types[][2] = {{".json", "application/json"},
        {".xml", "application/xml"}, {".html", "text/html; charset=utf-8"},
        {".csv", "text/csv; charset=utf-8"}};
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcmp(dot, types[i][0]) == 0)
            return types[i][1];
    return "text/plain; charset=utf-8";
}

/* "replies/orders.json", for messages. */
static bool put_path(struct buf *path, const char *folder, const char *name)
{
    size_t len = strlen(folder);

    return (!len || (buf_puts(path, folder) &&
                        (folder[len - 1] == '/' || buf_putc(path, '/')))) &&
           buf_puts(path, name);
}

static bool load(const char *folder, const char *name, const char *path,
    struct buf *out, struct error *err)
{
    const char *why;
    int fd = beneath_open(folder, name, &why);

    if (fd < 0 && errno == EXDEV)
        return error_set(err, ERROR_USAGE,
            "cannot open %s: a reply is a file in the folder %s or below it, "
            "and this leads out of it",
            name, folder[0] ? folder : "of the table");
    if (fd < 0)
        return error_set(err, ERROR_USAGE, "cannot open %s: %s", path, why);
    return file_read_fd(fd, path, FILE_MAX, out, ERROR_USAGE, err);
}

bool canned_file_load(
    const char *folder, const char *name, struct buf *out, struct error *err)
{
    struct buf path = {0};
    bool ok = put_path(&path, folder, name)
                  ? load(folder, name, buf_text(&path), out, err)
                  : error_memory(err);

    buf_free(&path);
    return ok;
}
