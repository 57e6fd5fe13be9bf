#include "csv/csv_scan.h"

#include "base/clock.h"
#include "base/mem.h"
#include "csv/lines.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

enum {
    CELL_MAX = 1024 * 1024,
    CELL_LINES = 1000,
    SETTLE_MS = 60 * 1000,
};

#define CARRIAGE_RETURN                                                        \
    "a carriage return outside quotes: lines end with LF or CRLF"

enum csv_step csv_scan_bad(struct csv_scan *scan, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(scan->bad.text, sizeof(scan->bad.text), fmt, args);
    va_end(args);
    return CSV_STEP_BAD;
}

static enum csv_step cut(struct csv_scan *scan)
{
    scan->begin = scan->cut_line = scan->split.cell_line;
    return CSV_STEP_CUT;
}

static enum csv_step no_memory(struct error *err)
{
    error_memory(err);
    return CSV_STEP_FAILED;
}

enum csv_step csv_scan_piece(
    struct csv_scan *scan, struct lines_piece *piece, struct error *err)
{
    switch (lines_next(scan->lines, piece, err)) {
    case LINES_END:
        scan->at_end = true;
        return CSV_STEP_END;
    case LINES_FAILED:
        return CSV_STEP_FAILED;
    case LINES_PIECE:
        break;
    }
    scan->unended = !piece->ends;
    return CSV_STEP_MORE;
}

enum csv_step csv_scan_full(struct csv_scan *scan)
{
    account_refuse(scan->options.account, &scan->bad, "memory: this row needs");
    return CSV_STEP_BAD;
}

static enum csv_step skip_line(struct csv_scan *scan, struct error *err)
{
    enum csv_step step = CSV_STEP_MORE;
    struct lines_piece piece;

    while (scan->unended && step == CSV_STEP_MORE)
        step = csv_scan_piece(scan, &piece, err);
    scan->split.line += !scan->unended;
    return step == CSV_STEP_FAILED ? step : CSV_STEP_BAD;
}

/* A stray quote costs the record up to the end of the line where it showed:
 * what looks like rows in there may be the text of a cell. */
static enum csv_step stray_quote(struct csv_scan *scan, struct error *err)
{
    csv_scan_bad(scan,
        "text behind the closing quote of a cell in line %ld (a quote inside "
        "a quoted cell is written twice)",
        scan->split.line);
    return skip_line(scan, err);
}

/* The line, or the file, ends behind a complete record. */
enum csv_step csv_scan_end(struct csv_scan *scan, struct error *err)
{
    enum csv_fed fed = csv_split_end(&scan->split);

    if (fed == CSV_FED_NO_MEMORY)
        return no_memory(err);
    if (fed == CSV_FED_FULL)
        return csv_scan_full(scan);
    if (scan->split.more || fed == CSV_FED_STRAY)
        return csv_scan_bad(scan, CARRIAGE_RETURN);
    return CSV_STEP_ROW;
}

/* DOS ends a text with 0x1A: nobody is still writing it then. */
static void take_mark(struct csv_scan *scan)
{
    if (csv_split_drop(&scan->split, CSV_SCAN_MARK))
        scan->unended = false;
}

static enum csv_step end_file(struct csv_scan *scan, struct error *err)
{
    if (csv_split_open(&scan->split)) {
        csv_scan_bad(scan, "the quoted cell that begins here does not end");
        return cut(scan);
    }
    take_mark(scan);
    enum csv_step step = csv_scan_end(scan, err);
    return step == CSV_STEP_ROW && !scan->split.ended ? CSV_STEP_END : step;
}

/* After a line: has the record ended, was there none, or is a quote open? */
static enum csv_step end_line(struct csv_scan *scan, struct error *err)
{
    struct csv_split *split = &scan->split;

    if (split->ended)
        return csv_scan_end(scan, err);
    if (!csv_split_open(split)) {
        scan->begin = split->line;
        return CSV_STEP_MORE;
    }
    if (split->line - split->cell_line < scan->options.cell_lines)
        return CSV_STEP_MORE;
    csv_scan_bad(scan,
        "the quoted cell that begins here has not ended after %ld lines: the "
        "rest of the file is not read",
        scan->options.cell_lines);
    return cut(scan);
}

