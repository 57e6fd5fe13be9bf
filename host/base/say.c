#include "base/say.h"

#include "base/escape.h"
#include "base/secret.h"

#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

static bool put(FILE *to, const char *bytes, size_t len)
{
    errno = 0;
    return fwrite(bytes, 1, len, to) == len;
}

/* Secrets first: what is escaped might not be recognized. */
static bool put_text(FILE *to, struct buf *text, unsigned keep)
{
    if (!text->len)
        return true;
    secret_mask(text->data, &text->len);
    if (escape_lines(text, 0, keep))
        return put(to, text->data, text->len);
    errno = ENOMEM;
    return false;
}

bool say_text(FILE *to, struct buf *text)
{
    return put_text(to, text, ESCAPE_LINES);
}

bool say_coloured(FILE *to, struct buf *text)
{
    return put_text(to, text, ESCAPE_COLOURS);
}

bool say_ready(FILE *to, struct buf *text)
{
    if (text->len)
        secret_mask(text->data, &text->len);
    return !text->len || put(to, text->data, text->len);
}

bool say_format(FILE *to, const char *fmt, ...)
{
    struct buf text = {0};
    va_list args;

    va_start(args, fmt);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    bool ok = len >= 0 && buf_reserve(&text, (size_t)len + 1);
    if (ok) {
        va_start(args, fmt);
        vsnprintf(text.data, text.cap, fmt, args);
        va_end(args);
        text.len = (size_t)len;
        ok = put_text(to, &text, ESCAPE_LINES);
    }
    buf_wipe(&text);
    return ok;
}

/* Asked once: where it leads does not change. The stream may be another than
 * at the start, of the same descriptor. */
static bool is_terminal(bool is_stderr)
{
    static int known[2]; // 0: not asked yet

    if (!known[is_stderr])
        known[is_stderr] =
            isatty(is_stderr ? STDERR_FILENO : STDOUT_FILENO) ? 1 : -1;
    return known[is_stderr] > 0;
}

bool say_bytes(FILE *to, char *bytes, size_t len)
{
    struct buf text = {0};

    if (!len)
        return true;
    secret_mask(bytes, &len);
    if (!is_terminal(to == stderr))
        return put(to, bytes, len);
    bool ok = buf_add(&text, bytes, len) && escape_lines(&text, 0, ESCAPE_TABS);
    if (ok)
        ok = put(to, text.data, text.len);
    else
        errno = ENOMEM;
    buf_wipe(&text);
    return ok;
}
