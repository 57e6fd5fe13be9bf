#include "report/plan_table.h"

#include "base/escape.h"
#include "base/utf8.h"
#include "report/plan_look.h"
#include "terminal/column.h"
#include "terminal/wrapped.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

enum {
    ALIKE_SHOWN = 4, // of rows like each other, before they are folded
    CODE_MAX = 28,   // characters of a code that are shown
    WORDS_MIN = 24,  // columns that words need beside the others
    INDENT = 6,      // of words that stand below
    STOCK_WIDTH = 7, // "let go"
};

struct widths {
    int line, item, code;
    bool one_file; // the line number says it all
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

static const char *place_of(
    const struct plan_line *line, const struct widths *widths)
{
    return widths->one_file ? number_of(line->at) : line->at;
}

static struct widths measure(const struct plan_book *book)
{
    struct widths w = {4, 4, 8, true};

    if (book->len)
        w.one_file = !strstr(book->lines[0].at, ".lua:"); // no row's line
    for (size_t i = 1; i < book->len; i++)
        w.one_file &= same_file(book->lines[0].at, book->lines[i].at);
    for (size_t i = 0; i < book->len; i++) {
        const struct plan_line *line = &book->lines[i];
        w.line = larger(w.line, column_width(place_of(line, &w)));
        w.item = larger(w.item, column_width(line->item));
        w.code = larger(w.code, column_width(line->code));
    }
    w.code = w.code > CODE_MAX ? CODE_MAX : w.code;
    return w;
}

static const char *release_words(const struct plan_line *line)
{
    return line->update_stock ? "release" : "release, keep the stock";
}

/* What stands in the last column. */
static bool put_would(const struct plan_line *line, struct buf *out)
{
    static const char *const heads[PLAN_WOULDS] = {
        [PLAN_RESEND] = "release once more: ",
        [PLAN_ALREADY] = "already",
        [PLAN_TAKE_BACK] = "as confirmed before: ",
        [PLAN_CONFLICT] = "conflict: ",
        [PLAN_REJECTED] = "rejected before: ",
        [PLAN_UNKNOWN] = "unknown: ",
        [PLAN_SKIP] = "skip: ",
        [PLAN_WAIT] = "wait: ",
        [PLAN_INVALID] = "invalid: ",
        [PLAN_FAILED] = "failed: ",
    };
    bool would = strncmp(line->words, "would ", 6) == 0;

    if (line->would == PLAN_RELEASE)
        return buf_puts(out, release_words(line)) &&
               (!line->words[0] || buf_printf(out, " (%s)", line->words));
    if (line->would == PLAN_ALREADY)
        return buf_puts(out, heads[line->would]);
    return (would || buf_puts(out, heads[line->would])) &&
           buf_puts(out, line->words);
}

static bool put_line(const struct plan_table *table,
    const struct plan_line *line, const struct widths *w, struct buf *out)
{
    struct buf would = {0};
    int at = 1 + w->line + 2 + w->item + 2 + w->code + 2 + STOCK_WIDTH + 1;
    bool below = at + WORDS_MIN > table->columns;
    const char *stock = !line->has_stock     ? ""
                        : line->update_stock ? "let go"
                                             : "keep";
    bool ok =
        buf_putc(out, ' ') &&
        column_put(out, place_of(line, w), w->line, true) &&
        buf_puts(out, "  ") && column_put(out, line->item, w->item, false) &&
        buf_puts(out, "  ") && column_put(out, line->code, w->code, false) &&
        buf_puts(out, "  ") && column_put(out, stock, STOCK_WIDTH, false) &&
        buf_putc(out, ' ');

    if (below) {
        at = INDENT;
        ok = ok && buf_printf(out, "\n%*s", at, "");
    }
    ok = ok && put_would(line, &would) &&
         column_put_words(out, buf_text(&would), at, table->columns) &&
         buf_putc(out, '\n');
    buf_free(&would);
    return ok;
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

/* Where the rows like the one at `at` end. */
static size_t alike_end(const struct plan_book *book, size_t at)
{
    size_t end = at;

    while (end < book->len && alike(&book->lines[at], &book->lines[end]))
        end++;
    return end;
}

static const char *fold_word(
    const struct plan_book *book, size_t from, size_t to)
{
    bool release = false, already = false;

    if (!is_dull(&book->lines[from]))
        return "like this";
    for (size_t i = from; i < to; i++) {
        release |= book->lines[i].would == PLAN_RELEASE;
        already |= book->lines[i].would == PLAN_ALREADY;
    }
    return release && already ? "to release or released already"
           : release          ? "to release"
                              : "already released";
}

static bool put_lines(const struct plan_table *table, struct buf *out)
{
    struct plan_book *book = table->book;
    struct widths w = measure(book);
    size_t end = 0, from = 0;
    bool ok =
        book->len == 0 ||
        (buf_putc(out, ' ') &&
            column_put(
                out, w.one_file ? "line" : "where", w.line, w.one_file) &&
            buf_puts(out, "  ") && column_put(out, "item", w.item, false) &&
            buf_puts(out, "  ") && column_put(out, "ERP line", w.code, false) &&
            buf_puts(out, "  stock   would\n"));

    for (size_t i = 0; ok && i < book->len; i++) {
        if (i >= end) {
            from = i;
            end = alike_end(book, i);
        }
        bool fold = !table->all && i >= from + ALIKE_SHOWN && i < end &&
                    end - from > ALIKE_SHOWN + 1;
        if (!fold) {
            ok = put_line(table, &book->lines[i], &w, out);
            continue;
        }
        ok = buf_printf(out, "  ... %zu more %s (--all shows them)\n", end - i,
            fold_word(book, i, end));
        i = end - 1;
    }
    return ok &&
           (!book->more || buf_printf(out, "  ... and %zu more, only counted\n",
                               book->more));
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

bool plan_table_put(const struct plan_table *table, struct buf *out)
{
    size_t from = out->len;

    plan_book_sort(table->book);
    struct buf words = {0};
    bool ok = put_lines(table, out) && plan_look_totals(table, &words) &&
              plan_look_put(table, &words) &&
              wrapped_put(out, buf_text(&words), (size_t)table->columns);
    buf_free(&words);
    disarm(out, from);
    return ok;
}

static bool put_json(const struct plan_line *row, struct buf *out)
{
    bool ok = buf_putc(out, '{') && json_put_member_text(out, "at", row->at) &&
              json_put_member_text(out, "name", row->name);

    if (ok && row->item[0])
        ok = json_put_name(out, "order_item_id") &&
             (strspn(row->item, "0123456789") == strlen(row->item)
                     ? buf_puts(out, row->item)
                     : json_put_string(out, row->item, strlen(row->item)));
    else
        ok = ok && json_put_member_null(out, "order_item_id");
    ok = ok && (row->code[0] ? json_put_member_text(out, "code", row->code)
                             : json_put_member_null(out, "code"));
    ok = ok && (row->has_stock ? json_put_member_bool(
                                     out, "update_stock", row->update_stock)
                               : json_put_member_null(out, "update_stock"));
    return ok && json_put_member_text(out, "would", plan_word(row->would)) &&
           json_put_member_text(out, "message", row->words) &&
           buf_puts(out, "}\n");
}

bool plan_table_json(struct plan_book *book, struct buf *out)
{
    bool ok = true;

    plan_book_sort(book);
    for (size_t i = 0; ok && i < book->len; i++)
        ok = put_json(&book->lines[i], out);
    return ok;
}
