#include "net/transfer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A Date of second 1000 is true from 1000000 to 1000999 ms; the clock showed
 * `from` before the request and `to` after the reply. */
static void test_only_what_is_certain(void **state)
{
    static const struct {
        int64_t from, to, ahead;
    } rows[] = {
        {1000000, 1000000, 0},
        {1000999, 1001500, 0},
        {999000, 1000000, 0},
        {990000, 1100000, 0},
        {1001000, 1001200, 1},
        {1004600, 1004700, 3601},
        {4600000, 4600100, 3599001},
        {999000, 999999, -1},
        {-2600000, -2599000, -3599000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(
            transfer_ahead_of(1000, rows[i].from, rows[i].to), rows[i].ahead);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_is_certain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
