#include "csv/csv_check.h"

#include "csv/csv_swallowed.h"
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
    for (size_t i = 0; i < split->n && i < split->room; i++) {
        size_t len = split->cells[i].len;
        size_t at = csv_text_bad(split->cells[i].text, len);
        if (at < len)
            return bad_byte(scan, columns, i, at);
    }
    return CSV_STEP_ROW;
}

/* Whether there is text in the cells behind the header's. */
static bool has_extra(const struct csv_split *split, size_t n)
{
    bool extra = split->extra;

    for (size_t i = n; i < split->n && i < split->room; i++)
        extra |= split->cells[i].len > 0;
    return extra;
}

/* Two columns without a name would be one: they have no text then. */
static enum csv_step bad_nameless(
    struct csv_scan *scan, const struct csv_cell *columns, size_t n)
{
    size_t nameless = 0, text = 0;

    for (size_t i = 0; i < n; i++)
        if (columns[i].len == 0) {
            nameless++;
            text = scan->split.cells[i].len ? i + 1 : text;
        }
    return nameless < 2 || !text
               ? CSV_STEP_ROW
               : csv_scan_bad(scan,
                     "column %zu has a text here and no name in the header",
                     text);
}

static enum csv_step bad_count(struct csv_scan *scan, size_t n)
{
    const char *hint = n == 1 ? " (is it a title? skip = 1 goes past it)" : "";

    return csv_scan_bad(scan, "%zu column%s, the header has %zu%s",
        scan->split.n, scan->split.n == 1 ? "" : "s", n, hint);
}

/* By who opens the file, likewise. */
static const char *const quote_hints[] = {
    "csv.rows{ path = …, quote = false }",
    "return rule, { csv = { quote = false } }",
};

static enum csv_step bad_quote(
    struct csv_scan *scan, const struct csv_cell *columns, size_t cell)
{
    char name[CSV_TEXT_QUOTE_MAX];

    return csv_scan_bad(scan,
        "a quote in column %s takes lines with it that look like rows of this "
        "file. If it is text, say %s",
        column_name(columns, cell, name), quote_hints[scan->options.of_rule]);
}

enum csv_step csv_check_row(
    struct csv_scan *scan, const struct csv_cell *columns, size_t n)
{
    struct csv_split *split = &scan->split;
    size_t cell;

    if (split->n < n || has_extra(split, n))
        return bad_count(scan, n);
    enum csv_step step = csv_check_text(scan, columns);
    if (step != CSV_STEP_ROW)
        return step;
    if (split->quote.ends > 0 &&
        csv_swallowed(split->cells, n, scan->separator, &cell))
        return bad_quote(scan, columns, cell);
    return bad_nameless(scan, columns, n);
}

static bool only(const struct csv_cell *cell, const char *bytes)
{
    for (size_t i = 0; i < cell->len; i++)
        if (!cell->text[i] || !strchr(bytes, cell->text[i]))
            return false;
    return cell->len > 0;
}

static bool all_dashes(const struct csv_split *split)
{
    for (size_t i = 0; i < split->n && i < split->room; i++)
        if (!only(&split->cells[i], split->n == 1 ? "-+" : "-"))
            return false;
    return true;
}

/* "(2 rows affected)", "(2 satır etkilendi)", "2 rows selected." */
static bool is_footer(const struct csv_cell *cell)
{
    const char *at = cell->text, *end = at + cell->len;
    bool bracket = at < end && *at == '(';
    const char *digits = at += bracket;

    while (at < end && *at >= '0' && *at <= '9')
        at++;
    if (at == digits || at == end || *at != ' ')
        return false;
    return bracket ? end[-1] == ')'
                   : end - at >= 4 && memcmp(at, " row", 4) == 0;
}

bool csv_check_none(struct csv_scan *scan, size_t n, bool first)
{
    struct csv_split *split = &scan->split;

    if (split->n > 1 && split->text.len == 0)
        return !split->extra;
    if (split->n > 1 && !first) // as most are
        return false;
    csv_split_place(split);
    if (split->n == 1 && split->cells[0].len == 1 &&
        *split->cells[0].text == CSV_SCAN_MARK)
        return true;
    if (first && (split->n == n || split->n == 1) && all_dashes(split))
        return true;
    return n > 1 && split->n == 1 && is_footer(&split->cells[0]);
}
