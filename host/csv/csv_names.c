#include "csv/csv_names.h"

#include "base/mem.h"
#include "csv/csv_check.h"
#include "csv/csv_head.h"
#include "csv/csv_text.h"
#include "csv/lines.h"

#include <stdlib.h>
#include <string.h>

/* By who opens the file: a script of the user's, or the program for a rule. */
static const char *const separator_hints[] = {
    "cannot tell the separator from the header: say csv.rows{ path = …, "
    "separator = \";\" }",
    "cannot tell the separator from the header: say return rule, { csv = { "
    "separator = \";\" } }",
};

static bool refuse(
    const struct csv_scan *scan, struct error *err, const char *message)
{
    return error_set(
        err, ERROR_OTHER, "%s:%ld: %s", scan->path, scan->begin, message);
}

static bool add_piece(struct csv_scan *scan, struct csv_head *h,
    const struct lines_piece *piece, struct error *err)
{
    if (!csv_head_add(h, piece->text, piece->len, scan->options.separator))
        return error_memory(err);
    scan->split.line += piece->ends;
    if (h->text.len <= scan->options.cell_max)
        return true;
    csv_scan_bad(scan,
        "the header has not ended after %zu bytes: is this a CSV file with "
        "LF or CRLF line ends?",
        scan->options.cell_max);
    return refuse(scan, err, scan->bad.text);
}

/* The file ended before the header's line did. */
static bool end_file(
    const struct csv_scan *scan, const struct csv_head *h, struct error *err)
{
    if (csv_head_quoted(h))
        return refuse(scan, err, "a quote in the header does not end");
    if (csv_head_blank(h))
        return error_set(err, ERROR_OTHER,
            "%s has no header: its first line must name the columns",
            scan->path);
    return true;
}

/* Reads the header's line, or lines if a name has line ends in it; blank
 * lines before it are passed over. */
static bool gather(struct csv_scan *scan, struct csv_head *h, struct error *err)
{
    struct lines_piece piece;
    enum csv_step step;

    csv_scan_begin(scan);
    while ((step = csv_scan_piece(scan, &piece, err)) == CSV_STEP_MORE) {
        if (!add_piece(scan, h, &piece, err))
            return false;
        if (!piece.ends || csv_head_quoted(h))
            continue;
        if (!csv_head_blank(h))
            return true;
        csv_scan_begin(scan);
        csv_head_clear(h);
    }
    return step == CSV_STEP_END && end_file(scan, h, err);
}

static bool find_separator(
    struct csv_scan *scan, const struct csv_head *h, struct error *err)
{
    char c = scan->options.separator;

    if (!c)
        c = csv_head_separator(h);
    if (!c)
        return refuse(scan, err, separator_hints[scan->options.of_rule]);
    csv_split_by(&scan->split, c);
    return true;
}

static enum csv_step split_text(
    struct csv_scan *scan, const struct csv_head *h, struct error *err)
{
    switch (csv_split_feed(&scan->split, buf_text(&h->text), h->text.len)) {
    case CSV_FED_NO_MEMORY:
        error_memory(err);
        return CSV_STEP_FAILED;
    case CSV_FED_FULL:
        return csv_scan_full(scan);
    case CSV_FED_STRAY:
        return csv_scan_bad(scan, "text behind the closing quote of a name");
    case CSV_FED:
        break;
    }
    enum csv_step step = csv_scan_end(scan, err);
    return step == CSV_STEP_ROW ? csv_check_text(scan, NULL) : step;
}

static bool split_header(
    struct csv_scan *scan, const struct csv_head *h, struct error *err)
{
    enum csv_step step = split_text(scan, h, err);

    if (step == CSV_STEP_BAD)
        return refuse(scan, err, scan->bad.text);
    return step == CSV_STEP_ROW;
}

static int compare_names(const void *a, const void *b)
{
    const struct csv_cell *const *x = a, *const *y = b;
    size_t len = (*x)->len < (*y)->len ? (*x)->len : (*y)->len;
    int order = memcmp((*x)->text, (*y)->text, len);

    return order ? order : ((*x)->len > (*y)->len) - ((*x)->len < (*y)->len);
}

static bool refuse_twice(struct csv_scan *scan, const struct csv_cell *a,
    const struct csv_cell *b, struct error *err)
{
    const struct csv_cell *cells = scan->split.cells;
    char name[CSV_TEXT_QUOTE_MAX];

    csv_scan_bad(scan, "columns %zu and %zu have the same name, %s",
        (size_t)((a < b ? a : b) - cells) + 1,
        (size_t)((a < b ? b : a) - cells) + 1,
        csv_text_quote(a->text, a->len, '"', name));
    return refuse(scan, err, scan->bad.text);
}

static bool check_twice(struct csv_scan *scan, struct error *err)
{
    const struct csv_split *split = &scan->split;
    const struct csv_cell **sorted =
        mem_alloc(split->n * sizeof(const struct csv_cell *));
    bool ok = true;

    if (!sorted)
        return error_memory(err);
    for (size_t i = 0; i < split->n; i++)
        sorted[i] = &split->cells[i];
    qsort(sorted, split->n, sizeof(sorted[0]), compare_names);
    for (size_t i = 1; ok && i < split->n; i++) {
        if (compare_names(&sorted[i - 1], &sorted[i]) == 0)
            ok = refuse_twice(scan, sorted[i - 1], sorted[i], err);
    }
    mem_free(sorted);
    return ok;
}

static bool keep(
    struct csv_names *names, struct csv_scan *scan, struct error *err)
{
    names->n = scan->split.n;
    if (csv_split_fix(&scan->split, &names->text, &names->cells))
        return true;
    if (!scan->split.full)
        return error_memory(err);
    csv_scan_full(scan);
    return refuse(scan, err, scan->bad.text);
}

bool csv_names_read(
    struct csv_names *names, struct csv_scan *scan, struct error *err)
{
    struct csv_head h = {0};
    bool ok = gather(scan, &h, err);

    names->young = ok && csv_scan_young(scan);
    ok = ok && find_separator(scan, &h, err) && split_header(scan, &h, err);
    csv_head_free(&h);
    return ok && check_twice(scan, err) && keep(names, scan, err);
}

void csv_names_free(struct csv_names *names, struct account *account)
{
    account_free(account, &names->text);
    if (names->cells)
        account_give(account, names->n * sizeof(*names->cells));
    mem_free(names->cells);
}
