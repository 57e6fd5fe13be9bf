/* csv_split: what is written by the rules comes back, however it is fed. The
 * reader's own tests (csv_test.c) have the files. */
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
};

static void make_cell(struct buf *cell)
{
    static const char bytes[] = "\"\",;\t\r\n  ab\xC3\xA9|";

    for (unsigned len = draw(CELL_MOST); len; len--)
        assert_true(buf_putc(cell, bytes[draw(sizeof bytes - 1)]));
}

/* Quoted, or as it is where it may be. */
static void write_cell(struct buf *text, const struct buf *cell)
{
    bool plain = cell->len && !strpbrk(cell->data, "\",;\t\r\n |");

    if (plain && draw(2)) {
        buf_add(text, cell->data, cell->len);
        return;
    }
    buf_puts(text, draw(4) ? "\"" : " \"");
    for (size_t i = 0; i < cell->len; i++) {
        buf_putc(text, cell->data[i]);
        if (cell->data[i] == '"')
            buf_putc(text, '"');
    }
    buf_puts(text, draw(4) ? "\"" : "\"  ");
}

static void make_record(struct record *r, char separator)
{
    *r = (struct record){.n = 1 + draw(CELLS_MOST)};
    for (size_t i = 0; i < r->n; i++) {
        make_cell(&r->cells[i]);
        if (i)
            buf_putc(&r->text, separator);
        write_cell(&r->text, &r->cells[i]);
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

static void check(struct csv_split *s, const struct record *r)
{
    assert_true(s->ended && !s->more && !s->too_long);
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
        make_record(&r, separator);
        csv_split_by(&s, separator);
        csv_split_begin(&s);
        feed_in_pieces(&s, &r.text);
        check(&s, &r);
        free_record(&r);
    }
    csv_split_fini(&s);
    assert_int_equal(account.used, 0);
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
    assert_true(csv_split_quoted(&s));
    assert_int_equal(csv_split_end(&s), CSV_FED_STRAY);
    csv_split_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_and_read),
        cmocka_unit_test(test_inch_mark),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
