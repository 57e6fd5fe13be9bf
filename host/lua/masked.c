#include "lua/masked.h"

#include "base/buf.h"
#include "base/say.h"
#include "base/secret.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>

static struct masked {
    struct buf held; // could be the beginning of a secret
    FILE *stream;    // NULL: nobody asked for it
} outputs[2];

static FILE *under(const struct masked *m)
{
    return m == &outputs[0] ? stdout : stderr;
}

static struct masked *masked_of(FILE *to)
{
    return &outputs[to == stderr];
}

/* Without memory nothing is written: it could not be masked. */
bool masked_write(FILE *to, const char *text, size_t len)
{
    struct masked *m = masked_of(to);

    if (!buf_add(&m->held, text, len)) {
        errno = ENOMEM;
        return false;
    }
    size_t begun = secret_begun(m->held.data, m->held.len);
    size_t whole = m->held.len - begun;
    bool ok = say_bytes(to, m->held.data, whole);
    memmove(m->held.data, m->held.data + whole, begun);
    buf_cut(&m->held, begun);
    if (!begun && m->held.cap > BUFSIZ)
        buf_free(&m->held);
    return ok;
}

bool masked_end(FILE *to)
{
    struct masked *m = masked_of(to);
    bool ok = say_bytes(to, m->held.data, m->held.len);

    buf_wipe(&m->held);
    return ok;
}

static ssize_t cookie_write(void *cookie, const char *text, size_t len)
{
    return masked_write(under(cookie), text, len) ? (ssize_t)len : 0;
}

static int cookie_seek(void *cookie, off64_t *offset, int whence)
{
    (void)cookie, (void)offset, (void)whence;
    errno = ESPIPE;
    return -1;
}

FILE *masked_stream(FILE *to)
{
    const cookie_io_functions_t calls = {
        .write = cookie_write, .seek = cookie_seek};
    struct masked *m = masked_of(to);

    if (!m->stream) {
        m->stream = fopencookie(m, "w", calls);
        if (m->stream)
            setvbuf(m->stream, NULL, _IONBF, 0);
    }
    return m->stream;
}

FILE *masked_under(FILE *stream)
{
    for (size_t i = 0; i < 2; i++)
        if (stream && outputs[i].stream == stream)
            return under(&outputs[i]);
    return NULL;
}
