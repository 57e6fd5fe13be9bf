/* secret_file.h: a secret out of a file that nobody else may use. */
#ifndef BASE_SECRET_FILE_H
#define BASE_SECRET_FILE_H

#include "base/secret.h"

enum secret_file_owner {
    SECRET_FILE_OWN,        // a regular file that trust_open lets through, 0600
    SECRET_FILE_CREDENTIAL, // systemd's owner and mode ($CREDENTIALS_DIRECTORY)
};

/* Reads the secret in `path`: one line of at most 4096 bytes, its line end
 * and nothing else taken off. NULL, ERROR_USAGE: missing, not a regular file,
 * another's, readable by others, of two names (all by fstat of the opened
 * descriptor), a symlink counts as what it points to, empty, a newline or
 * another control character or non-ASCII inside. The message names the file and
 * the way out and never shows what is in it. The caller frees it. */
struct secret *secret_file_read(
    const char *path, enum secret_file_owner owner, struct error *err);

/* The same; `what` ("the API token") is what messages call the secret. */
struct secret *secret_file_read_as(const char *what, const char *path,
    enum secret_file_owner owner, struct error *err);

#endif
