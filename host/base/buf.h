/* buf.h: bytes that grow.
 *
 * `struct buf b = {0}` is an empty one. What is added is followed by a NUL
 * that does not count, so `data` is a C string as soon as anything was added
 * (buf_text gives one always). The holder owns it and calls buf_free. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
    char *data;
    size_t len;
    size_t cap;
};

/* Each returns false when there is no memory; the buffer is then as before. */
bool buf_reserve(struct buf *b, size_t more);
bool buf_add(struct buf *b, const void *bytes, size_t len);
bool buf_puts(struct buf *b, const char *text);
bool buf_putc(struct buf *b, char c);
bool buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
bool buf_int(struct buf *b, int64_t value); // its digits

/* The bytes by which buf_reserve would make it larger, 0: it has the room. */
size_t buf_grows(const struct buf *b, size_t more);

/* The contents as a C string, "" when empty; borrowed until the next call. */
const char *buf_text(const struct buf *b);

/* Forgets what lies behind the first `len` bytes; there are as many. False, so
 * that a caller whose addition failed half-way can return it. */
bool buf_cut(struct buf *b, size_t len);

/* Forgets the contents, keeps the memory. */
void buf_clear(struct buf *b);

/* Frees the memory; the buffer is empty and may be used again. */
void buf_free(struct buf *b);

/* Overwrites the memory first: for what held a secret. */
void buf_wipe(struct buf *b);

#endif
