#include "base/csv.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/csv_head.h"
#include "base/csv_split.h"
#include "base/csv_text.h"
#include "base/lines.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELL_MAX = 1024 * 1024,
    CELL_LINES = 1000,
    SETTLE_MS = 60 * 1000,
};

#define CARRIAGE_RETURN                                                        \
    "a carriage return outside quotes: lines end with LF or CRLF"

/* What became of the record in hand. */
enum step {
    STEP_MORE, // it goes on
    STEP_ROW,
    STEP_BAD,
    STEP_CUT, // bad, and nothing behind it can be read
    STEP_END,
    STEP_FAILED,
};

struct csv_reader {
    struct csv_options limits; // its path and encoding are those below
    char *path;
    char *encoding;
    struct lines *lines;
    struct csv_split split; // split.line is the line in hand

    struct buf names; // owns what `columns` borrow
    struct csv_cell *columns;
    size_t n_columns;

    long begin;      // the line where the record begins
    bool unended;    // the line in hand has no line end yet
    bool at_end;     // of the file
    bool young_head; // there is but a header, and it may be half of one
    long cut_line;   // the quoted cell there ended the file; 0: none did

    enum csv_got state; // CSV_ROW while there is something to read
    struct error bad;   // the message of a bad row, or what failed
};

static enum step bad(struct csv_reader *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static enum step bad(struct csv_reader *r, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(r->bad.text, sizeof(r->bad.text), fmt, args);
    va_end(args);
    return STEP_BAD;
}

static enum step cut(struct csv_reader *r)
{
    r->begin = r->cut_line = r->split.cell_line;
    return STEP_CUT;
}

static enum step no_memory(struct error *err)
{
    error_memory(err);
    return STEP_FAILED;
}

static enum step next_piece(
    struct csv_reader *r, struct lines_piece *piece, struct error *err)
{
    switch (lines_next(r->lines, piece, err)) {
    case LINES_END:
        r->at_end = true;
        return STEP_END;
    case LINES_FAILED:
        return STEP_FAILED;
    case LINES_PIECE:
        break;
    }
    r->unended = !piece->ends;
    return STEP_MORE;
}

static enum step skip_line(struct csv_reader *r, struct error *err)
{
    enum step step = STEP_MORE;
    struct lines_piece piece;

    while (r->unended && step == STEP_MORE)
        step = next_piece(r, &piece, err);
    r->split.line += !r->unended;
    return step == STEP_FAILED ? step : STEP_BAD;
}

/* A stray quote costs the record up to the end of the line where it showed:
 * what looks like rows in there may be the text of a cell. */
static enum step stray_quote(struct csv_reader *r, struct error *err)
{
    bad(r,
        "text behind the closing quote of a cell in line %ld (a quote inside "
        "a quoted cell is written twice)",
        r->split.line);
    return skip_line(r, err);
}

/* The line, or the file, ends behind a complete record. */
static enum step end_record(struct csv_reader *r, struct error *err)
{
    enum csv_fed fed = csv_split_end(&r->split);

    if (fed == CSV_FED_NO_MEMORY)
        return no_memory(err);
    if (r->split.more || fed == CSV_FED_STRAY)
        return bad(r, CARRIAGE_RETURN);
    return STEP_ROW;
}

static enum step end_file(struct csv_reader *r, struct error *err)
{
    if (csv_split_quoted(&r->split) && !r->split.ended &&
        csv_split_end(&r->split) == CSV_FED_STRAY) {
        bad(r, "the quoted cell that begins here does not end");
        return cut(r);
    }
    enum step step = end_record(r, err);
    return step == STEP_ROW && !r->split.ended ? STEP_END : step;
}

/* After a line: has the record ended, was there none, or is a quote open? */
static enum step end_line(struct csv_reader *r, struct error *err)
{
    r->split.line++;
    if (r->split.ended)
        return end_record(r, err);
    if (!csv_split_quoted(&r->split)) {
        r->begin = r->split.cell_line = r->split.line;
        return STEP_MORE;
    }
    if (r->split.line - r->split.cell_line < r->limits.cell_lines)
        return STEP_MORE;
    bad(r,
        "the quoted cell that begins here has not ended after %ld lines: the "
        "rest of the file is not read",
        r->limits.cell_lines);
    return cut(r);
}

static enum step take_piece(
    struct csv_reader *r, const struct lines_piece *piece, struct error *err)
{
    switch (csv_split_feed(&r->split, piece->text, piece->len)) {
    case CSV_FED_NO_MEMORY:
        return no_memory(err);
    case CSV_FED_STRAY:
        return stray_quote(r, err);
    case CSV_FED:
        break;
    }
    if (!csv_split_too_long(&r->split))
        return piece->ends ? end_line(r, err) : STEP_MORE;
    bad(r,
        "the cell that begins here has more than %zu bytes (is a quote "
        "missing?): the rest of the file is not read",
        r->limits.cell_max);
    return cut(r);
}

static void begin_record(struct csv_reader *r)
{
    csv_split_begin(&r->split);
    r->begin = r->split.line;
    r->unended = false;
}

static enum step read_record(struct csv_reader *r, struct error *err)
{
    struct lines_piece piece;
    enum step step;

    begin_record(r);
    do {
        step = next_piece(r, &piece, err);
        if (step == STEP_END)
            return end_file(r, err);
        if (step == STEP_MORE)
            step = take_piece(r, &piece, err);
    } while (step == STEP_MORE);
    return step;
}

/* The column's name, or its number while the header itself is read. */
static const char *column_name(const struct csv_reader *r, size_t i, char *out)
{
    if (r->columns)
        return csv_text_quote(r->columns[i].text, r->columns[i].len, '"', out);
    snprintf(out, CSV_TEXT_QUOTE_MAX, "%zu", i + 1);
    return out;
}

/* The byte as it stands in the file: two hex digits. */
static void byte_text(const char *at, char out[3])
{
    if ((unsigned char)*at == LINES_BAD_BYTE && at[1] && at[2])
        snprintf(out, 3, "%.2s", at + 1);
    else
        snprintf(out, 3, "%02X", (unsigned char)*at);
}

/* What spreadsheets save by themselves is a zip file. */
static bool is_workbook(const struct csv_reader *r)
{
    return !r->columns && r->split.cells[0].len > 4 &&
           memcmp(r->split.cells[0].text, "PK\003\004", 4) == 0;
}

/* By who opens the file: a script of the user's, or the program for a rule. */
static const char *const encoding_hints[] = {
    "csv.rows{ path = …, encoding = \"windows-1254\" }",
    "return rule, { csv = { encoding = \"windows-1254\" } }",
};
static const char *const separator_hints[] = {
    "cannot tell the separator from the header: say csv.rows{ path = …, "
    "separator = \";\" }",
    "cannot tell the separator from the header: say return rule, { csv = { "
    "separator = \";\" } }",
};

static enum step bad_byte(struct csv_reader *r, size_t cell, size_t at)
{
    const char *encoding = r->limits.encoding;
    const char *byte = r->split.cells[cell].text + at;
    char name[CSV_TEXT_QUOTE_MAX], hex[3];

    column_name(r, cell, name);
    if (is_workbook(r))
        return bad(r, "this is a workbook, not a CSV file: save it as CSV");
    if (*byte == '\0')
        return bad(r, "a NUL byte in column %s%s", name,
            r->columns ? ""
                       : " (if this is UTF-16, say encoding = \"UTF-16LE\")");
    if (encoding) {
        byte_text(byte, hex);
        return bad(
            r, "not %.40s (byte 0x%s in column %s)", encoding, hex, name);
    }
    return bad(r, "not UTF-8 (byte 0x%02X in column %s): say %s",
        (unsigned char)*byte, name, encoding_hints[r->limits.of_rule]);
}

/* One look at the whole record is enough for most. Cell by cell, because two
 * halves of a character are not one. */
static enum step check_text(struct csv_reader *r)
{
    csv_split_place(&r->split);
    if (csv_text_plain(buf_text(&r->split.text), r->split.text.len))
        return STEP_ROW;
    for (size_t i = 0; i < r->split.n; i++) {
        size_t len = r->split.cells[i].len;
        size_t at = csv_text_bad(r->split.cells[i].text, len);
        if (at < len)
            return bad_byte(r, i, at);
    }
    return STEP_ROW;
}

static enum step check_row(struct csv_reader *r)
{
    if (r->split.n != r->n_columns)
        return bad(r, "%zu column%s, the header has %zu", r->split.n,
            r->split.n == 1 ? "" : "s", r->n_columns);
    return check_text(r);
}

/* A file's last line without a line end may be half of one. */
static bool is_young(struct csv_reader *r)
{
    int64_t now = r->limits.now_ms ? r->limits.now_ms : clock_wall_ms();
    int64_t ago;

    if (!r->at_end || !r->unended ||
        !lines_settling(r->lines, now, r->limits.settle_ms, &ago))
        return false;
    bad(r,
        "the last line has no line end and the file was changed %" PRId64
        " s ago: somebody may still be writing it",
        ago > 0 ? ago / 1000 : 0);
    return true;
}

static enum csv_got finish(struct csv_reader *r, enum csv_got state)
{
    r->state = state;
    lines_finish(r->lines);
    return state;
}

static enum csv_got fail(struct csv_reader *r, struct error *err)
{
    r->bad = *err;
    return finish(r, CSV_FAILED);
}

static enum csv_got hand_out(
    struct csv_reader *r, enum step step, struct csv_record *out)
{
    if (step == STEP_ROW)
        step = check_row(r);
    out->line = r->begin;
    out->later = r->young_head || is_young(r);
    if (r->at_end || step == STEP_CUT)
        finish(r, CSV_END);
    if (step == STEP_ROW && !out->later) {
        out->cells = r->split.cells;
        return CSV_ROW;
    }
    out->message = r->bad.text;
    return CSV_BAD;
}

enum csv_got csv_next(
    struct csv_reader *r, struct csv_record *out, struct error *err)
{
    *out = (struct csv_record){0};
    if (r->state == CSV_FAILED)
        *err = r->bad;
    if (r->state != CSV_ROW)
        return r->state;
    enum step step = r->young_head ? STEP_BAD : read_record(r, err);
    if (step == STEP_END)
        return finish(r, CSV_END);
    if (step == STEP_FAILED)
        return fail(r, err);
    return hand_out(r, step, out);
}

const struct csv_cell *csv_columns(const struct csv_reader *r, size_t *n)
{
    *n = r->n_columns;
    return r->columns;
}

bool csv_unchanged(const struct csv_reader *r, struct error *err)
{
    if (r->cut_line)
        return error_set(err, ERROR_OTHER,
            "%s:%ld: the quoted cell that begins here took the rest of the "
            "file with it",
            r->path, r->cut_line);
    return lines_unchanged(r->lines, err);
}

static bool header_error(
    const struct csv_reader *r, struct error *err, const char *message)
{
    return error_set(
        err, ERROR_OTHER, "%s:%ld: %s", r->path, r->begin, message);
}

static bool add_piece(struct csv_reader *r, struct csv_head *h,
    const struct lines_piece *piece, struct error *err)
{
    if (!csv_head_add(h, piece->text, piece->len, r->limits.separator))
        return error_memory(err);
    r->split.line += piece->ends;
    if (h->text.len <= r->limits.cell_max)
        return true;
    bad(r,
        "the header has not ended after %zu bytes: is this a CSV file with "
        "LF or CRLF line ends?",
        r->limits.cell_max);
    return header_error(r, err, r->bad.text);
}

/* The file ended before the header's line did. */
static bool end_header(
    struct csv_reader *r, const struct csv_head *h, struct error *err)
{
    if (csv_head_quoted(h))
        return header_error(r, err, "a quote in the header does not end");
    if (csv_head_blank(h))
        return error_set(err, ERROR_OTHER,
            "%s has no header: its first line must name the columns", r->path);
    r->young_head = is_young(r);
    return true;
}

/* Reads the header's line, or lines if a name has line ends in it; blank
 * lines before it are passed over. */
static bool gather(struct csv_reader *r, struct csv_head *h, struct error *err)
{
    struct lines_piece piece;
    enum step step;

    begin_record(r);
    while ((step = next_piece(r, &piece, err)) == STEP_MORE) {
        if (!add_piece(r, h, &piece, err))
            return false;
        if (!piece.ends || csv_head_quoted(h))
            continue;
        if (!csv_head_blank(h))
            return true;
        begin_record(r);
        csv_head_clear(h);
    }
    return step == STEP_END && end_header(r, h, err);
}

static bool find_separator(
    struct csv_reader *r, const struct csv_head *h, struct error *err)
{
    char c = r->limits.separator;

    if (!c)
        c = csv_head_separator(h);
    if (!c)
        return header_error(r, err, separator_hints[r->limits.of_rule]);
    csv_set_delim(&r->split.parser, (unsigned char)c);
    return true;
}

static bool split_header(
    struct csv_reader *r, const struct csv_head *h, struct error *err)
{
    enum csv_fed fed =
        csv_split_feed(&r->split, buf_text(&h->text), h->text.len);
    enum step step = STEP_BAD;

    if (fed == CSV_FED_STRAY)
        bad(r, "text behind the closing quote of a name");
    else if (fed == CSV_FED)
        step = end_record(r, err);
    else
        step = no_memory(err);
    if (step == STEP_ROW)
        step = check_text(r);
    if (step == STEP_BAD)
        return header_error(r, err, r->bad.text);
    return step == STEP_ROW;
}

static int compare_names(const void *a, const void *b)
{
    const struct csv_cell *const *x = a, *const *y = b;
    size_t len = (*x)->len < (*y)->len ? (*x)->len : (*y)->len;
    int order = memcmp((*x)->text, (*y)->text, len);

    return order ? order : ((*x)->len > (*y)->len) - ((*x)->len < (*y)->len);
}

static bool refuse_twice(struct csv_reader *r, const struct csv_cell *a,
    const struct csv_cell *b, struct error *err)
{
    char name[CSV_TEXT_QUOTE_MAX];

    bad(r, "columns %zu and %zu have the same name, %s",
        (size_t)((a < b ? a : b) - r->split.cells) + 1,
        (size_t)((a < b ? b : a) - r->split.cells) + 1,
        csv_text_quote(a->text, a->len, '"', name));
    return header_error(r, err, r->bad.text);
}

static bool check_names(struct csv_reader *r, struct error *err)
{
    const struct csv_cell **sorted =
        mem_alloc(r->split.n * sizeof(const struct csv_cell *));
    bool ok = true;

    if (!sorted)
        return error_memory(err);
    for (size_t i = 0; i < r->split.n; i++)
        sorted[i] = &r->split.cells[i];
    qsort(sorted, r->split.n, sizeof(sorted[0]), compare_names);
    for (size_t i = 1; ok && i < r->split.n; i++) {
        if (compare_names(&sorted[i - 1], &sorted[i]) == 0)
            ok = refuse_twice(r, sorted[i - 1], sorted[i], err);
    }
    mem_free(sorted);
    return ok;
}

static bool keep_columns(struct csv_reader *r, struct error *err)
{
    r->n_columns = r->split.n;
    return csv_split_fix(&r->split, &r->names, &r->columns) ||
           error_memory(err);
}

static bool read_header(struct csv_reader *r, struct error *err)
{
    struct csv_head h = {0};
    bool ok = gather(r, &h, err) && find_separator(r, &h, err) &&
              split_header(r, &h, err);

    csv_head_free(&h);
    return ok && check_names(r, err) && keep_columns(r, err);
}

static void set_limits(struct csv_reader *r, const struct csv_options *options)
{
    struct csv_options *l = &r->limits;

    *l = *options;
    if (l->cell_max == 0)
        l->cell_max = CELL_MAX;
    if (l->cell_lines == 0)
        l->cell_lines = CELL_LINES;
    if (l->settle_ms == 0)
        l->settle_ms = SETTLE_MS;
}

static bool copy_names(struct csv_reader *r, const struct csv_options *options)
{
    r->path = mem_strdup(options->path);
    if (options->encoding)
        r->encoding = mem_strdup(options->encoding);
    r->limits.path = r->path;
    r->limits.encoding = r->encoding;
    return r->path && (r->encoding || !options->encoding);
}

struct csv_reader *csv_open(
    const struct csv_options *options, struct error *err)
{
    struct csv_reader *r = mem_calloc(1, sizeof(*r));

    if (!r) {
        error_memory(err);
        return NULL;
    }
    set_limits(r, options);
    csv_split_init(&r->split, options->keep_space, r->limits.cell_max);
    r->split.line = 1;
    if (!copy_names(r, options))
        error_memory(err);
    else if ((r->lines =
                     lines_open(r->path, r->encoding, r->limits.chunk, err)) &&
             read_header(r, err))
        return r;
    csv_close(r);
    return NULL;
}

void csv_close(struct csv_reader *r)
{
    if (!r)
        return;
    lines_close(r->lines);
    csv_split_fini(&r->split);
    buf_free(&r->names);
    mem_free(r->columns);
    mem_free(r->path);
    mem_free(r->encoding);
    mem_free(r);
}
