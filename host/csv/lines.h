/* lines.h: a text file as UTF-8, line by line, in constant memory.
 *
 * Owns the descriptor and the converter. A line comes in one piece or more;
 * its end is LF, a CR before it is left where it is. A byte order mark is
 * taken off. Without an encoding the bytes come as they are and the caller
 * checks them; with one they are UTF-8, and a byte that could not be
 * converted comes as LINES_BAD_BYTE and two hex digits. */
#ifndef CSV_LINES_H
#define CSV_LINES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lines;

enum { LINES_BAD_BYTE = 0xFF }; // occurs in no UTF-8

struct lines_piece {
    const char *text; // borrowed until the next call
    size_t len;       // at least 1
    bool ends;        // the last byte is the line's LF
};

enum lines_got { LINES_PIECE, LINES_END, LINES_FAILED };

/* Opens `path`. `encoding` is a name that iconv knows, NULL for UTF-8;
 * `chunk` the bytes read at once, 0 for the usual. NULL with a message: no
 * such file, one that is not regular or is protected, an unknown encoding,
 * UTF-16 that nobody announced, no CSV file at all (file_kind.h).
 * The caller frees it with lines_close. */
struct lines *lines_open(
    const char *path, const char *encoding, size_t chunk, struct error *err);

/* The next piece; LINES_END at the end, again and again. LINES_FAILED also
 * for UTF-8 that is read in an encoding of one byte a character. */
enum lines_got lines_next(
    struct lines *l, struct lines_piece *out, struct error *err);

/* Whether somebody may still be writing the file: it was changed within
 * `settle_ms` before `now_ms`, `*ago_ms` ago. A time that is further ahead
 * than that comes from another clock, and says nothing. */
bool lines_settling(
    const struct lines *l, int64_t now_ms, int64_t settle_ms, int64_t *ago_ms);

/* Whether the path still leads to the file as it was when it was opened
 * (inode, size, time of change); false with a message. */
bool lines_unchanged(const struct lines *l, struct error *err);

/* Gives the descriptor and the buffers back early: nothing more is read. */
void lines_finish(struct lines *l);

/* Frees it (NULL is allowed). */
void lines_close(struct lines *l);

#endif
