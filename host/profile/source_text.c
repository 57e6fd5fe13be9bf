#include "profile/source_text.h"

#include "base/escape.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    uint32_t first, last;
    const char *is;
} known[] = {
    {0x00A0, 0x00A0, "a no-break space: write a blank"},
    {0x00AB, 0x00AB, "a typographic quote: write \" or '"},
    {0x00B4, 0x00B4, "an accent: write '"},
    {0x00BB, 0x00BB, "a typographic quote: write \" or '"},
    {0x2000, 0x200A, "a space that Lua does not know: write a blank"},
    {0x2010, 0x2015, "a dash: write -"},
    {0x2018, 0x201F, "a typographic quote: write \" or '"},
    {0x2026, 0x2026, "one character: write three dots"},
    {0x202F, 0x202F, "a no-break space: write a blank"},
    {0x2032, 0x2036, "a prime: write \" or '"},
    {0x2212, 0x2212, "a dash: write -"},
    {0x3000, 0x3000, "a space that Lua does not know: write a blank"},
    {0xFF01, 0xFF5E, "a wide character: write the plain one"},
};

static const char *words_of(uint32_t point)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (point >= known[i].first && point <= known[i].last)
            return known[i].is;
    return escape_is_odd(point)
               ? "a character that nobody sees: take it out"
               : "none of Lua's: a name has letters of ASCII, digits and _";
}

/* A file of ASCII has no NUL, and one of UTF-16 has one in every second byte.
 */
static bool is_utf16(const char *text, size_t len)
{
    return len >= 2 &&
           (memcmp(text, "\xFF\xFE", 2) == 0 ||
               memcmp(text, "\xFE\xFF", 2) == 0 || (!text[0] != !text[1]));
}

/* The length of "rules.lua:2: " in front of the message, and the line. */
static size_t place_of(const char *why, long *line)
{
    for (const char *at = why; (at = strchr(at, ':')); at++) {
        char *end;
        *line = strtol(at + 1, &end, 10);
        if (end > at + 1 && end[0] == ':' && end[1] == ' ')
            return (size_t)(end - why) + 2;
    }
    return 0;
}

/* The byte that Lua shows as near '<\226>'; 0: it shows none. */
static unsigned byte_of(const char *why)
{
    const char *at = strstr(why, "near '<\\");

    return at ? (unsigned)atoi(at + strlen("near '<\\")) : 0;
}

static const char *start_of(const char *text, const char *end, long line)
{
    while (text && --line > 0) {
        text = memchr(text, '\n', (size_t)(end - text));
        text = text ? text + 1 : NULL;
    }
    return text;
}

/* The first character of the line that begins with the byte, outside of plain
 * quotes. */
static const char *find(
    const char *at, const char *end, unsigned byte, size_t *n, uint32_t *point)
{
    char quote = '\0';

    for (; at < end && *at != '\n'; at += *n ? *n : 1) {
        *n = utf8_read(at, (size_t)(end - at), point);
        if (!quote && *n && (unsigned char)*at == byte)
            return at;
        if (quote && *at == '\\' && end - at > 1)
            at++;
        else if (*at == quote)
            quote = '\0';
        else if (!quote && (*at == '"' || *at == '\''))
            quote = *at;
    }
    return NULL;
}

bool source_text_explain(
    const char *text, size_t len, const char *why, char *out)
{
    const char *end = text + len;
    long line = 0;
    size_t place = place_of(why, &line), n = 0;
    uint32_t point = 0;

    if (!place || place > SOURCE_TEXT_MAX / 2)
        return false;
    if (is_utf16(text, len)) {
        snprintf(out, SOURCE_TEXT_MAX,
            "%.*sthe file is UTF-16: save it as UTF-8", (int)place, why);
        return true;
    }
    unsigned byte = byte_of(why);
    const char *at = byte ? start_of(text, end, line) : NULL;
    at = at ? find(at, end, byte, &n, &point) : NULL;
    if (!at)
        return false;
    bool odd = escape_is_odd(point) || utf8_is_space(point);
    snprintf(out, SOURCE_TEXT_MAX, "%.*s%.*s%sU+%04X%s is %s", (int)place, why,
        odd ? 0 : (int)n, at, odd ? "" : " (", (unsigned)point, odd ? "" : ")",
        words_of(point));
    return true;
}
