#include "csv/csv_split.h"

#include "base/mem.h"

#include <string.h>

enum { CELLS_FIRST = 32 };

void csv_split_init(struct csv_split *s, bool keep_space, size_t cell_max,
    struct account *account)
{
    *s = (struct csv_split){
        .keep_space = keep_space, .cell_max = cell_max, .account = account};
    csv_split_by(s, ',');
}

void csv_split_fini(struct csv_split *s)
{
    account_free(s->account, &s->text);
    account_give(s->account, s->room * sizeof(*s->cells));
    mem_free(s->cells);
    s->cells = NULL;
}

void csv_split_by(struct csv_split *s, char separator)
{
    s->special[(unsigned char)s->separator] = false;
    s->separator = separator;
    for (const char *c = " \t\r\n\""; *c; c++)
        s->special[(unsigned char)*c] = true;
    s->special[(unsigned char)separator] = true;
}

static void begin_cell(struct csv_split *s, enum csv_place place)
{
    s->place = place;
    s->quoted = false;
    s->len = s->blanks = 0;
}

void csv_split_begin(struct csv_split *s)
{
    buf_clear(&s->text);
    begin_cell(s, CSV_PLACE_RECORD);
    s->n = 0;
    s->cell_line = s->line;
    s->ended = s->more = s->too_long = s->full = false;
}

void csv_split_empty(struct csv_split *s)
{
    account_free(s->account, &s->text);
    s->n = 0;
}

/* Sets what hinders. False, for the caller to return. */
static bool no_room(struct csv_split *s, bool full)
{
    s->full |= full;
    s->no_memory |= !full;
    return false;
}

static bool grow(struct csv_split *s)
{
    size_t room = s->room ? s->room * 2 : CELLS_FIRST;
    size_t more = (room - s->room) * sizeof(*s->cells);

    if (!account_take(s->account, more))
        return no_room(s, true);
    struct csv_cell *cells = mem_realloc(s->cells, room * sizeof(*cells));
    if (!cells) {
        account_give(s->account, more);
        return no_room(s, false);
    }
    s->cells = cells;
    s->room = room;
    return true;
}

/* Whether the cell in hand has a place to be kept in. */
static bool is_kept(const struct csv_split *s)
{
    return !s->full && !s->no_memory && (s->n < s->room || !s->fixed);
}

static void put(struct csv_split *s, const char *text, size_t len)
{
    s->len += len;
    if (!is_kept(s))
        return;
    if (account_reserve(s->account, &s->text, len))
        buf_add(&s->text, text, len);
    else
        no_room(s, account_left(s->account) < buf_grows(&s->text, len));
}

/* Takes back the last bytes of the cell in hand. */
static void unput(struct csv_split *s, size_t len)
{
    s->len -= len;
    if (is_kept(s))
        buf_cut(&s->text, s->text.len - len);
}

static void end_cell(struct csv_split *s, enum csv_place place)
{
    if (s->place == CSV_PLACE_QUOTE)
        unput(s, s->blanks + 1);
    else if (!s->quoted)
        unput(s, s->blanks);
    s->more |= s->ended;
    s->too_long |= s->len > s->cell_max;
    if (!s->too_long)
        s->cell_line = s->line;
    if (is_kept(s) && (s->n < s->room || grow(s)))
        s->cells[s->n].len = s->len;
    s->n++;
    begin_cell(s, place);
}

static void end_record(struct csv_split *s)
{
    if (s->place == CSV_PLACE_RECORD)
        return; // an empty line, or the LF behind a CR
    end_cell(s, CSV_PLACE_RECORD);
    s->ended = true;
}

static bool is_blank(const struct csv_split *s, char c)
{
    return (c == ' ' || c == '\t') && c != s->separator && !s->keep_space;
}

static bool is_end(char c)
{
    return c == '\n' || c == '\r';
}

