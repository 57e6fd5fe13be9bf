#include "history/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const int64_t hour = 60 * 60 * 1000;

static void zone(const char *name)
{
    setenv("TZ", name, 1);
    tzset();
}

static int64_t at(int year, int month, int day, int h, int min)
{
    struct tm tm = {.tm_year = year - 1900,
        .tm_mon = month - 1,
        .tm_mday = day,
        .tm_hour = h,
        .tm_min = min,
        .tm_isdst = -1};

    return (int64_t)mktime(&tm) * 1000;
}

/* Whatever the stretch: cells in order, each found, spans that hold all. */
static void check(const struct calendar *c)
{
    size_t cells = 0;

    assert_true(c->cell_count > 0 && c->cells[0].from == c->from);
    for (size_t i = 0; i < c->cell_count; i++) {
        const struct calendar_cell *cell = &c->cells[i];

        assert_true(i == 0 || cell->from > cell[-1].from);
        assert_int_equal(calendar_find(c, cell->from), i);
        if (i > 0)
            assert_int_equal(calendar_find(c, cell->from - 1), i - 1);
        assert_in_range(cell->row, 0, c->rows - 1);
        assert_in_range(cell->column, 0, c->columns - 1);
        assert_true(i == 0 || cell->row > cell[-1].row ||
                    cell->column > cell[-1].column);
    }
    for (size_t i = 0; i < c->span_count; i++) {
        assert_int_equal(c->spans[i].first, cells);
        assert_true(c->spans[i].len > 0);
        cells += c->spans[i].len;
    }
    assert_int_equal(cells, c->cell_count);
    assert_int_equal(calendar_find(c, INT64_MIN), 0);
    assert_int_equal(calendar_find(c, INT64_MAX), c->cell_count - 1);
}

struct row {
    int days;
    enum calendar_unit cell, span;
    size_t cells, spans; // at 15:30 on Wednesday 2025-11-26, in UTC
};

static void scales(void **state)
{
    static const struct row rows[] = {
        {0, CALENDAR_HOUR, CALENDAR_HOUR, 1, 1},
        {1, CALENDAR_HOUR, CALENDAR_HOUR, 25, 25},
        {7, CALENDAR_HOUR, CALENDAR_DAY, 7 * 24 + 16, 8},
        {31, CALENDAR_HOUR, CALENDAR_DAY, 31 * 24 + 16, 32},
        {32, CALENDAR_DAY, CALENDAR_WEEK, 38, 6},
        {365, CALENDAR_DAY, CALENDAR_WEEK, 367, 53},
        {401, CALENDAR_DAY, CALENDAR_MONTH, 422, 14},
    };

    (void)state;
    zone("UTC");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t to = at(2025, 11, 26, 15, 30);
        struct calendar c;

        assert_true(calendar_init(&c, to - rows[i].days * 24 * hour, to));
        check(&c);
        assert_int_equal(c.cell, rows[i].cell);
        assert_int_equal(c.span, rows[i].span);
        assert_int_equal(c.cell_count, rows[i].cells);
        assert_int_equal(c.span_count, rows[i].spans);
        calendar_fini(&c);
    }
}

/* The day on which the clock goes forward has 23 cells, the one on which it
 * goes back 24, one of them two hours long. */
static void changes_of_the_clock(void **state)
{
    struct calendar c;

    (void)state;
    zone("Europe/Berlin");
    assert_true(
        calendar_init(&c, at(2025, 3, 28, 12, 0), at(2025, 3, 31, 12, 0)));
    check(&c);
    assert_int_equal(c.spans[2].len, 23);
    assert_int_equal(c.spans[3].len, 13);
    calendar_fini(&c);
    assert_true(
        calendar_init(&c, at(2025, 10, 24, 12, 0), at(2025, 10, 27, 12, 0)));
    check(&c);
    assert_int_equal(c.spans[2].len, 24);
    assert_true(
        c.cells[c.spans[3].first].from - c.cells[c.spans[2].first].from ==
        25 * hour);
    calendar_fini(&c);
}

/* Where a zone is a quarter of an hour off, and whatever the stretch. */
static void any_stretch(void **state)
{
    static const char *const zones[] = {"Asia/Kathmandu", "America/Sao_Paulo",
        "Pacific/Apia", "Europe/Istanbul", "Australia/Lord_Howe"};
    int64_t to = at(2019, 1, 1, 0, 0);

    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        for (int days = 0; days < 5000; days += 1 + days / 9) {
            struct calendar c;

            zone(zones[i]);
            assert_true(calendar_init(&c, to - days * 24 * hour, to));
            check(&c);
            calendar_fini(&c);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scales),
        cmocka_unit_test(changes_of_the_clock),
        cmocka_unit_test(any_stretch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
