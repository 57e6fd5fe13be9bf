#include "ending/fingerprint.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A digit stands for any that is not greater. */
static const char *const dates[] = {
    "2999-19-39", "2999/19/39", "39.19.2999", "39/39/2999", NULL};
static const char *const times[] = {"29:59:59", "29:59", NULL};

/* "3001 ms", and how many digits such a number has at most: a longer one is
 * that of an order. */
static const struct {
    const char *word;
    size_t digits;
} units[] = {{"ns", 9}, {"us", 9}, {"µs", 9}, {"ms", 9}, {"s", 5}, {"sec", 5},
    {"secs", 5}, {"second", 5}, {"seconds", 5}, {"sn", 5}, {"saniye", 5},
    {"min", 3}, {"mins", 3}, {"minute", 3}, {"minutes", 3}, {"dk", 3},
    {"dakika", 3}, {"h", 3}, {"hour", 3}, {"hours", 3}, {"saat", 3}, {"day", 3},
    {"days", 3}, {"gün", 3}};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static size_t word_len(const char *text)
{
    size_t len = 0;

    while (is_word(text[len]))
        len++;
    return len;
}

static size_t digits_len(const char *text)
{
    return strspn(text, "0123456789");
}

static size_t shape_len(const char *text, const char *const *shapes)
{
    for (; *shapes; shapes++) {
        const char *shape = *shapes;
        size_t i = 0;

        while (shape[i] &&
               (is_digit(shape[i]) ? is_digit(text[i]) && text[i] <= shape[i]
                                   : text[i] == shape[i]))
            i++;
        if (!shape[i] && !is_digit(text[i]))
            return i;
    }
    return 0;
}

/* ".25" or nothing. */
static size_t fraction_len(const char *text)
{
    size_t n = *text == '.' || *text == ',' ? digits_len(text + 1) : 0;

    return n ? n + 1 : 0;
}

/* "Z", "+03:00", "+0300" or nothing. */
static size_t zone_len(const char *text)
{
    static const char *const zones[] = {"19:59", "1959", NULL};
    size_t n = *text == '+' || *text == '-' ? shape_len(text + 1, zones) : 0;

    return n ? n + 1 : *text == 'Z';
}

static size_t clock_len(const char *text)
{
    size_t n = shape_len(text, times);

    n += n ? fraction_len(text + n) : 0;
    return n + (n ? zone_len(text + n) : 0);
}

static size_t date_len(const char *text)
{
    size_t n = shape_len(text, dates);
    size_t clock = n && text[n] == 'T' ? clock_len(text + n + 1) : 0;

    return clock ? n + 1 + clock : n;
}

static size_t duration_len(const char *text)
{
    size_t digits = digits_len(text);
    size_t at = digits + fraction_len(text + digits);

    at += digits && text[at] == ' ';
    size_t len = word_len(text + at);
    for (size_t i = 0; digits && i < sizeof units / sizeof *units; i++)
        if (digits <= units[i].digits && strlen(units[i].word) == len &&
            memcmp(text + at, units[i].word, len) == 0)
            return at + len;
    return 0;
}

/* "0x55d0c0", of a Lua value. */
static size_t address_len(const char *text)
{
    size_t n = strncmp(text, "0x", 2) == 0
                   ? strspn(text + 2, "0123456789abcdefABCDEF")
                   : 0;

    return n ? n + 2 : 0;
}

/* Of what is at the start of a word; it ends where a word does. 0: none. */
static size_t time_len(const char *text)
{
    static size_t (*const kinds[])(const char *) = {
        date_len, clock_len, duration_len, address_len};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t n = kinds[i](text);
        if (n && !is_word(text[n]))
            return n;
    }
    return 0;
}

/* FNV-1a. */
uint64_t fingerprint_bytes(uint64_t hash, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001B3U;
    return hash;
}

/* A word, or what is none. */
static uint64_t mix_one(enum fingerprint_likeness likeness, uint64_t hash,
    const char *text, size_t *used)
{
    size_t len = word_len(text);
    size_t time = likeness == FINGERPRINT_BUT_TIMES ? time_len(text) : 0;

    *used = time ? time : len ? len : 1;
    if (time)
        return fingerprint_bytes(hash, "0", 1);
    if (likeness == FINGERPRINT_BUT_NUMBERS)
        for (size_t i = 0; i < len; i++)
            if (is_digit(text[i]))
                return fingerprint_bytes(hash, "0", 1);
    return fingerprint_bytes(hash, text, *used);
}

uint64_t fingerprint_text(
    enum fingerprint_likeness likeness, uint64_t hash, const char *text)
{
    size_t used;

    if (likeness == FINGERPRINT_TO_THE_LETTER)
        return fingerprint_bytes(hash, text, strlen(text));
    for (; *text; text += used)
        hash = mix_one(likeness, hash, text, &used);
    return hash;
}
