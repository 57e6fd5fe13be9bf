/* A reply that was compressed. libcurl would unpack it, too, but takes one
 * that was cut for a whole one. */
#include "base/ascii.h"
#include "base/mem.h"
#include "net/multi.h"
#include "net/wiped_heap.h"

#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum {
    PIECE = TRANSFER_PIECE,
    GZIP = 16 + MAX_WBITS, // zlib's manual on inflateInit2: "add 16 to decode
                           // only the gzip format"
};

/* zlib's memory is the host's, and wiped like libcurl's. */
static voidpf allocate(voidpf arg, uInt items, uInt size)
{
    (void)arg;
    return mem_calloc(items, size);
}

static void release(voidpf arg, voidpf block)
{
    (void)arg;
    wiped_heap_free(block);
}

/* RFC 9110, 8.4.1: the names are case-insensitive. */
static bool is_coding(const char *value, size_t len, const char *name)
{
    return len == strlen(name) && ascii_begins(value, name);
}

bool transfer_is_packed(const struct transfer *t)
{
    const char *value;
    size_t len;

    if (!t->packed ||
        !transfer_header(&t->reply, "content-encoding", &value, &len))
        return false;
    return is_coding(value, len, "gzip") || is_coding(value, len, "x-gzip");
}

static bool begin(struct transfer *t)
{
    z_stream *z = mem_calloc(1, sizeof *z);

    if (!z)
        return false;
    z->zalloc = allocate;
    z->zfree = release;
    if (inflateInit2(z, GZIP) != Z_OK) {
        mem_free(z);
        return false;
    }
    t->unpack = z;
    return true;
}

void transfer_drop_unpack(struct transfer *t)
{
    if (t->unpack)
        inflateEnd(t->unpack);
    wiped_heap_free(t->unpack);
    t->unpack = NULL;
    t->unpacked = false;
}

/* One piece of what comes out. After the end of it another may follow. */
static bool put_piece(struct transfer *t, z_stream *z)
{
    struct buf *body = &t->reply.body;

    if (t->unpacked && inflateReset(z) != Z_OK)
        return false;
    if (!transfer_reserve(t, body, PIECE))
        return false;
    z->next_out = (Bytef *)(body->data + body->len);
    z->avail_out = PIECE;
    int code = inflate(z, Z_NO_FLUSH);
    body->len += PIECE - z->avail_out;
    body->data[body->len] = '\0';
    t->unpacked = code == Z_STREAM_END;
    t->too_large = body->len > t->body_max;
    return !t->too_large &&
           (t->unpacked || code == Z_OK || code == Z_BUF_ERROR);
}

size_t transfer_unpack(struct transfer *t, const char *bytes, size_t len)
{
    if (!t->unpack && !begin(t))
        return 0;
    z_stream *z = t->unpack;
    z->next_in = (const Bytef *)bytes;
    z->avail_in = (uInt)len;
    do {
        if (!put_piece(t, z)) {
            t->unpack_failed = !t->too_large;
            return 0;
        }
    } while (z->avail_in > 0 || (z->avail_out == 0 && !t->unpacked));
    return len;
}

bool transfer_was_cut(const struct transfer *t)
{
    return t->unpack && !t->unpacked;
}
