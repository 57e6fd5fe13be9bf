#include "mock/tls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 4096 };

static bool read_all(FILE *file, struct buf *text)
{
    char piece[PIECE];
    size_t len;

    while ((len = fread(piece, 1, sizeof piece, file)) > 0)
        if (!buf_add(text, piece, len))
            return false;
    return !ferror(file);
}

static bool read_file(const char *path, struct buf *text, struct error *err)
{
    FILE *file = fopen(path, "rbe");
    bool ok = file && read_all(file, text);

    if (!ok)
        error_set(
            err, ERROR_USAGE, "cannot read %s: %s", path, strerror(errno));
    if (file)
        fclose(file);
    return ok;
}

bool tls_read(
    struct tls *tls, const struct mock_options *options, struct error *err)
{
    *tls = (struct tls){0};
    if (!options->cert != !options->key)
        return error_set(err, ERROR_USAGE,
            "--cert and --key go together: the certificate and its key");
    return !options->cert || (read_file(options->cert, &tls->cert, err) &&
                                 read_file(options->key, &tls->key, err));
}

void tls_free(struct tls *tls)
{
    buf_free(&tls->cert);
    buf_wipe(&tls->key);
}
