#include "csv/csv_names.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "csv/csv_check.h"
#include "csv/csv_text.h"
#include "csv/lines.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SEPARATORS_COUNT = 4 };

static const char separators[SEPARATORS_COUNT + 1] = ",;\t|";

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

/* The header while its separator is not known: it is only looked through. */
struct head {
    struct csv_split split;          // owned; keeps nothing
    struct buf text;                 // owned
    size_t counts[SEPARATORS_COUNT]; // of each in it
};

static void head_init(struct head *h, const struct csv_options *options)
{
    const char given[] = {options->separator, '\0'};

    *h = (struct head){0};
    csv_split_init(&h->split, options->keep_space, SIZE_MAX, NULL);
    if (options->no_quotes)
        csv_split_ignore_quotes(&h->split);
    csv_split_by(&h->split, *given ? given : separators);
    h->split.fixed = true;
    csv_split_begin(&h->split);
}

static void head_free(struct head *h)
{
    csv_split_fini(&h->split);
    buf_free(&h->text);
}

/* Nothing but blanks and line ends. */
static bool head_blank(const struct head *h)
{
    return strspn(buf_text(&h->text), " \t\r\n") == h->text.len;
}

/* A lone CR, and text behind a closing quote, are text here: what is wrong
 * with them is said when the separator is known. */
static bool is_text(struct head *h, const char *c)
{
    if (*c == '\r')
        return !csv_split_open(&h->split);
    return csv_split_feed(&h->split, c, 1) == CSV_FED_STRAY;
}

static void count_byte(struct head *h, const char *c)
{
    size_t before = h->split.n;

    if (is_text(h, c))
        h->split.place = CSV_PLACE_PLAIN;
    const char *known = h->split.n > before ? strchr(separators, *c) : NULL;
    if (known)
        h->counts[known - separators]++;
}

static bool add_piece(struct csv_scan *scan, struct head *h,
    const struct lines_piece *piece, struct error *err)
{
    if (!buf_add(&h->text, piece->text, piece->len))
        return error_memory(err);
    for (size_t i = 0; i < piece->len; i++)
        count_byte(h, piece->text + i);
    if (h->text.len <= scan->options.cell_max)
        return true;
    csv_scan_bad(scan,
        "the header has not ended after %zu bytes: is this a CSV file with "
        "LF or CRLF line ends?",
        scan->options.cell_max);
    return refuse(scan, err, scan->bad.text);
}

/* The file ended before the line did. */
static bool end_file(
    const struct csv_scan *scan, const struct head *h, struct error *err)
{
    if (scan->options.header)
        return true;
    if (csv_split_open(&h->split))
        return refuse(scan, err, "a quote in the header does not end");
    if (head_blank(h))
        return error_set(err, ERROR_OTHER,
            "%s has no header: its first line must name the columns",
            scan->path);
    return true;
}

/* The record begins behind what was blank. */
static void pass_over(struct csv_scan *scan, struct head *h)
{
    buf_clear(&h->text);
    memset(h->counts, 0, sizeof(h->counts));
    scan->split.line = h->split.line;
    csv_scan_begin(scan);
    csv_split_begin(&h->split);
}

/* "sep=;", perhaps in quotes, perhaps filled up with separators: the
 * separator that it names, or 0. */
static char named_separator(const struct head *h)
{
    const char *text = buf_text(&h->text);

    text += *text == '"';
    if (!ascii_begins(text, "sep="))
        return '\0';
    text += strlen("sep=");
    if (*text == '\0' || strchr("\"\r\n", *text))
        return '\0';
    const char rest[] = {*text, '"', '\r', '\n', '\0'};
    return text[strspn(text, rest)] ? '\0' : *text;
}

/* Whether the line is none of the table's. What it says of the separator is
 * taken, unless somebody knew it. */
static bool is_passed(struct csv_scan *scan, struct head *h)
{
    char named = scan->separator ? '\0' : named_separator(h);

    if (!named)
        return head_blank(h);
    if (!scan->options.separator)
        scan->options.separator = named;
    scan->separator = scan->options.separator;
    csv_split_by(&h->split, (const char[]){scan->separator, '\0'});
    return true;
}

/* Goes past the lines above the header. */
static bool skip_lines(struct csv_scan *scan, struct error *err)
{
    enum csv_step step = CSV_STEP_MORE;
    struct lines_piece piece;

    csv_scan_begin(scan);
    for (long left = scan->options.skip; left > 0 && step == CSV_STEP_MORE;) {
        step = csv_scan_piece(scan, &piece, err);
        if (step == CSV_STEP_MORE && piece.ends) {
            scan->split.line++;
            left--;
        }
    }
    return step != CSV_STEP_FAILED;
}

/* Reads the header's line, or lines if a name has line ends in it; what is
 * none of the table's before it is passed over. */
static bool gather(struct csv_scan *scan, struct head *h, struct error *err)
{
    struct lines_piece piece;
    enum csv_step step;

    csv_scan_begin(scan);
    h->split.line = scan->split.line;
    while ((step = csv_scan_piece(scan, &piece, err)) == CSV_STEP_MORE) {
        if (!add_piece(scan, h, &piece, err))
            return false;
        if (!piece.ends || (csv_split_open(&h->split) && !scan->options.header))
            continue;
        if (!is_passed(scan, h))
            return true;
        pass_over(scan, h);
    }
    return step == CSV_STEP_END && end_file(scan, h, err);
}

