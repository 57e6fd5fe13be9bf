#include "csv/csv_split.h"

#include "base/mem.h"

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

enum {
    /* It stops at a quote that RFC 4180 does not know: in an unquoted cell
     * that is an inch mark, and data; behind a quoted one nobody can know
     * what was meant. And csv_fini tells of a quote that is open. */
    STRICT = CSV_STRICT | CSV_STRICT_FINI,
    CELLS_FIRST = 32,
    CELL_BLOCK = 4096, // by which libcsv lets a cell grow
};

static int no_space(unsigned char c)
{
    (void)c;
    return 0;
}

void csv_split_init(struct csv_split *s, bool keep_space, size_t cell_max,
    struct account *account)
{
    *s = (struct csv_split){.cell_max = cell_max, .account = account};
    csv_init(&s->parser, STRICT);
    csv_set_realloc_func(&s->parser, mem_realloc);
    csv_set_free_func(&s->parser, mem_free);
    csv_set_blk_size(&s->parser, CELL_BLOCK);
    if (keep_space)
        csv_set_space_func(&s->parser, no_space);
}

void csv_split_fini(struct csv_split *s)
{
    csv_free(&s->parser);
    account_free(s->account, &s->text);
    account_give(s->account, s->entry + s->room * sizeof(*s->cells));
    mem_free(s->cells);
    s->cells = NULL;
}

void csv_split_by(struct csv_split *s, char separator)
{
    csv_set_delim(&s->parser, (unsigned char)separator);
}

/* What it grew to without room would keep further records out. */
static void drop_entry(struct csv_split *s)
{
    if (s->parser.entry_size <= s->entry)
        return;
    csv_free(&s->parser);
    account_give(s->account, s->entry);
    s->entry = 0;
}

void csv_split_begin(struct csv_split *s)
{
    csv_set_opts(&s->parser, 0);
    csv_fini(&s->parser, NULL, NULL, NULL);
    csv_set_opts(&s->parser, STRICT);
    drop_entry(s);
    buf_clear(&s->text);
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

static bool add(struct csv_split *s, const char *text, size_t len)
{
    size_t grows =
        len < s->text.cap - s->text.len ? 0 : buf_grows(&s->text, len);

    if (grows && !account_take(s->account, grows))
        return no_room(s, true);
    if (buf_add(&s->text, text, len))
        return true;
    account_give(s->account, grows);
    return no_room(s, false);
}

/* libcsv: a cell is complete. `text` is in its own buffer, which the next
 * cell will use. */
static void on_cell(void *text, size_t len, void *data)
{
    struct csv_split *s = data;
    size_t i = s->n++;

    s->more |= s->ended;
    s->too_long |= len > s->cell_max;
    if (!s->too_long)
        s->cell_line = s->line;
    if (s->full || (i >= s->room && (s->fixed || !grow(s))))
        return;
    s->cells[i].len = len;
    add(s, text, len);
}

/* libcsv: the record is complete. */
static void on_record(int end, void *data)
{
    struct csv_split *s = data;

    (void)end;
    s->ended = true;
}

/* Takes the quote for which libcsv stopped as data. */
static bool take_quote(struct csv_split *s, const char *quote)
{
    csv_set_opts(&s->parser, 0);
    size_t n = csv_parse(&s->parser, quote, 1, on_cell, on_record, s);
    csv_set_opts(&s->parser, STRICT);
    return n == 1;
}

/* libcsv's own buffer, as far as it has grown. */
static bool take_entry(struct csv_split *s)
{
    size_t size = s->parser.entry_size;

    if (size > s->entry) {
        if (!account_take(s->account, size - s->entry))
            return no_room(s, true);
        s->entry = size;
    }
    return !s->full;
}

enum csv_fed csv_split_feed(struct csv_split *s, const char *text, size_t len)
{
    for (;;) {
        size_t n = csv_parse(&s->parser, text, len, on_cell, on_record, s);
        if (s->no_memory)
            return CSV_FED_NO_MEMORY;
        if (n == len)
            return take_entry(s) ? CSV_FED : CSV_FED_FULL;
        if (csv_error(&s->parser) != CSV_EPARSE)
            return CSV_FED_NO_MEMORY;
        if (s->parser.quoted)
            return CSV_FED_STRAY;
        if (!take_quote(s, text + n))
            return CSV_FED_NO_MEMORY;
        text += n + 1;
        len -= n + 1;
    }
}

enum csv_fed csv_split_end(struct csv_split *s)
{
    int failed = csv_fini(&s->parser, on_cell, on_record, s);

    if (s->no_memory)
        return CSV_FED_NO_MEMORY;
    if (s->full)
        return CSV_FED_FULL;
    return failed ? CSV_FED_STRAY : CSV_FED;
}

bool csv_split_quoted(const struct csv_split *s)
{
    return s->parser.quoted;
}

bool csv_split_too_long(const struct csv_split *s)
{
    return s->too_long || s->parser.entry_pos > s->cell_max;
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

const char *csv_version(void)
{
    return TEXT(CSV_MAJOR) "." TEXT(CSV_MINOR) "." TEXT(CSV_RELEASE);
}
