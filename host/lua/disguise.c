#include "lua/disguise.h"

#include "base/ascii.h"

#include <string.h>

enum { LEAST = 8 }; // a shorter one may stand in any text

static int hex_byte(const char *text)
{
    int high = ascii_hex(text[0]), low = high < 0 ? -1 : ascii_hex(text[1]);

    return low < 0 ? -1 : high * 16 + low;
}

/* Whether `c` stands at `text`, in one of its spellings; *used: how long. */
static bool is_spelled(const char *text, size_t len, char c, size_t *used)
{
    unsigned char byte = (unsigned char)c;

    *used = 1;
    if (len > 0 && text[0] == c)
        return true;
    *used = 3;
    if (len >= 3 && text[0] == '%' && hex_byte(text + 1) == byte)
        return true;
    *used = 6;
    if (len >= 6 && memcmp(text, "\\u00", 4) == 0 && hex_byte(text + 4) == byte)
        return true;
    *used = 2;
    return len >= 2 && text[0] == '\\' && text[1] == c;
}

static bool begins_spelled(
    const char *text, const char *end, const char *secret, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        size_t used;
        if (!is_spelled(text, (size_t)(end - text), secret[i], &used))
            return false;
        text += used;
    }
    return true;
}

static bool shows_spelled(
    const char *text, size_t len, const char *secret, size_t secret_len)
{
    const char *end = text + len;

    for (; text < end; text++)
        if ((*text == secret[0] || *text == '%' || *text == '\\') &&
            begins_spelled(text, end, secret, secret_len))
            return true;
    return false;
}

static bool shows_hex(
    const char *text, size_t len, const char *secret, size_t secret_len)
{
    for (; len >= 2 * secret_len; text++, len--) {
        size_t i = 0;
        while (i < secret_len &&
               hex_byte(text + 2 * i) == (unsigned char)secret[i])
            i++;
        if (i == secret_len)
            return true;
    }
    return false;
}

/* The 6 bits at bit `at` of the secret. */
static unsigned sextet(const char *secret, size_t at)
{
    size_t byte = at / 8, bit = at % 8;
    unsigned two = (unsigned)(unsigned char)secret[byte] << 8;

    if (bit > 2)
        two |= (unsigned char)secret[byte + 1];
    return two >> (10 - bit) & 63;
}

/* The value of a character of base64; -1: it is none. */
static int base64_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

/* Behind 0, 1 or 2 other bytes of a group of three the first whole character
 * is that of bit 0, 4 or 2; what is shared with a neighbour is left out. */
static bool begins_base64(
    const char *text, size_t len, const char *secret, size_t bits, size_t at)
{
    for (; at + 6 <= bits; at += 6, text++, len--)
        if (!len || base64_of(*text) != (int)sextet(secret, at))
            return false;
    return true;
}

static bool shows_base64(
    const char *text, size_t len, const char *secret, size_t secret_len)
{
    static const size_t first_bit[] = {0, 4, 2};

    for (; len; text++, len--)
        for (size_t i = 0; i < 3; i++)
            if (begins_base64(text, len, secret, secret_len * 8, first_bit[i]))
                return true;
    return false;
}

static bool shows_backwards(
    const char *text, size_t len, const char *secret, size_t secret_len)
{
    for (; len >= secret_len; text++, len--) {
        size_t i = 0;
        while (i < secret_len && text[i] == secret[secret_len - 1 - i])
            i++;
        if (i == secret_len)
            return true;
    }
    return false;
}

bool disguise_shows(
    const char *text, size_t len, const char *secret, size_t secret_len)
{
    if (secret_len < LEAST)
        return false;
    return secret_len > DISGUISE_MOST ||
           shows_spelled(text, len, secret, secret_len) ||
           shows_hex(text, len, secret, secret_len) ||
           shows_base64(text, len, secret, secret_len) ||
           shows_backwards(text, len, secret, secret_len);
}