/* How much from the start of the text is nothing but text of a cell. */
static size_t text_run(const struct csv_split *s, const char *text, size_t len)
{
    size_t n = 0;

    if (s->place == CSV_PLACE_QUOTE)
        return 0;
    if (s->quoted) {
        const char *quote = memchr(text, '"', len);
        return quote ? (size_t)(quote - text) : len;
    }
    while (n < len && !s->special[(unsigned char)text[n]])
        n++;
    return n;
}

static void put_run(struct csv_split *s, const char *text, size_t len)
{
    s->place = CSV_PLACE_INSIDE;
    s->blanks = 0;
    put(s, text, len);
}

static void put_blank(struct csv_split *s, const char *c)
{
    put(s, c, 1);
    s->blanks++;
}

/* Before a cell, a byte that is more than text. */
static void take_first(struct csv_split *s, const char *c)
{
    if (is_blank(s, *c))
        return;
    s->place = CSV_PLACE_INSIDE;
    s->quoted = *c == '"';
    if (!s->quoted)
        put(s, c, 1);
}

/* Behind a quote in a quoted cell: was it the closing one? */
static bool take_behind_quote(struct csv_split *s, const char *c)
{
    if (is_blank(s, *c))
        put_blank(s, c);
    else if (*c == '"' && s->blanks == 0)
        s->place = CSV_PLACE_INSIDE; // the second of two: the first is text
    else
        return false;
    return true;
}

static void take_inside(struct csv_split *s, const char *c)
{
    if (is_blank(s, *c))
        put_blank(s, c);
    else
        put_run(s, c, 1); // an inch mark
    if (s->quoted)
        s->place = CSV_PLACE_QUOTE;
}

/* One byte that no run has. False: a stray quote. */
static bool take(struct csv_split *s, const char *c)
{
    bool open = s->quoted && s->place == CSV_PLACE_INSIDE;

    if (!open && *c == s->separator)
        end_cell(s, CSV_PLACE_CELL);
    else if (!open && is_end(*c))
        end_record(s);
    else if (s->place == CSV_PLACE_QUOTE)
        return take_behind_quote(s, c);
    else if (s->place == CSV_PLACE_INSIDE)
        take_inside(s, c);
    else
        take_first(s, c);
    return true;
}

enum csv_fed csv_split_feed(struct csv_split *s, const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end) {
        size_t run = text_run(s, text, (size_t)(end - text));
        if (run)
            put_run(s, text, run);
        else if (!take(s, text))
            return CSV_FED_STRAY;
        if (s->no_memory)
            return CSV_FED_NO_MEMORY;
        text += run ? run : 1;
    }
    return s->full ? CSV_FED_FULL : CSV_FED;
}

enum csv_fed csv_split_end(struct csv_split *s)
{
    bool open = s->quoted && s->place == CSV_PLACE_INSIDE;

    if (!open)
        end_record(s);
    if (s->no_memory)
        return CSV_FED_NO_MEMORY;
    if (s->full)
        return CSV_FED_FULL;
    return open ? CSV_FED_STRAY : CSV_FED;
}

bool csv_split_quoted(const struct csv_split *s)
{
    return s->quoted;
}

bool csv_split_too_long(const struct csv_split *s)
{
    return s->too_long || s->len > s->cell_max;
}

void csv_split_place(struct csv_split *s)
{
    const char *text = buf_text(&s->text);

    for (size_t i = 0; i < s->n && i < s->room; i++) {
        s->cells[i].text = text;
        text += s->cells[i].len;
    }
}

bool csv_split_fix(
    struct csv_split *s, struct buf *text, struct csv_cell **cells)
{
    size_t size = s->n * sizeof(struct csv_cell);
    struct csv_cell *own = NULL;

    if (!account_take(s->account, size))
        return no_room(s, true);
    own = mem_calloc(s->n, sizeof(*own));
    if (!own) {
        account_give(s->account, size);
        return no_room(s, false);
    }
    account_give(s->account, s->room * sizeof(*own) - size);
    *text = s->text;
    *cells = s->cells;
    s->text = (struct buf){0};
    s->cells = own;
    s->room = s->n;
    s->fixed = true;
    return true;
}
