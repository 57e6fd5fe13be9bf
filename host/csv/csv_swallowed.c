#include "csv/csv_swallowed.h"

#include <string.h>

enum kind { KIND_EMPTY, KIND_NUMBER, KIND_TEXT };

/* A line of the cell, or what is left of one. */
struct part {
    const char *at, *end;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '"';
}

static enum kind kind_of(const char *at, const char *end)
{
    bool digit = false, text = false;

    for (; at < end; at++) {
        digit |= *at >= '0' && *at <= '9';
        text |= !(*at >= '0' && *at <= '9') && !is_blank(*at) &&
                !(*at == '.' || *at == ',' || *at == '-' || *at == '+');
    }
    return text ? KIND_TEXT : digit ? KIND_NUMBER : KIND_EMPTY;
}

/* Takes the next field off; false: there was none. */
static bool next_field(struct part *line, char separator, struct part *field)
{
    if (!line->at)
        return false;
    const char *to =
        memchr(line->at, separator, (size_t)(line->end - line->at));

    *field = (struct part){line->at, to ? to : line->end};
    line->at = to ? to + 1 : NULL;
    return true;
}

static bool fits(const struct csv_cell *cell, const struct part *field)
{
    enum kind a = kind_of(cell->text, cell->text + cell->len);
    enum kind b = kind_of(field->at, field->end);

    return a == b || a == KIND_EMPTY || b == KIND_EMPTY;
}

/* Whether the line has the fields of the columns `from` up to `to`, `own`
 * among them, in which the quote is: any text may be there. */
static bool is_row(struct part line, char separator,
    const struct csv_cell *cells, size_t from, size_t to, size_t own)
{
    struct part field;
    size_t i = from;

    for (; next_field(&line, separator, &field); i++)
        if (i == to || (i != own && !fits(&cells[i], &field)))
            return false;
    return i == to;
}

static bool took_rows(
    const struct csv_cell *cells, size_t n, char separator, size_t own)
{
    const char *at = cells[own].text, *end = at + cells[own].len;
    const char *line_end = memchr(at, '\n', cells[own].len);
    bool first = true;

    for (; line_end; first = false) {
        if (!is_row((struct part){at, line_end}, separator, cells,
                first ? own : 0, n, own))
            return false;
        at = line_end + 1;
        line_end = memchr(at, '\n', (size_t)(end - at));
    }
    return !first &&
           is_row((struct part){at, end}, separator, cells, 0, own + 1, own);
}

bool csv_swallowed(
    const struct csv_cell *cells, size_t n, char separator, size_t *which)
{
    for (*which = 0; n > 1 && *which < n; ++*which)
        if (took_rows(cells, n, separator, *which))
            return true;
    return false;
}
