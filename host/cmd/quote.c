#include "cmd/quote.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

bool quote_shell(const char *text, char *out, size_t size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,:@-";
    struct buf quoted = {0};
    bool ok = true;

    if (text[strspn(text, plain)] == '\0')
        return snprintf(out, size, "%s", text) < (int)size;
    ok = buf_putc(&quoted, '\'');
    for (; ok && *text; text++)
        ok = *text == '\'' ? buf_puts(&quoted, "'\\''")
                           : buf_putc(&quoted, *text);
    ok = ok && buf_putc(&quoted, '\'') && quoted.len < size;
    if (ok)
        memcpy(out, quoted.data, quoted.len + 1);
    buf_free(&quoted);
    return ok;
}
