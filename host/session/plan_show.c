#include "session/plan_show.h"

#include "base/escape.h"
#include "base/utf8.h"
#include "cli/show.h"
#include "terminal/column.h"
#include "json/json.h"

#include <string.h>

enum {
    ALIKE_SHOWN = 4, // of rows like each other, before they are folded
    CODE_MAX = 28,   // characters of a code that are shown
    CODES_SHOWN = 3, // of those that stand for several items
    FAILING_MAX = 50 // lines of a script whose failures are counted
};

struct widths {
    int line, item, code;
    bool one_file; // the line number says it all
    bool named;    // of no file: a row's name says more than its number
};

static const char *number_of(const char *at)
{
    const char *colon = strrchr(at, ':');

    return colon ? colon + 1 : strncmp(at, "row ", 4) == 0 ? at + 4 : at;
}

static bool same_file(const char *a, const char *b)
{
    size_t n = (size_t)(number_of(a) - a), m = (size_t)(number_of(b) - b);

    return n == m && memcmp(a, b, n) == 0;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static bool is_row(const struct plan_line *line)
{
    return strncmp(line->at, "row ", 4) == 0 && line->name[0];
}

static const char *place_of(
    const struct plan_line *line, const struct widths *widths)
{
    if (widths->named)
        return line->name;
    return widths->one_file ? number_of(line->at) : line->at;
}

static struct widths measure(const struct plan_book *book)
{
    struct widths w = {4, 4, 8, true, book->len > 0};

    if (book->len)
        w.one_file = !strstr(book->lines[0].at, ".lua:"); // no row's line
    for (size_t i = 0; i < book->len; i++)
        w.named &= is_row(&book->lines[i]);
    for (size_t i = 1; i < book->len; i++)
        w.one_file &= same_file(book->lines[0].at, book->lines[i].at);
    for (size_t i = 0; i < book->len; i++) {
        const struct plan_line *line = &book->lines[i];
        w.line = larger(w.line, column_width(place_of(line, &w)));
        w.item = larger(w.item, column_width(line->item));
        w.code = larger(w.code, column_width(line->code));
    }
    w.code = w.code > CODE_MAX ? CODE_MAX : w.code;
    if (w.named && w.line > CODE_MAX)
        w.line = CODE_MAX;
    return w;
}

static bool is_dull(const struct plan_line *line)
{
    return !line->words[0] &&
           (line->would == PLAN_RELEASE || line->would == PLAN_ALREADY);
}

static bool alike(const struct plan_line *a, const struct plan_line *b)
{
    return (is_dull(a) && is_dull(b)) ||
           (a->would == b->would && strcmp(a->words, b->words) == 0);
}

/* The rows that fail at one line of the script, which is for one reason,
 * wherever in the input they are. */
struct failing {
    const char *where;
    size_t rows, seen;
};

struct failures {
    struct failing at[FAILING_MAX];
    size_t len;
};

/* NULL: it does not fail at a line, or at one too many. */
static struct failing *failing_at(
    struct failures *failures, const struct plan_line *line)
{
    size_t i = 0;

    if (line->would != PLAN_FAILED || !line->where[0])
        return NULL;
    while (i < failures->len && strcmp(failures->at[i].where, line->where) != 0)
        i++;
    if (i == FAILING_MAX)
        return NULL;
    if (i == failures->len)
        failures->at[failures->len++] = (struct failing){line->where, 0, 0};
    return &failures->at[i];
}

static void count_failures(
    const struct plan_book *book, struct failures *failures)
{
    for (size_t i = 0; i < book->len; i++) {
        struct failing *failing = failing_at(failures, &book->lines[i]);
        if (failing)
            failing->rows++;
    }
}

/* Where the rows like the one at `at` end. */
static size_t alike_end(const struct plan_book *book, size_t at)
{
    size_t end = at;

    while (end < book->len && alike(&book->lines[at], &book->lines[end]))
        end++;
    return end;
}

/* An item's digits as the number they are; "007" is none, nor is one of more
 * than 64 bits. */
static bool put_item(struct buf *out, const char *item)
{
    struct json_value value;
    struct error ignored;
    int64_t number;
    size_t len = strlen(item);
    bool is_number = strspn(item, "0123456789") == len &&
                     json_parse(item, len, &value, &ignored) &&
                     json_integer(&value, &number);

    return json_put_name(out, "order_item_id") &&
           (is_number ? buf_puts(out, item) : json_put_string(out, item, len));
}

static bool put_row(const struct plan_line *row, struct buf *out)
{
    bool ok = buf_putc(out, '{') && json_put_member_text(out, "at", row->at) &&
              json_put_member_text(out, "name", row->name) &&
              (row->item[0] ? put_item(out, row->item)
                            : json_put_member_null(out, "order_item_id"));

    ok = ok && (row->code[0] ? json_put_member_text(out, "code", row->code)
                             : json_put_member_null(out, "code"));
    ok = ok && (row->has_stock ? json_put_member_bool(
                                     out, "update_stock", row->update_stock)
                               : json_put_member_null(out, "update_stock"));
    return ok && json_put_member_text(out, "would", plan_word(row->would)) &&
           json_put_member_text(out, "message", row->words) &&
           (row->body ? json_put_member_text(out, "body", row->body)
                      : json_put_member_null(out, "body")) &&
           buf_puts(out, "}\n");
}

bool plan_show_json(struct plan_book *book, struct buf *out)
{
    bool ok = true;

    plan_book_sort(book);
    for (size_t i = 0; ok && i < book->len; i++)
        ok = put_row(&book->lines[i], out);
    return ok;
}

/* A record on its way; whoever made it has no memory when `ok` is false. */
static bool give(
    struct show *show, struct buf *record, bool ok, struct error *err)
{
    ok = (ok || error_memory(err)) && show_record(show, record, err);
    buf_clear(record);
    return ok;
}

static bool show_row(struct show *show, struct plan_line *row,
    struct buf *record, struct error *err)
{
    char *const texts[] = {
        row->at, row->name, row->item, row->code, row->words, row->body};

    for (size_t i = 0; i < sizeof texts / sizeof *texts && texts[i]; i++)
        utf8_mend(texts[i], strlen(texts[i])); // not JSON's U+FFFD
    return give(show, record, put_row(row, record), err);
}

/* Rows like those shown before, which are only counted: from `at` to `end`. */
static bool show_fold(struct show *show, const struct plan_book *book,
    size_t at, size_t end, struct buf *record, struct error *err)
{
    bool dull = is_dull(&book->lines[at]), release = false, already = false;

    for (size_t i = at; dull && i < end; i++) {
        release |= book->lines[i].would == PLAN_RELEASE;
        already |= book->lines[i].would == PLAN_ALREADY;
    }
    bool ok = buf_printf(record, "{\"folded\":%zu", end - at) &&
              json_put_member_bool(record, "release", release) &&
              json_put_member_bool(record, "already", already) &&
              buf_putc(record, '}');
    return give(show, record, ok, err);
}

/* The first ones, and how many more there are. */
static bool show_failing(struct show *show, struct plan_line *line,
    struct failing *failing, struct buf *record, struct error *err)
{
    size_t nth = failing->seen++;

    if (nth < ALIKE_SHOWN || failing->rows <= ALIKE_SHOWN + 1)
        return show_row(show, line, record, err);
    if (nth > ALIKE_SHOWN)
        return true;
    bool ok = buf_printf(record, "{\"folded\":%zu", failing->rows - nth) &&
              json_put_member_text(record, "failing", failing->where) &&
              buf_putc(record, '}');
    return give(show, record, ok, err);
}

static bool show_rows(struct show *show, const struct plan_show *s,
    struct buf *record, struct error *err)
{
    struct plan_book *book = s->book;
    struct failures failures = {.len = 0};
    size_t end = 0, from = 0;
    bool ok = true;

    if (!s->all)
        count_failures(book, &failures);
    for (size_t i = 0; ok && i < book->len; i++) {
        struct failing *failing =
            s->all ? NULL : failing_at(&failures, &book->lines[i]);
        if (failing) {
            ok = show_failing(show, &book->lines[i], failing, record, err);
            continue;
        }
        if (i >= end) {
            from = i;
            end = alike_end(book, i);
        }
        if (s->all || i < from + ALIKE_SHOWN || end - from <= ALIKE_SHOWN + 1) {
            ok = show_row(show, &book->lines[i], record, err);
            continue;
        }
        ok = show_fold(show, book, i, end, record, err);
        i = end - 1;
    }
    return ok;
}

static bool put_numbers(const struct plan_show *s, struct buf *out)
{
    const struct plan_book *book = s->book;
    const struct script_rows *r = s->rows;
    const struct {
        const char *name;
        int64_t n;
    } numbers[] = {{"rows", r->rows}, {"later", r->later - book->writes},
        {"failed", r->failed}, {"invalid", r->invalid},
        {"writes", book->writes}, {"keep_stock", book->keep_stock},
        {"ruined", book->ruined}, {"undone", book->undone},
        {"doubtful", book->doubtful}, {"only_counted", (int64_t)book->more},
        {"unread", s->unread_rows}, {"unknown", s->unknown},
        {"refused", s->refused}, {"not_compared", plan_unnoted_count(s->plan)},
        {"repeated_codes", plan_repeated_count(s->plan)}};
    bool ok = true;

    for (size_t i = 0; ok && i < sizeof numbers / sizeof *numbers; i++)
        ok = json_put_member_int(out, numbers[i].name, numbers[i].n);
    return ok;
}

static bool put_would(const struct plan_book *book, struct buf *out)
{
    bool ok = json_put_name(out, "would") && buf_putc(out, '{');

    for (enum plan_would i = 0; ok && i < PLAN_WOULDS; i++)
        ok = json_put_member_int(out, plan_word(i), book->by_would[i]);
    return ok && buf_putc(out, '}');
}

static bool put_repeated(struct plan *plan, struct buf *out)
{
    struct plan_code codes[CODES_SHOWN];
    size_t len = plan_repeated(plan, codes, CODES_SHOWN);
    bool ok = json_put_name(out, "repeated") && buf_putc(out, '[');

    for (size_t i = 0; ok && i < len; i++)
        ok = json_put_comma(out) && buf_putc(out, '{') &&
             json_put_member_text(out, "code", codes[i].code) &&
             json_put_member_int(out, "items", codes[i].items) &&
             json_put_member_int(out, "first", codes[i].first) &&
             json_put_member_int(out, "second", codes[i].second) &&
             buf_putc(out, '}');
    return ok && buf_putc(out, ']');
}

static bool put_notes(const struct plan_book *book, struct buf *out)
{
    bool ok = json_put_name(out, "notes") && buf_putc(out, '[');

    for (size_t i = 0; ok && i < book->note_count; i++) {
        size_t len = strlen(book->notes[i]);
        utf8_mend(book->notes[i], len);
        ok = json_put_comma(out) && json_put_string(out, book->notes[i], len);
    }
    return ok && buf_putc(out, ']');
}

static bool show_totals(struct show *show, const struct plan_show *s,
    struct buf *record, struct error *err)
{
    bool ok = buf_putc(record, '{') && put_would(s->book, record) &&
              put_numbers(s, record) && put_repeated(s->plan, record) &&
              put_notes(s->book, record) &&
              json_put_member_text(record, "c_modules", s->c_modules) &&
              json_put_member_bool(record, "left_alone", s->left_alone) &&
              json_put_member_bool(
                  record, "short_of_memory", s->book->short_of_memory) &&
              buf_putc(record, '}');

    return give(show, record, ok, err);
}

static bool put_view(const struct plan_show *s, struct buf *view)
{
    struct widths w = measure(s->book);

    return buf_putc(view, '{') &&
           json_put_member_int(view, "columns", s->columns) &&
           json_put_member_int(view, "where", w.line) &&
           json_put_member_int(view, "item", w.item) &&
           json_put_member_int(view, "code", w.code) &&
           json_put_member_bool(view, "one_file", w.one_file) &&
           json_put_member_bool(view, "named", w.named) &&
           json_put_member_bool(view, "typed", s->typed) &&
           json_put_member_bool(view, "verbose", s->verbose) &&
           json_put_member_text(view, "open", s->open) && buf_putc(view, '}');
}

/* What is in the data is not the terminal's to obey. */
static void disarm(struct buf *out, size_t from)
{
    uint32_t point = 0;

    while (from < out->len) {
        size_t len = utf8_read(out->data + from, out->len - from, &point);
        bool plain = len && (!escape_is_odd(point) || point == '\n');
        len = len ? len : 1;
        if (!plain)
            memset(out->data + from, '?', len);
        from += len;
    }
}

static bool show_all(
    const struct plan_show *s, struct buf *out, struct error *err)
{
    struct buf view = {0}, record = {0};
    bool ok = put_view(s, &view) || error_memory(err);
    struct show *show = ok ? show_open("plan", &view, out, err) : NULL;

    ok = show && show_rows(show, s, &record, err) &&
         show_totals(show, s, &record, err) && show_end(show, err);
    show_close(show);
    buf_free(&view);
    buf_free(&record);
    return ok;
}

bool plan_show_text(
    const struct plan_show *s, struct buf *out, struct error *err)
{
    size_t from = out->len;

    plan_book_sort(s->book);
    bool ok = show_all(s, out, err);
    if (!s->typed)
        disarm(out, from);
    return ok;
}
