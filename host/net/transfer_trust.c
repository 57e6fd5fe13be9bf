/* The files that say whom a transfer trusts and what it shows of itself. They
 * are read here, by regular.h, and libcurl is given the bytes: what opens a
 * path of a script's would wait for a pipe, and take the locks off a journal.
 */
#include "base/fd.h"
#include "base/regular.h"
#include "net/multi.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILE_MAX = 4 << 20 };

static bool read_file(const char *path, struct buf *text, struct error *err)
{
    return !path || regular_read(path, FILE_MAX, text, ERROR_USAGE, err);
}

static bool set_blob(struct transfer *t, CURLoption option, bool given,
    const struct buf *text, struct error *err)
{
    struct curl_blob blob = {text->data, text->len, CURL_BLOB_COPY};
    CURLcode code = curl_easy_setopt(t->easy, option, given ? &blob : NULL);

    return !code ||
           error_set(err, ERROR_OTHER, "libcurl: %s", curl_easy_strerror(code));
}

/* Authorities of a file take the place of the system's file and folder. */
static bool set_authorities(
    struct transfer *t, const char *path, struct error *err)
{
    struct buf text = {0};
    bool ok = read_file(path, &text, err) &&
              set_blob(t, CURLOPT_CAINFO_BLOB, path, &text, err) &&
              set_blob(t, CURLOPT_PROXY_CAINFO_BLOB, path, &text, err);

    if (ok && path)
        ok = (!curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL) &&
                 !curl_easy_setopt(t->easy, CURLOPT_PROXY_CAPATH, NULL)) ||
             error_memory(err);
    buf_free(&text);
    return ok;
}

/* Without a key of its own, it is in the file of the certificate. */
static bool set_certificate(
    struct transfer *t, const struct transfer_request *req, struct error *err)
{
    const char *cert = req->protocol ? NULL : req->client_cert;
    const char *key = !cert ? NULL : req->client_key ? req->client_key : cert;
    struct buf texts[2] = {{0}, {0}};
    bool ok = read_file(cert, &texts[0], err) &&
              read_file(key, &texts[1], err) &&
              set_blob(t, CURLOPT_SSLCERT_BLOB, cert, &texts[0], err) &&
              set_blob(t, CURLOPT_SSLKEY_BLOB, key, &texts[1], err);

    buf_wipe(&texts[0]);
    buf_wipe(&texts[1]);
    return ok;
}

/* A file in memory with these bytes; -1: errno. */
static int copy(const struct buf *text)
{
    int fd = memfd_create("omnitron", MFD_CLOEXEC);

    if (fd >= 0 && !fd_write(fd, buf_text(text), text->len)) {
        int number = errno;
        close(fd);
        errno = number;
        return -1;
    }
    return fd;
}

/* libssh2 has no other way than a path: it is given that of a copy, which is
 * the transfer's. */
static bool set_copy(struct transfer *t, CURLoption option, const char *path,
    int *fd, struct error *err)
{
    struct buf text = {0};
    char self[32];
    bool ok = read_file(path, &text, err);

    if (ok && path) {
        *fd = copy(&text);
        ok = *fd >= 0 || error_set(err, ERROR_OTHER, "cannot copy %s: %s", path,
                             strerror(errno));
    }
    buf_wipe(&text);
    snprintf(self, sizeof self, "/proc/self/fd/%d", *fd);
    return ok && (!curl_easy_setopt(t->easy, option, path ? self : NULL) ||
                     error_memory(err));
}

void transfer_drop_copies(struct transfer *t)
{
    for (size_t i = 0; i < TRANSFER_COPIES; i++) {
        if (t->copies[i] >= 0)
            close(t->copies[i]);
        t->copies[i] = -1;
    }
}

bool transfer_set_trust(
    struct transfer *t, const struct transfer_request *req, struct error *err)
{
    const char *hosts = req->protocol ? req->known_hosts : NULL;
    const char *key = req->protocol ? req->client_key : NULL;

    transfer_drop_copies(t);
    return set_authorities(t, req->route.ca_file, err) &&
           set_certificate(t, req, err) &&
           set_copy(t, CURLOPT_SSH_KNOWNHOSTS, hosts, &t->copies[0], err) &&
           set_copy(t, CURLOPT_SSH_PRIVATE_KEYFILE, key, &t->copies[1], err);
}
