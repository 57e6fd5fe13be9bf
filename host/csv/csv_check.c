#include "csv/csv_check.h"

#include "csv/csv_text.h"
#include "csv/lines.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The column's name, or its number while the header itself is read. */
static const char *column_name(
    const struct csv_cell *columns, size_t i, char *out)
{
    if (columns)
        return csv_text_quote(columns[i].text, columns[i].len, '"', out);
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
static bool is_workbook(const struct csv_cell *first)
{
    return first->len > 4 && memcmp(first->text, "PK\003\004", 4) == 0;
}

/* By who opens the file: a script of the user's, or the program for a rule. */
static const char *const encoding_hints[] = {
    "csv.rows{ path = …, encoding = \"windows-1254\" }",
    "return rule, { csv = { encoding = \"windows-1254\" } }",
};

static enum csv_step bad_byte(struct csv_scan *scan,
    const struct csv_cell *columns, size_t cell, size_t at)
{
    const struct csv_cell *cells = scan->split.cells;
    const char *encoding = scan->encoding;
    const char *byte = cells[cell].text + at;
    char name[CSV_TEXT_QUOTE_MAX], hex[3];

    column_name(columns, cell, name);
    if (!columns && is_workbook(&cells[0]))
        return csv_scan_bad(
            scan, "this is a workbook, not a CSV file: save it as CSV");
    if (*byte == '\0')
        return csv_scan_bad(scan, "a NUL byte in column %s%s", name,
            columns ? "" : " (if this is UTF-16, say encoding = \"UTF-16LE\")");
    if (encoding) {
        byte_text(byte, hex);
        return csv_scan_bad(
            scan, "not %.40s (byte 0x%s in column %s)", encoding, hex, name);
    }
    return csv_scan_bad(scan, "not UTF-8 (byte 0x%02X in column %s): say %s",
        (unsigned char)*byte, name, encoding_hints[scan->options.of_rule]);
}

/* One look at the whole record is enough for most. Cell by cell, because two
 * halves of a character are not one. */
enum csv_step csv_check_text(
    struct csv_scan *scan, const struct csv_cell *columns)
{
    struct csv_split *split = &scan->split;

    csv_split_place(split);
    if (csv_text_plain(buf_text(&split->text), split->text.len))
        return CSV_STEP_ROW;
    for (size_t i = 0; i < split->n; i++) {
        size_t len = split->cells[i].len;
        size_t at = csv_text_bad(split->cells[i].text, len);
        if (at < len)
            return bad_byte(scan, columns, i, at);
    }
    return CSV_STEP_ROW;
}

enum csv_step csv_check_row(
    struct csv_scan *scan, const struct csv_cell *columns, size_t n)
{
    if (scan->split.n != n)
        return csv_scan_bad(scan, "%zu column%s, the header has %zu",
            scan->split.n, scan->split.n == 1 ? "" : "s", n);
    return csv_check_text(scan, columns);
}
