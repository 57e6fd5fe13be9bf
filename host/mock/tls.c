#include "mock/tls.h"

#include "base/file.h"

enum { FILE_MAX = 1 << 20 };

static bool read_file(const char *path, struct buf *text, struct error *err)
{
    return file_read(path, FILE_MAX, text, ERROR_USAGE, err);
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