static enum csv_step long_cell(struct csv_scan *scan)
{
    csv_scan_bad(scan,
        "the cell that begins here has more than %zu bytes (is a quote "
        "missing?): the rest of the file is not read",
        scan->options.cell_max);
    return cut(scan);
}

static enum csv_step take_piece(
    struct csv_scan *scan, const struct lines_piece *piece, struct error *err)
{
    enum csv_fed fed = csv_split_feed(&scan->split, piece->text, piece->len);

    if (fed == CSV_FED_NO_MEMORY)
        return no_memory(err);
    if (fed == CSV_FED_STRAY)
        return stray_quote(scan, err);
    if (fed == CSV_FED_LONG)
        return long_cell(scan);
    return piece->ends ? end_line(scan, err) : CSV_STEP_MORE;
}

void csv_scan_begin(struct csv_scan *scan)
{
    csv_split_begin(&scan->split);
    scan->begin = scan->split.line;
    scan->unended = false;
}

static enum csv_step go_on(
    struct csv_scan *scan, enum csv_step step, struct error *err)
{
    struct lines_piece piece;

    while (step == CSV_STEP_MORE) {
        step = csv_scan_piece(scan, &piece, err);
        if (step == CSV_STEP_END)
            return end_file(scan, err);
        if (step == CSV_STEP_MORE)
            step = take_piece(scan, &piece, err);
    }
    return step;
}

enum csv_step csv_scan_record(struct csv_scan *scan, struct error *err)
{
    csv_scan_begin(scan);
    return go_on(scan, CSV_STEP_MORE, err);
}

enum csv_step csv_scan_line(
    struct csv_scan *scan, const struct buf *line, struct error *err)
{
    const struct lines_piece piece = {
        .text = buf_text(line), .len = line->len, .ends = !scan->unended};

    return go_on(scan, take_piece(scan, &piece, err), err);
}

bool csv_scan_young(struct csv_scan *scan)
{
    const struct csv_options *options = &scan->options;
    int64_t ago;

    if (!scan->at_end || !scan->unended)
        return false;
    int64_t now = options->now_ms ? options->now_ms : clock_wall_ms();
    if (!lines_settling(scan->lines, now, options->settle_ms, &ago))
        return false;
    csv_scan_bad(scan,
        "the last line has no line end and the file was changed %" PRId64
        " s ago: somebody may still be writing it",
        ago > 0 ? ago / 1000 : 0);
    return true;
}

bool csv_scan_unchanged(const struct csv_scan *scan, struct error *err)
{
    if (scan->cut_line)
        return error_set(err, ERROR_OTHER,
            "%s:%ld: the quoted cell that begins here took the rest of the "
            "file with it",
            scan->path, scan->cut_line);
    return lines_unchanged(scan->lines, err);
}

static void set_limits(struct csv_options *options)
{
    if (options->cell_max == 0)
        options->cell_max = CELL_MAX;
    if (options->cell_lines == 0)
        options->cell_lines = CELL_LINES;
    if (options->settle_ms == 0)
        options->settle_ms = SETTLE_MS;
}

static bool copy_texts(struct csv_scan *scan)
{
    struct csv_options *options = &scan->options;
    bool encoded = options->encoding != NULL;

    scan->path = mem_strdup(options->path);
    if (encoded)
        scan->encoding = mem_strdup(options->encoding);
    options->path = scan->path;
    options->encoding = scan->encoding;
    return scan->path && (scan->encoding || !encoded);
}

bool csv_scan_open(
    struct csv_scan *scan, const struct csv_options *options, struct error *err)
{
    scan->options = *options;
    set_limits(&scan->options);
    csv_split_init(&scan->split, options->keep_space, scan->options.cell_max,
        options->account);
    if (options->no_quotes)
        csv_split_ignore_quotes(&scan->split);
    if (!copy_texts(scan))
        return error_memory(err);
    scan->lines = lines_open(scan->path, scan->encoding, options->chunk, err);
    return scan->lines != NULL;
}

void csv_scan_finish(struct csv_scan *scan)
{
    lines_finish(scan->lines);
}

void csv_scan_close(struct csv_scan *scan)
{
    lines_close(scan->lines);
    csv_split_fini(&scan->split);
    mem_free(scan->path);
    mem_free(scan->encoding);
}