/* The separator that occurs most, the comma if there is none; 0 when two
 * occur equally often. */
static char most_frequent(const struct head *h)
{
    size_t best = 0;

    for (size_t i = 1; i < SEPARATORS_COUNT; i++) {
        if (h->counts[i] > h->counts[best])
            best = i;
    }
    for (size_t i = best + 1; i < SEPARATORS_COUNT; i++) {
        if (h->counts[i] && h->counts[i] == h->counts[best])
            return '\0';
    }
    return separators[best];
}

static bool find_separator(
    struct csv_scan *scan, const struct head *h, struct error *err)
{
    char c = scan->options.separator;

    if (!c)
        c = most_frequent(h);
    if (!c)
        return refuse(scan, err, separator_hints[scan->options.of_rule]);
    scan->separator = c;
    csv_split_by(&scan->split, (const char[]){c, '\0'});
    return true;
}

static enum csv_step split_text(
    struct csv_scan *scan, const struct head *h, struct error *err)
{
    enum csv_fed fed =
        csv_split_feed(&scan->split, buf_text(&h->text), h->text.len);

    if (fed == CSV_FED_STRAY)
        return csv_scan_bad(scan, "text behind the closing quote of a name");
    enum csv_step step = csv_scan_end(scan, err);
    return step == CSV_STEP_ROW ? csv_check_text(scan, NULL) : step;
}

static bool split_header(
    struct csv_scan *scan, const struct head *h, struct error *err)
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
        if (compare_names(&sorted[i - 1], &sorted[i]) == 0 && sorted[i]->len)
            ok = refuse_twice(scan, sorted[i - 1], sorted[i], err);
    }
    mem_free(sorted);
    return ok;
}

/* Columns at the right that have no name; the first column has one, or none
 * has. */
static size_t count_named(const struct csv_split *split)
{
    size_t n = split->n;

    while (n > 1 && split->cells[n - 1].len == 0)
        n--;
    return n;
}

static bool no_room(struct csv_scan *scan, struct error *err)
{
    csv_scan_full(scan);
    return refuse(scan, err, scan->bad.text);
}

static bool keep(
    struct csv_names *names, struct csv_scan *scan, struct error *err)
{
    names->n = scan->split.n;
    if (csv_split_fix(&scan->split, &names->text, &names->cells))
        return true;
    if (scan->split.lack != CSV_FED_FULL)
        return error_memory(err);
    return no_room(scan, err);
}

/* The header is the line in hand. */
static bool take_header(struct csv_names *names, struct csv_scan *scan,
    const struct head *h, struct error *err)
{
    names->young = csv_scan_young(scan);
    if (!find_separator(scan, h, err) || !split_header(scan, h, err))
        return false;
    scan->split.n = count_named(&scan->split);
    return check_twice(scan, err) && keep(names, scan, err);
}

static bool copy_names(
    struct csv_names *names, struct csv_scan *scan, struct error *err)
{
    const struct csv_options *options = &scan->options;
    size_t size = options->header_n * sizeof(*names->cells);

    if (!account_take(options->account, size))
        return no_room(scan, err);
    names->n = options->header_n;
    names->cells = mem_calloc(names->n, sizeof(*names->cells));
    if (!names->cells) {
        account_give(options->account, size);
        return error_memory(err);
    }
    for (size_t i = 0; i < names->n; i++) {
        names->cells[i].len = options->header[i].len;
        if (!account_reserve(
                options->account, &names->text, options->header[i].len) ||
            !buf_add(
                &names->text, options->header[i].text, options->header[i].len))
            return no_room(scan, err);
    }
    const char *text = buf_text(&names->text);
    for (size_t i = 0; i < names->n; text += names->cells[i++].len)
        names->cells[i].text = text;
    return true;
}

/* The line in hand is the first row, if there is one. */
static bool take_row(struct csv_names *names, struct csv_scan *scan,
    const struct head *h, struct error *err)
{
    if (!copy_names(names, scan, err))
        return false;
    if (head_blank(h))
        return true;
    if (!find_separator(scan, h, err))
        return false;
    names->first = csv_scan_line(scan, &h->text, err);
    return names->first != CSV_STEP_FAILED;
}

bool csv_names_read(
    struct csv_names *names, struct csv_scan *scan, struct error *err)
{
    struct head h;

    head_init(&h, &scan->options);
    bool ok = skip_lines(scan, err) && gather(scan, &h, err) &&
              (scan->options.header ? take_row(names, scan, &h, err)
                                    : take_header(names, scan, &h, err));
    head_free(&h);
    scan->options.header = NULL;
    return ok;
}

void csv_names_free(struct csv_names *names, struct account *account)
{
    account_free(account, &names->text);
    if (names->cells)
        account_give(account, names->n * sizeof(*names->cells));
    mem_free(names->cells);
}
