#include "base/duration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct row {
    const char *text;
    int64_t amount; // -1: refused
};

static void check(const struct row *rows, bool (*read)(const char *, int64_t *))
{
    for (; rows->text; rows++) {
        int64_t amount = -1;
        bool ok = read(rows->text, &amount);
        if (ok != (rows->amount >= 0) || amount != rows->amount)
            fail_msg("\"%s\" was read as %lld", rows->text, (long long)amount);
    }
}

static void test_durations(void **state)
{
    static const struct row rows[] = {
        {"500ms", 500},
        {"10s", 10000},
        {"10m", 600000},
        {"24h", 86400000},
        {"7d", 604800000},
        {"2w", 1209600000},
        {"0s", 0},
        {"007s", 7000},
        {"9223372036854775807ms", INT64_MAX},
        {"9223372036854775808ms", -1},
        {"9223372036854775807s", -1},
        {"99999999999999999999999s", -1},
        {"", -1},
        {"s", -1},
        {"10", -1},
        {"10 s", -1},
        {" 10s", -1},
        {"10s ", -1},
        {"10S", -1},
        {"-1s", -1},
        {"+1s", -1},
        {"1.5h", -1},
        {"1h30m", -1},
        {"0x10s", -1},
        {NULL, 0},
    };

    (void)state;
    check(rows, duration_read);
}

static void test_sizes(void **state)
{
    static const struct row rows[] = {
        {"0", 0},
        {"4096", 4096},
        {"64K", 65536},
        {"256M", 268435456},
        {"1G", 1073741824},
        {"8589934591G", 8589934591 * 1073741824},
        {"8589934592G", -1},
        {"256m", -1},
        {"256MB", -1},
        {"256 M", -1},
        {"M", -1},
        {"", -1},
        {NULL, 0},
    };

    (void)state;
    check(rows, duration_read_size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_sizes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
