#include "csv/csv_split.h"

#include "base/mem.h"

#include <string.h>

enum { CELLS_FIRST = 32 };

/* Those before BYTE_SEPARATOR are text in a cell that began without a quote. */
enum byte {
    BYTE_TEXT,
    BYTE_BLANK,
    BYTE_QUOTE,
    BYTE_SEPARATOR,
    BYTE_END,
};

void csv_split_init(struct csv_split *s, bool keep_space, size_t cell_max,
    struct account *account)
{
    *s = (struct csv_split){.keep_space = keep_space,
        .cell_max = cell_max,
        .account = account,
        .line = 1};
    csv_split_by(s, ",");
}

void csv_split_fini(struct csv_split *s)
{
    account_free(s->account, &s->text);
    account_give(s->account, s->room * sizeof(*s->cells));
    mem_free(s->cells);
    s->cells = NULL;
}

static void classify(struct csv_split *s, const char *bytes, enum byte byte)
{
    for (; *bytes; bytes++)
        s->bytes[(unsigned char)*bytes] = (unsigned char)byte;
}

void csv_split_ignore_quotes(struct csv_split *s)
{
    s->no_quotes = true;
}

void csv_split_by(struct csv_split *s, const char *separators)
{
    memset(s->bytes, BYTE_TEXT, sizeof(s->bytes));
    classify(s, " \t", s->keep_space ? BYTE_TEXT : BYTE_BLANK);
    classify(s, "\"", s->no_quotes ? BYTE_TEXT : BYTE_QUOTE);
    classify(s, "\r\n", BYTE_END);
    classify(s, separators, BYTE_SEPARATOR);
}

static enum byte byte_of(const struct csv_split *s, char c)
{
    return s->bytes[(unsigned char)c];
}

static void begin_cell(struct csv_split *s, enum csv_place place)
{
    s->place = place;
    s->len = 0;
    s->cell_line = s->line;
    s->kept = s->lack == CSV_FED && (s->n < s->room || !s->fixed);
}

void csv_split_begin(struct csv_split *s)
{
    buf_clear(&s->text);
    s->n = 0;
    s->lack = CSV_FED;
    s->ended = s->more = s->extra = false;
    s->quote = (struct csv_quote){0};
    begin_cell(s, CSV_PLACE_RECORD);
}

/* What there is of the record would keep others out. False, for the caller to
 * return. */
static bool keep_nothing(struct csv_split *s, enum csv_fed lack)
{
    account_free(s->account, &s->text);
    s->lack = lack;
    s->kept = false;
    return false;
}

static void reserve(struct csv_split *s, size_t len)
{
    if (account_reserve(s->account, &s->text, len))
        return;
    bool full = account_left(s->account) < buf_grows(&s->text, len);
    keep_nothing(s, full ? CSV_FED_FULL : CSV_FED_NO_MEMORY);
}

static bool grow(struct csv_split *s)
{
    size_t room = s->room ? s->room * 2 : CELLS_FIRST;
    size_t more = (room - s->room) * sizeof(*s->cells);

    if (!account_take(s->account, more))
        return keep_nothing(s, CSV_FED_FULL);
    struct csv_cell *cells = mem_realloc(s->cells, room * sizeof(*cells));
    if (!cells) {
        account_give(s->account, more);
        return keep_nothing(s, CSV_FED_NO_MEMORY);
    }
    s->cells = cells;
    s->room = room;
    return true;
}

/* There is room for it: the whole piece has been reserved. */
static void put(struct csv_split *s, const char *text, size_t len)
{
    s->len += len;
    if (!s->kept)
        return;
    memcpy(s->text.data + s->text.len, text, len);
    buf_cut(&s->text, s->text.len + len);
}

static void trim(struct csv_split *s)
{
    size_t end = s->text.len;

    while (s->len && byte_of(s, s->text.data[end - 1]) == BYTE_BLANK) {
        s->len--;
        end--;
    }
    buf_cut(&s->text, end);
}

static void end_cell(struct csv_split *s, enum csv_place next)
{
    s->more |= s->ended;
    s->extra |= !s->kept && s->len > 0;
    if (s->kept && s->place == CSV_PLACE_PLAIN)
        trim(s);
    if (s->kept && (s->n < s->room || grow(s)))
        s->cells[s->n].len = s->len;
    s->n++;
    begin_cell(s, next);
}

/* Nothing has ended where nothing began: an empty line, the LF behind a CR. */
static void end_record(struct csv_split *s)
{
    if (s->place == CSV_PLACE_RECORD)
        return;
    end_cell(s, CSV_PLACE_RECORD);
    s->ended = true;
}

