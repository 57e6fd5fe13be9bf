#include "base/quote.h"

#include <string.h>

bool quote_put(struct buf *out, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,:@-";
    bool ok = true;

    if (text[0] && text[strspn(text, plain)] == '\0')
        return buf_puts(out, text);
    ok = buf_putc(out, '\'');
    for (; ok && *text; text++)
        ok = *text == '\'' ? buf_puts(out, "'\\''") : buf_putc(out, *text);
    return ok && buf_putc(out, '\'');
}
