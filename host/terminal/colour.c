#include "terminal/colour.h"

#include <string.h>

static const char end[] = "\x1B[0m";

static const char *const begin[] = {
    [COLOUR_NONE] = "",
    [COLOUR_RED] = "\x1B[31m",
    [COLOUR_GREEN] = "\x1B[32m",
    [COLOUR_YELLOW] = "\x1B[33m",
};

bool colour_put(struct buf *out, enum colour colour, const char *text)
{
    return buf_puts(out, begin[colour]) && buf_puts(out, text) &&
           (colour == COLOUR_NONE || buf_puts(out, end));
}

size_t colour_length(const char *text)
{
    if (strncmp(text, "\x1B[", 2) != 0)
        return 0;
    size_t digits = strspn(text + 2, "0123456789");
    return text[2 + digits] == 'm' ? digits + 3 : 0;
}
