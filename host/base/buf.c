#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    FIRST_CAP = 128,
    LARGE = 1 << 20, // from here on it grows by a quarter, not twofold
};

/* 0: no memory is as large. */
static size_t next_cap(const struct buf *b, size_t more)
{
    if (more > SIZE_MAX / 4 || b->len > SIZE_MAX / 4)
        return 0;
    size_t need = b->len + more + 1;
    size_t cap = b->cap ? b->cap : FIRST_CAP;
    while (cap < need)
        cap += cap < LARGE ? cap : cap / 4;
    return cap;
}

size_t buf_grows(const struct buf *b, size_t more)
{
    size_t cap = next_cap(b, more);

    return cap ? cap - b->cap : SIZE_MAX;
}

bool buf_reserve(struct buf *b, size_t more)
{
    if (more < b->cap - b->len)
        return true;
    size_t cap = next_cap(b, more);
    if (!cap)
        return false;
    char *data = mem_realloc(b->data, cap);
    if (!data)
        return false;
    b->data = data;
    b->cap = cap;
    return true;
}

bool buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (!buf_reserve(b, len))
        return false;
    if (len)
        memcpy(b->data + b->len, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
    return true;
}

bool buf_puts(struct buf *b, const char *text)
{
    return buf_add(b, text, strlen(text));
}

bool buf_putc(struct buf *b, char c)
{
    return buf_add(b, &c, 1);
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    int len = vsnprintf(
        b->data ? b->data + b->len : NULL, b->cap - b->len, fmt, args);
    va_end(args);
    if (len >= 0 && (size_t)len < b->cap - b->len) {
        b->len += (size_t)len;
        return true;
    }
    if (len < 0 || !buf_reserve(b, (size_t)len))
        return buf_cut(b, b->len); // what was begun is behind its end
    va_start(args, fmt);
    vsnprintf(b->data + b->len, (size_t)len + 1, fmt, args);
    va_end(args);
    b->len += (size_t)len;
    return true;
}

bool buf_int(struct buf *b, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;

    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        *--at = '-';
    return buf_add(b, at, (size_t)(digits + sizeof digits - at));
}

const char *buf_text(const struct buf *b)
{
    return b->len ? b->data : "";
}

bool buf_cut(struct buf *b, size_t len)
{
    b->len = len;
    if (b->data)
        b->data[len] = '\0';
    return false;
}

void buf_clear(struct buf *b)
{
    buf_cut(b, 0);
}

void buf_free(struct buf *b)
{
    mem_free(b->data);
    *b = (struct buf){0};
}

void buf_wipe(struct buf *b)
{
    if (b->data)
        explicit_bzero(b->data, b->cap);
    buf_free(b);
}
