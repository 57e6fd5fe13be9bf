#include "mock/canned_own.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 64 << 20, PIECE = 65536 };

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

static bool read_all(FILE *file, struct buf *out, struct error *err)
{
    size_t n = 1;

    while (n > 0) {
        if (!buf_reserve(out, PIECE))
            return error_memory(err);
        n = fread(out->data + out->len, 1, PIECE, file);
        out->len += n;
        if (out->len > FILE_MAX)
            return error_set(err, ERROR_USAGE, "it is larger than 64 MiB");
    }
    return !ferror(file) || error_set(err, ERROR_USAGE, "%s", strerror(errno));
}

static bool load(const char *path, struct buf *out, struct error *err)
{
    FILE *file = fopen(path, "rbe");
    struct error why;

    if (!file)
        return error_set(
            err, ERROR_USAGE, "cannot open %s: %s", path, strerror(errno));
    bool ok = read_all(file, out, &why);
    fclose(file);
    return ok || error_set(err, why.kind, "cannot read %s: %s", path, why.text);
}

bool canned_file_load(
    const char *folder, const char *name, struct buf *out, struct error *err)
{
    struct buf path = {0};
    bool ok =
        (name[0] == '/' || folder[0] == '\0' ||
            (buf_puts(&path, folder) &&
                (folder[strlen(folder) - 1] == '/' || buf_putc(&path, '/')))) &&
        buf_puts(&path, name);

    ok = ok ? load(buf_text(&path), out, err) : error_memory(err);
    buf_free(&path);
    return ok;
}