static void take_end(struct csv_split *s, char c)
{
    end_record(s);
    s->line += c == '\n';
    s->cell_line = s->line;
}

/* Of the record's quoted cells, the one that took most lines is kept. */
static void note_quote(struct csv_split *s)
{
    long ends = s->line - s->cell_line;

    if (s->quote.line == 0 || ends > s->quote.ends)
        s->quote = (struct csv_quote){
            .cell = s->n, .line = s->cell_line, .ends = ends};
}

static void open_quote(struct csv_split *s)
{
    s->place = CSV_PLACE_QUOTED;
    note_quote(s);
}

/* Behind a quote in a quoted cell: was it the closing one? */
static bool take_behind_quote(struct csv_split *s, const char *c)
{
    enum byte byte = byte_of(s, *c);

    if (byte == BYTE_BLANK) {
        s->place = CSV_PLACE_CLOSED;
        return true;
    }
    if (byte != BYTE_QUOTE || s->place == CSV_PLACE_CLOSED)
        return false;
    s->place = CSV_PLACE_QUOTED; // the second of two
    put(s, c, 1);
    return true;
}

/* One byte that no run has; a blank before a cell goes. False: a stray
 * quote. */
static bool take(struct csv_split *s, const char *c)
{
    enum byte byte = byte_of(s, *c);

    if (s->place == CSV_PLACE_QUOTED)
        s->place = CSV_PLACE_QUOTE;
    else if (byte == BYTE_SEPARATOR)
        end_cell(s, CSV_PLACE_CELL);
    else if (byte == BYTE_END)
        take_end(s, *c);
    else if (s->place >= CSV_PLACE_QUOTE)
        return take_behind_quote(s, c);
    else if (byte == BYTE_QUOTE)
        open_quote(s);
    return true;
}

static size_t quoted_run(struct csv_split *s, const char *text, size_t len)
{
    const char *quote = memchr(text, '"', len);
    const char *end = quote ? quote : text + len;
    const char *at = text;

    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at++;
        s->line++;
        note_quote(s);
    }
    return (size_t)(end - text);
}

static size_t plain_run(struct csv_split *s, const char *text, size_t len)
{
    size_t n = 0;

    if (s->place != CSV_PLACE_PLAIN && byte_of(s, *text) != BYTE_TEXT)
        return 0;
    s->place = CSV_PLACE_PLAIN;
    while (n < len && byte_of(s, text[n]) < BYTE_SEPARATOR)
        n++;
    return n;
}

/* How much from the start of the text is nothing but text of a cell, up to the
 * byte that is too much. */
static size_t take_run(struct csv_split *s, const char *text, size_t len)
{
    size_t most = s->cell_max - s->len, n = 0;

    if (len > most)
        len = most + 1;
    if (s->place == CSV_PLACE_QUOTED)
        n = quoted_run(s, text, len);
    else if (s->place < CSV_PLACE_QUOTED)
        n = plain_run(s, text, len);
    if (n > 0)
        put(s, text, n);
    return n;
}

enum csv_fed csv_split_feed(struct csv_split *s, const char *text, size_t len)
{
    const char *end = text + len;

    if (s->kept)
        reserve(s, len);
    while (text < end) {
        size_t run = take_run(s, text, (size_t)(end - text));
        if (run == 0 && !take(s, text))
            return CSV_FED_STRAY;
        if (s->len > s->cell_max)
            return CSV_FED_LONG;
        text += run ? run : 1;
    }
    return s->lack == CSV_FED_NO_MEMORY ? CSV_FED_NO_MEMORY : CSV_FED;
}

bool csv_split_open(const struct csv_split *s)
{
    return s->place == CSV_PLACE_QUOTED && !s->ended;
}

enum csv_fed csv_split_end(struct csv_split *s)
{
    bool open = s->place == CSV_PLACE_QUOTED;

    if (!open)
        end_record(s);
    if (s->lack != CSV_FED)
        return s->lack;
    return open ? CSV_FED_STRAY : CSV_FED;
}

bool csv_split_drop(struct csv_split *s, char c)
{
    if (s->place != CSV_PLACE_PLAIN || !s->kept || s->len == 0 ||
        s->text.data[s->text.len - 1] != c)
        return false;
    buf_cut(&s->text, s->text.len - 1);
    s->len--;
    if (s->n == 0 && s->len == 0)
        s->place = CSV_PLACE_RECORD;
    return true;
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
        return keep_nothing(s, CSV_FED_FULL);
    own = mem_calloc(s->n, sizeof(*own));
    if (!own) {
        account_give(s->account, size);
        return keep_nothing(s, CSV_FED_NO_MEMORY);
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
