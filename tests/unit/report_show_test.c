/* What report says of a record, as a terminal and as a page have it, against
 * files of tests/unit/report: NAME.json is what --json gave; NAME.80 the text
 * for so many columns, NAME.ascii that without block elements, NAME.html the
 * page, without its style. A week by hours, and 40 days by weeks; host, codes,
 * words and names that are markup or control a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/exit_code.h"
#include "cli/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void read_file(const char *name, const char *end, struct buf *out)
{
    char path[100], piece[4096];
    size_t n;

    snprintf(path, sizeof path, "tests/unit/report/%s.%s", name, end);
    FILE *file = fopen(path, "re");
    if (!file)
        fail_msg("cannot read %s", path);
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        assert_true(buf_add(out, piece, n));
    fclose(file);
}

/* Whether the module makes what the file has. */
static void check(const char *module, const char *name, const char *end,
    int columns, bool blocks)
{
    struct buf view = {0}, record = {0}, wanted = {0}, out = {0};
    struct error err = {0};

    read_file(name, "json", &record);
    read_file(name, end, &wanted);
    assert_true(buf_printf(&view,
        "{\"columns\":%d,\"blocks\":%s,\"path\":\"%s.db\",\"named\":"
        "\" --journal %s.db\",\"version\":\"0.2.0\",\"style\":\"\"}",
        columns, blocks ? "true" : "false", name, name));
    if (!show_once(module, &view, &record, &out, &err))
        fail_msg("%s", err.text);
    assert_string_equal(buf_text(&out), buf_text(&wanted));
    buf_free(&view);
    buf_free(&record);
    buf_free(&wanted);
    buf_free(&out);
}

static void texts(void **state)
{
    (void)state;
    check("report", "days", "40", 40, true);
    check("report", "days", "80", 80, true);
    check("report", "days", "200", 200, true);
    check("report", "days", "ascii", 80, false);
    check("report", "weeks", "40", 40, true);
    check("report", "weeks", "80", 80, true);
    check("report", "weeks", "200", 200, true);
}

static void pages(void **state)
{
    (void)state;
    check("report_page", "days", "html", 80, true);
    check("report_page", "weeks", "html", 80, true);
}

/* A moment that a damaged journal has is shown as it is. */
static void odd_moments(void **state)
{
    struct buf view = {0}, record = {0}, out = {0};
    struct error err = {0};
    const char *year = NULL;

    (void)state;
    read_file("days", "json", &record);
    for (char *at = record.data; (at = strstr(at, "\"last_at\":\"2026")); at++)
        memcpy(at + strlen("\"last_at\":\""), "+026", 4);
    assert_true(buf_puts(&view,
        "{\"columns\":80,\"blocks\":true,\"path\":\"\",\"named\":\"\","
        "\"version\":\"\",\"style\":\"\"}"));
    if (!show_once("report_page", &view, &record, &out, &err))
        fail_msg("%s", err.text);
    year = strstr(buf_text(&out), "<td class=\"line\">+026-11-");
    assert_non_null(year);
    buf_free(&view);
    buf_free(&record);
    buf_free(&out);
}

enum { BRIEF_MAX = 30 }; // what a line has room for at 80 columns

static void exits_fit(void **state)
{
    (void)state;
    for (const struct exit_row *row = exit_rows; row->meaning; row++)
        if (strlen(row->brief) > BRIEF_MAX)
            fail_msg("%d: \"%s\" is too long", row->code, row->brief);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(pages),
        cmocka_unit_test(odd_moments),
        cmocka_unit_test(exits_fit),
    };

    setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
