/* csv_split: what is written by the rules comes back, and where a piece ends
 * never shows. The reader's own tests (csv_test.c) have the files. */
#include "csv/csv_split.h"

#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 20000, CELLS_MOST = 6, CELL_MOST = 12 };

static unsigned state;

static unsigned draw(unsigned below)
{
    state = state * 1103515245 + 12345;
    return (state >> 16) % below;
}

struct record {
    size_t n;
    struct buf cells[CELLS_MOST];
    struct buf text; // as it is written
    long lines;      // that it has begun
    struct csv_quote quote;
};

static void make_cell(struct buf *cell)
{
    static const char bytes[] = "\"\",;\t\r\n  ab\xC3\xA9|";

    for (unsigned len = draw(CELL_MOST); len; len--)
        assert_true(buf_putc(cell, bytes[draw(sizeof bytes - 1)]));
}

static void note_quote(struct record *r, size_t i)
{
    long ends = 0;

    for (size_t at = 0; at < r->cells[i].len; at++)
        ends += r->cells[i].data[at] == '\n';
    if (r->quote.line == 0 || ends > r->quote.ends)
        r->quote =
            (struct csv_quote){.cell = i, .line = r->lines, .ends = ends};
    r->lines += ends;
}

/* Quoted, or as it is where it may be. */
static void write_cell(struct record *r, size_t at)
{
    struct buf *text = &r->text, *cell = &r->cells[at];
    bool plain = cell->len && !strpbrk(cell->data, "\",;\t\r\n |");

    if (plain && draw(2)) {
        buf_add(text, cell->data, cell->len);
        return;
    }
    note_quote(r, at);
    buf_puts(text, draw(4) ? "\"" : " \"");
    for (size_t i = 0; i < cell->len; i++) {
        buf_putc(text, cell->data[i]);
        if (cell->data[i] == '"')
            buf_putc(text, '"');
    }
    buf_puts(text, draw(4) ? "\"" : "\"  ");
}

static void make_record(struct record *r, char separator, long line)
{
    *r = (struct record){.n = 1 + draw(CELLS_MOST), .lines = line};
    for (size_t i = 0; i < r->n; i++) {
        make_cell(&r->cells[i]);
        if (i)
            buf_putc(&r->text, separator);
        write_cell(r, i);
    }
    buf_puts(&r->text, draw(2) ? "\n" : "\r\n");
}

static void free_record(struct record *r)
{
    for (size_t i = 0; i < r->n; i++)
        buf_free(&r->cells[i]);
    buf_free(&r->text);
}

static void feed_in_pieces(struct csv_split *s, const struct buf *text)
{
    for (size_t at = 0; at < text->len;) {
        size_t len = 1 + draw((unsigned)(text->len - at));
        assert_int_equal(csv_split_feed(s, text->data + at, len), CSV_FED);
        at += len;
    }
}

static void check_quote(const struct csv_quote *a, const struct csv_quote *b)
{
    assert_int_equal(a->cell, b->cell);
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->ends, b->ends);
}

static void check(struct csv_split *s, const struct record *r)
{
    check_quote(&s->quote, &r->quote);
    assert_int_equal(s->line, r->lines + 1);
    assert_true(s->ended && !s->more);
    assert_int_equal(csv_split_end(s), CSV_FED);
    assert_int_equal(s->n, r->n);
    csv_split_place(s);
    for (size_t i = 0; i < r->n; i++) {
        assert_int_equal(s->cells[i].len, r->cells[i].len);
        assert_memory_equal(
            s->cells[i].text, buf_text(&r->cells[i]), r->cells[i].len);
    }
}

static void test_written_and_read(void **unused)
{
    static const char separators[] = ",;\t|";
    struct account account = {.most = 1 << 20};
    struct csv_split s;

    (void)unused;
    state = (unsigned)seed_take(1);
    csv_split_init(&s, false, 100, &account);
    for (int round = 0; round < ROUNDS; round++) {
        char separator = separators[draw(4)];
        struct record r;
        make_record(&r, separator, s.line);
        csv_split_by(&s, (const char[]){separator, '\0'});
        csv_split_begin(&s);
        feed_in_pieces(&s, &r.text);
        check(&s, &r);
        free_record(&r);
    }
    csv_split_fini(&s);
    assert_int_equal(account.used, 0);
}

/* As far as the first record goes wrong, or the text ends. */
static enum csv_fed feed_all(
    struct csv_split *s, const char *text, size_t len, bool in_pieces)
{
    enum csv_fed fed = CSV_FED;
    size_t at = 0;

    csv_split_begin(s);
    while (fed == CSV_FED && at < len) {
        size_t n = in_pieces ? 1 + draw((unsigned)(len - at)) : len;
        fed = csv_split_feed(s, text + at, n);
        at += n;
    }
    return fed == CSV_FED ? csv_split_end(s) : fed;
}

static void check_same(struct csv_split *a, struct csv_split *b)
{
    assert_true(a->ended == b->ended && a->more == b->more);
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->cell_line, b->cell_line);
    check_quote(&a->quote, &b->quote);
    assert_int_equal(a->n, b->n);
    csv_split_place(a);
    csv_split_place(b);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->cells[i].len, b->cells[i].len);
        assert_memory_equal(
            a->cells[i].text, b->cells[i].text, a->cells[i].len);
    }
}

static void test_pieces(void **unused)
{
    static const char bytes[] = "\"\"\"\",,,;\t\r\n\n  ab\xC3\xA9|";
    char text[40];

    (void)unused;
    state = (unsigned)seed_take(1);
    for (int round = 0; round < ROUNDS * 5; round++) {
        size_t len = draw(sizeof text), most = draw(3) ? 100 : 1 + draw(6);
        bool keep_space = draw(2);
        struct csv_split whole, pieces;
        csv_split_init(&whole, keep_space, most, NULL);
        csv_split_init(&pieces, keep_space, most, NULL);
        for (size_t i = 0; i < len; i++)
            text[i] = bytes[draw(sizeof bytes)]; // and NUL
        assert_int_equal(feed_all(&whole, text, len, false),
            feed_all(&pieces, text, len, true));
        check_same(&whole, &pieces);
        csv_split_fini(&whole);
        csv_split_fini(&pieces);
    }
}

static void test_inch_mark(void **unused)
{
    static const char line[] = "screw 3\", \"3\"\"\" ,a\"b\"\n";
    struct csv_split s;

    (void)unused;
    csv_split_init(&s, false, 100, NULL);
    csv_split_begin(&s);
    assert_int_equal(csv_split_feed(&s, line, strlen(line)), CSV_FED);
    csv_split_place(&s);
    assert_int_equal(s.n, 3);
    assert_memory_equal(s.cells[0].text, "screw 3\"", s.cells[0].len);
    assert_memory_equal(s.cells[1].text, "3\"", s.cells[1].len);
    assert_memory_equal(s.cells[2].text, "a\"b\"", s.cells[2].len);
    csv_split_begin(&s);
    assert_int_equal(csv_split_feed(&s, "\"a\" b", 5), CSV_FED_STRAY);
    csv_split_begin(&s);
    assert_int_equal(csv_split_feed(&s, "\"a\n", 3), CSV_FED);
    assert_true(csv_split_open(&s));
    assert_int_equal(csv_split_end(&s), CSV_FED_STRAY);
    csv_split_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_and_read),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_inch_mark),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
