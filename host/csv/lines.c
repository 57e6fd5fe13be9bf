#include "csv/lines.h"

#include "base/ascii.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "csv/file_kind.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CHUNK = 64 * 1024,
    CHUNK_MIN = 16, // a byte order mark, or what one character becomes
    NUMBER_MAX = 32,
};

#define NO_CONVERTER ((iconv_t)-1)

struct lines {
    char *path;
    char *encoding; // NULL: UTF-8, `raw` is what comes out
    int fd;         // -1 when there is nothing more to read
    struct stat first;
    iconv_t converter;
    size_t unit; // bytes to step over when one cannot be converted
    size_t chunk;
    char *raw; // as read: raw_pos up to raw_len is still to be converted
    size_t raw_pos, raw_len;
    char *text; // UTF-8: pos up to len is still to be handed out
    size_t pos, len;
    bool at_end;
    bool flushed;
    bool doubt_over; // it has been seen that the encoding may be right
};

/* Encodings in which a line end is more than one byte; every spelling of one
 * begins like this. */
static const struct wide {
    const char *prefix;
    size_t unit;
} wide_encodings[] = {
    {"utf-16", 2},
    {"utf16", 2},
    {"ucs-2", 2},
    {"ucs2", 2},
    {"utf-32", 4},
    {"utf32", 4},
    {"ucs-4", 4},
    {"ucs4", 4},
};

