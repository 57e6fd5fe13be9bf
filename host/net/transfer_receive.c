/* What comes in, within its limits. */
#include "net/multi.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Bytes of all the heads and trailers of one transfer. libcurl keeps every
 * line of them until the transfer ends. */
enum { HEADS_MAX = 256 * 1024 };

static bool starts_with(const char *bytes, size_t len, const char *prefix)
{
    size_t n = strlen(prefix);

    return len >= n && memcmp(bytes, prefix, n) == 0;
}

/* Interim replies (1xx) have a head each: the last one counts. What comes
 * after a head's end is a trailer, and is dropped. */
size_t transfer_receive_head(char *bytes, size_t one, size_t len, void *arg)
{
    struct transfer *t = arg;

    t->received += len;
    if (t->received > HEADS_MAX) {
        t->too_large = true;
        return 0;
    }
    if (starts_with(bytes, len, "HTTP/")) {
        buf_clear(&t->reply.head);
        t->head_ended = false;
        return len * one;
    }
    if (t->head_ended)
        return len * one;
    if (len <= 2 && (len == 0 || bytes[0] == '\r' || bytes[0] == '\n')) {
        t->head_ended = true;
        return len * one;
    }
    return buf_add(&t->reply.head, bytes, len) ? len * one : 0;
}

static bool save(struct transfer *t, const char *bytes, size_t len)
{
    t->reply.saved += (int64_t)len;
    while (len) {
        ssize_t n = write(t->save_fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            t->save_errno = errno;
            return false;
        }
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static bool is_2xx(CURL *easy)
{
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status <= 299;
}

size_t transfer_receive_body(char *bytes, size_t one, size_t len, void *arg)
{
    struct transfer *t = arg;

    if (t->save_fd >= 0 && is_2xx(t->easy))
        return save(t, bytes, len) ? len * one : 0;
    if (t->reply.body.len + len > t->body_max) {
        t->too_large = true;
        return 0;
    }
    return buf_add(&t->reply.body, bytes, len) ? len * one : 0;
}
