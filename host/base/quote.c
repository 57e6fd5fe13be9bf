#include "base/quote.h"

#include "base/escape.h"
#include "base/utf8.h"

#include <string.h>

static bool is_odd(const char *text, size_t len, size_t *n)
{
    uint32_t point = 0;

    *n = utf8_read(text, len, &point);
    return *n == 0 || escape_is_odd(point);
}

static bool has_odd(const char *text)
{
    size_t n, len = strlen(text);

    for (; len; text += n, len -= n)
        if (is_odd(text, len, &n))
            return true;
    return false;
}

/* Bash's and zsh's $'…', where \x1B stands for a byte. */
static bool put_escaped(struct buf *out, const char *text)
{
    bool ok = buf_puts(out, "$'");
    size_t n, len = strlen(text);

    for (; ok && len; text += n, len -= n) {
        bool odd = is_odd(text, len, &n);

        n = n ? n : 1;
        for (size_t i = 0; odd && ok && i < n; i++)
            ok = buf_printf(out, "\\x%02X", (unsigned char)text[i]);
        if (!odd)
            ok = (!strchr("'\\", *text) || buf_putc(out, '\\')) &&
                 buf_add(out, text, n);
    }
    return ok && buf_putc(out, '\'');
}

bool quote_put(struct buf *out, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,:@-";
    bool ok = true;

    if (text[0] && text[strspn(text, plain)] == '\0')
        return buf_puts(out, text);
    if (has_odd(text))
        return put_escaped(out, text);
    ok = buf_putc(out, '\'');
    for (; ok && *text; text++)
        ok = *text == '\'' ? buf_puts(out, "'\\''") : buf_putc(out, *text);
    return ok && buf_putc(out, '\'');
}