static const struct mark {
    const char *bytes;
    size_t len;
    size_t unit; // of the encodings that may begin like this
    const char *name;
} marks[] = {
    {"\xEF\xBB\xBF", 3, 0, "UTF-8"},
    {"\xFF\xFE", 2, 2, "UTF-16LE"},
    {"\xFE\xFF", 2, 2, "UTF-16BE"},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool is_utf8_name(const char *name)
{
    return (ascii_begins(name, "utf-8") && name[5] == '\0') ||
           (ascii_begins(name, "utf8") && name[4] == '\0');
}

static size_t unit_of(const char *encoding)
{
    for (size_t i = 0; encoding && i < COUNT(wide_encodings); i++) {
        if (ascii_begins(encoding, wide_encodings[i].prefix))
            return wide_encodings[i].unit;
    }
    return 1;
}

/* A slash would be a request to leave out what cannot be converted
 * ("//IGNORE"), an empty name would be the locale's. */
static bool open_converter(struct lines *l, struct error *err)
{
    const char *name = l->encoding;

    if (*name && !strchr(name, '/'))
        l->converter = iconv_open("UTF-8", name);
    else
        errno = EINVAL;
    if (l->converter != NO_CONVERTER)
        return true;
    if (errno == ENOMEM)
        return error_memory(err);
    return error_set(err, ERROR_USAGE,
        "cannot read %s: unknown encoding \"%.40s\" (iconv -l lists them; a "
        "Turkish Windows writes \"windows-1254\")",
        l->path, name);
}

static bool open_file(struct lines *l, struct error *err)
{
    const char *why;

    l->fd = file_open(l->path, O_RDONLY, &why);
    if (l->fd < 0)
        return error_set(err, ERROR_OTHER, "cannot open %s: %s", l->path, why);
    return fstat(l->fd, &l->first) == 0 ||
           error_set(err, ERROR_OTHER, "cannot open %s: %s", l->path,
               strerror(errno));
}

static bool allocate(struct lines *l, const char *path, const char *encoding)
{
    l->path = mem_strdup(path);
    if (encoding && !is_utf8_name(encoding)) {
        l->encoding = mem_strdup(encoding);
        l->raw = mem_alloc(l->chunk);
        if (!l->encoding || !l->raw)
            return false;
    }
    l->text = mem_alloc(l->chunk);
    return l->path && l->text;
}

/* Fills `to` up to the chunk; at_end when the file has no more. */
static bool read_more(
    struct lines *l, char *to, size_t *len, size_t room, struct error *err)
{
    ssize_t n;

    do
        n = read(l->fd, to + *len, room - *len);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return error_set(
            err, ERROR_OTHER, "cannot read %s: %s", l->path, strerror(errno));
    l->at_end = n == 0;
    *len += (size_t)n;
    return true;
}

/* What may be the beginning of a character, of which the rest is to come. */
static bool is_cut(const char *text, size_t len)
{
    if (len >= UTF8_MAX || (unsigned char)*text < 0xC2)
        return false;
    for (size_t i = 1; i < len; i++)
        if (!utf8_is_tail(text[i]))
            return false;
    return true;
}

/* Whether the text is UTF-8; *any when not all of it is ASCII. */
static bool is_utf8(const char *text, size_t len, bool *any)
{
    for (size_t i = 0, n; i < len; i += n) {
        n = utf8_next(text + i, len - i);
        if (n == 0)
            return is_cut(text + i, len - i);
        *any |= n > 1;
    }
    return true;
}

/* Any bytes are text in an encoding of one byte a character, and UTF-8 read so
 * is wrong without a sign. Text that was meant has a letter before another
 * soon, and is no UTF-8 then. */
static bool check_encoding(struct lines *l, struct error *err)
{
    bool any = false;

    if (l->unit > 1 || l->doubt_over)
        return true;
    l->doubt_over = !is_utf8(l->raw, l->raw_len, &any);
    if (l->doubt_over || !any)
        return true;
    return error_set(err, ERROR_OTHER,
        "cannot read %s as %.40s: it is UTF-8; leave encoding out", l->path,
        l->encoding);
}

static bool read_raw(struct lines *l, struct error *err)
{
    size_t left = l->raw_len - l->raw_pos;

    memmove(l->raw, l->raw + l->raw_pos, left);
    l->raw_pos = 0;
    l->raw_len = left;
    return l->at_end || (read_more(l, l->raw, &l->raw_len, l->chunk, err) &&
                            check_encoding(l, err));
}

/* What cannot be converted is marked, and the line it is in will say so. */
static void mark_bad_byte(struct lines *l)
{
    static const char hex[] = "0123456789ABCDEF";
    unsigned char byte = (unsigned char)l->raw[l->raw_pos];
    size_t left = l->raw_len - l->raw_pos;

    l->text[l->len++] = (char)LINES_BAD_BYTE;
    l->text[l->len++] = hex[byte >> 4];
    l->text[l->len++] = hex[byte & 15];
    l->raw_pos += left < l->unit ? left : l->unit;
}

/* Converts what is there. True when the text is full or more must be read. */
static void convert(struct lines *l)
{
    while (l->raw_pos < l->raw_len) {
        char *in = l->raw + l->raw_pos;
        size_t in_left = l->raw_len - l->raw_pos;
        char *out = l->text + l->len;
        size_t out_left = l->chunk - l->len;
        size_t n = iconv(l->converter, &in, &in_left, &out, &out_left);
        int why = n == (size_t)-1 ? errno : 0;

        l->raw_pos = l->raw_len - in_left;
        l->len = l->chunk - out_left;
        if (why == 0 || why == E2BIG || (why == EINVAL && !l->at_end))
            return;
        if (l->chunk - l->len < 3)
            return;
        mark_bad_byte(l);
    }
}

/* Some converters (CP1258) keep a letter back, for the accent that may come. */
static void flush(struct lines *l)
{
    char *out = l->text;
    size_t out_left = l->chunk;

    if (l->flushed)
        return;
    l->flushed = true;
    (void)iconv(l->converter, NULL, NULL, &out, &out_left);
    l->len = l->chunk - out_left;
}

static bool fill_converted(struct lines *l, struct error *err)
{
    while (l->len == 0 && (!l->at_end || l->raw_pos < l->raw_len)) {
        convert(l);
        if (l->len == 0 && !read_raw(l, err))
            return false;
    }
    if (l->len == 0)
        flush(l);
    return true;
}

/* Text to hand out; none is left at the end of the file. */
static bool fill(struct lines *l, struct error *err)
{
    l->pos = l->len = 0;
    if (l->converter != NO_CONVERTER)
        return fill_converted(l, err);
    return l->at_end || read_more(l, l->text, &l->len, l->chunk, err);
}

static const struct mark *find_mark(const char *bytes, size_t len)
{
    for (size_t i = 0; i < COUNT(marks); i++) {
        if (len >= marks[i].len &&
            memcmp(bytes, marks[i].bytes, marks[i].len) == 0)
            return &marks[i];
    }
    return NULL;
}

static bool refuse_wide(
    const struct lines *l, const char *encoding, struct error *err)
{
    return error_set(err, ERROR_OTHER,
        "cannot read %s as %.40s: it is UTF-16; export it as UTF-8, or say "
        "encoding = \"%s\"",
        l->path, l->encoding ? l->encoding : "UTF-8", encoding);
}

static bool judge_mark(
    const struct lines *l, const struct mark *mark, struct error *err)
{
    if (l->encoding && l->unit >= 2 && mark->unit)
        return true;
    if (!l->encoding && !mark->unit)
        return true;
    if (!mark->unit)
        return error_set(err, ERROR_OTHER,
            "cannot read %s as %.40s: it begins with a UTF-8 mark; leave "
            "encoding out",
            l->path, l->encoding);
    return refuse_wide(l, mark->name, err);
}

/* What is no CSV file is called what it is. */
static bool judge_kind(
    const struct lines *l, const char *text, size_t len, struct error *err)
{
    const char *wide = l->unit == 1 ? file_kind_wide(text, len) : NULL;
    const char *kind = file_kind(text, len);

    if (kind)
        return error_set(
            err, ERROR_OTHER, "cannot read %s: it is %s", l->path, kind);
    return !wide || refuse_wide(l, wide, err);
}

/* A read may give less than there is. */
static bool read_start(
    struct lines *l, char *to, size_t *len, struct error *err)
{
    size_t most = l->chunk < FILE_KIND_BYTES ? l->chunk : FILE_KIND_BYTES;

    while (*len < most && !l->at_end) {
        if (!read_more(l, to, len, l->chunk, err))
            return false;
    }
    return true;
}

/* The mark is looked at as it stands in the file, and taken off the text. */
static bool start(struct lines *l, struct error *err)
{
    char *bytes = l->encoding ? l->raw : l->text;
    size_t *len = l->encoding ? &l->raw_len : &l->len;

    if (!read_start(l, bytes, len, err))
        return false;
    const struct mark *mark = find_mark(bytes, *len);
    if (mark && !judge_mark(l, mark, err))
        return false;
    if (!judge_kind(l, bytes, *len, err) ||
        (l->encoding && !check_encoding(l, err)))
        return false;
    if (l->encoding && !fill(l, err))
        return false;
    if (l->len >= 3 && memcmp(l->text, marks[0].bytes, 3) == 0)
        l->pos = 3;
    return true;
}

struct lines *lines_open(
    const char *path, const char *encoding, size_t chunk, struct error *err)
{
    struct lines *l = mem_calloc(1, sizeof(*l));

    if (!l) {
        error_memory(err);
        return NULL;
    }
    l->fd = -1;
    l->converter = NO_CONVERTER;
    l->unit = unit_of(encoding);
    l->chunk = chunk == 0 ? CHUNK : chunk < CHUNK_MIN ? CHUNK_MIN : chunk;
    if (!allocate(l, path, encoding))
        error_memory(err);
    else if (open_file(l, err) && (!l->encoding || open_converter(l, err)) &&
             start(l, err))
        return l;
    lines_close(l);
    return NULL;
}

enum lines_got lines_next(
    struct lines *l, struct lines_piece *out, struct error *err)
{
    if (l->fd < 0)
        return LINES_END;
    if (l->pos == l->len && !fill(l, err))
        return LINES_FAILED;
    if (l->pos == l->len)
        return LINES_END;

    const char *text = l->text + l->pos;
    size_t left = l->len - l->pos;
    const char *end = memchr(text, '\n', left);
    *out = (struct lines_piece){
        .text = text,
        .len = end ? (size_t)(end - text) + 1 : left,
        .ends = end != NULL,
    };
    l->pos += out->len;
    return LINES_PIECE;
}

static int64_t ms_of(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool lines_settling(
    const struct lines *l, int64_t now_ms, int64_t settle_ms, int64_t *ago_ms)
{
    struct stat now = l->first;

    if (l->fd >= 0)
        (void)fstat(l->fd, &now);
    *ago_ms = now_ms - ms_of(now.st_mtim);
    return *ago_ms<settle_ms && * ago_ms> - settle_ms;
}

/* 81920 as 81,920. */
static const char *grouped(intmax_t n, char out[NUMBER_MAX])
{
    char digits[NUMBER_MAX];
    int len = snprintf(digits, sizeof(digits), "%" PRIdMAX, n);
    char *to = out;

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return out;
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool lines_unchanged(const struct lines *l, struct error *err)
{
    const struct stat *was = &l->first;
    struct stat is;
    char from[NUMBER_MAX], to[NUMBER_MAX];

    if (stat(l->path, &is) != 0)
        return error_set(err, ERROR_OTHER,
            "%s was moved or removed while it was read (%s)", l->path,
            strerror(errno));
    if (is.st_ino != was->st_ino || is.st_dev != was->st_dev)
        return error_set(err, ERROR_OTHER,
            "%s was replaced by another file while it was read", l->path);
    if (is.st_size != was->st_size)
        return error_set(err, ERROR_OTHER,
            "%s %s from %s to %s bytes while it was read", l->path,
            is.st_size > was->st_size ? "grew" : "shrank",
            grouped((intmax_t)was->st_size, from),
            grouped((intmax_t)is.st_size, to));
    if (!same_time(is.st_mtim, was->st_mtim))
        return error_set(
            err, ERROR_OTHER, "%s was changed while it was read", l->path);
    return true;
}

void lines_finish(struct lines *l)
{
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
    if (l->converter != NO_CONVERTER)
        iconv_close(l->converter);
    l->converter = NO_CONVERTER;
    mem_free(l->raw);
    mem_free(l->text);
    l->raw = l->text = NULL;
}

void lines_close(struct lines *l)
{
    if (!l)
        return;
    lines_finish(l);
    mem_free(l->path);
    mem_free(l->encoding);
    mem_free(l);
}
