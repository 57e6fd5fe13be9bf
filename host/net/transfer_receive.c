/* What comes in, within its limits. */
#include "net/multi.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Bytes of all the heads and trailers of one transfer. libcurl keeps every
 * line of them until the transfer ends. */
enum { HEADS_MAX = 256 * 1024 };

/* Bytes of a proxy's answer in one turn of the loop, head and body. */
enum { CONNECT_MAX = 64 * 1024 };

/* Bytes of a stream that may wait to be drained. */
enum { STREAM_MAX = 256 * 1024 };

static bool starts_with(const char *bytes, size_t len, const char *prefix)
{
    size_t n = strlen(prefix);

    return len >= n && memcmp(bytes, prefix, n) == 0;
}

/* False: there is no room for it. */
static bool put(
    struct transfer *t, struct buf *b, const char *bytes, size_t len)
{
    return transfer_reserve(t, b, len) && buf_add(b, bytes, len);
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
    if (!t->web) {
        transfer_note_answer(t, bytes, len);
        return len * one;
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
    return put(t, &t->reply.head, bytes, len) ? len * one : 0;
}

/* libcurl 7.88 reads what a proxy answers to CONNECT byte by byte, as long as
 * there is more, and calls this for each of them: an answer without an end
 * would keep the loop for ever. Nothing has been sent yet. */
int transfer_look(void *arg, curl_off_t down_all, curl_off_t down,
    curl_off_t up_all, curl_off_t up)
{
    struct transfer *t = arg;

    (void)down_all, (void)down, (void)up_all, (void)up;
    if (t->looked_turn != t->net->turns)
        t->looks = 0;
    t->looked_turn = t->net->turns;
    if (t->reply.sent || ++t->looks < CONNECT_MAX)
        return 0;
    t->too_large = true;
    return 1;
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

/* What a download gives is the file. */
static int status_of(const struct transfer *t)
{
    long status = 200;

    if (t->web)
        curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    return (int)status;
}

static bool is_2xx(const struct transfer *t)
{
    int status = status_of(t);

    return status >= 200 && status <= 299;
}

static size_t receive_stream(struct transfer *t, const char *bytes, size_t len)
{
    if (t->reply.body.len >= STREAM_MAX) {
        t->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (!put(t, &t->reply.body, bytes, len))
        return 0;
    t->reply.status = status_of(t);
    t->arrived(t, t->arg);
    return len;
}

/* What a piece of the body will take, as far as that can be known. */
static size_t room_for(const struct transfer *t, size_t len)
{
    return transfer_is_packed(t) ? 4 * len + TRANSFER_PIECE : len;
}

size_t transfer_receive_body(char *bytes, size_t one, size_t len, void *arg)
{
    struct transfer *t = arg;

    if (t->save_fd >= 0 && is_2xx(t))
        return save(t, bytes, len) ? len * one : 0;
    if (t->account && !transfer_has_room(t, room_for(t, len)) &&
        transfer_wait_for_room(t))
        return CURL_WRITEFUNC_PAUSE;
    t->waits_for_room = false;
    if (t->arrived && is_2xx(t))
        return receive_stream(t, bytes, len);
    if (transfer_is_packed(t))
        return transfer_unpack(t, bytes, len);
    if (t->reply.body.len + len > t->body_max) {
        t->too_large = true;
        return 0;
    }
    return put(t, &t->reply.body, bytes, len) ? len * one : 0;
}
