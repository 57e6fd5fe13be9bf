/* Each allocation of a report fails once, in each of its forms (where Lua makes
 * it, with the next one: Lua tries again after a collection): it says so, or is
 * the same as ever, and no block stays behind. (Who cannot look whether a
 * run holds the lock takes it that one does.)
 *
 * Links its own six of base/mem.h in place of mem.c. */
#include "../unit/journal_rig.h"

#include "base/clock.h"
#include "cli/show.h"
#include "history/tally_json.h"
#include "mem_faults.h"

enum form { TEXT, PAGE, JSON, FORMS };

static long made; // allocations of the work itself

/* A row of each state, a conflict, an input, a stop, a decision. */
static void fill(const struct rig *rig)
{
    static const enum journal_state states[] = {
        JOURNAL_CONFIRMED, JOURNAL_REJECTED, JOURNAL_UNKNOWN};
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_ask(JOURNAL_CONFLICT, 1, "X", true);
    struct error err;

    for (int i = 0; i < 3; i++) {
        rig_admit(journal, i + 1, "A<\"'");
        rig_end(journal, i + 1, states[i]);
    }
    rig_do(journal, &op);
    op = rig_ask(JOURNAL_KEEP, 9, "B", true);
    rig_do(journal, &op);
    assert_true(journal_end_run(
        journal, "{\"attempts\":3,\"stopped\":\"no answer\"}", 4, &err));
    journal_close(journal);
    rig_get(rig, "INSERT INTO input VALUES ('a.csv', 'n', '', 'failed', 'no',"
                 " '', NULL, 1, 1, 0, 99999999999999, 1) RETURNING 1");
    rig_get(rig, "INSERT INTO audit (order_item_id, at, who, what)"
                 " VALUES (1, 99999999999999, 'eva', 'settled') RETURNING 1");
}

/* False: it said that there is no memory. */
static bool put(const struct tally *tally, enum form form, struct buf *out)
{
    static const char *const names[] = {
        [TEXT] = "report", [PAGE] = "report_page"};
    struct buf view = {0}, record = {0};
    struct error err = {0};
    bool ok = tally_json_put(tally, "acme", &record) &&
              buf_puts(&view, "{\"columns\":80,\"blocks\":true,\"path\":\"j\","
                              "\"named\":\"\",\"version\":\"1\","
                              "\"style\":\"\"}");

    if (ok && form == JSON)
        ok = buf_add(out, record.data, record.len);
    else if (ok && !show_once(names[form], &view, &record, out, &err)) {
        assert_int_equal(err.kind, ERROR_MEMORY);
        ok = false;
    }
    buf_free(&view);
    buf_free(&record);
    return ok;
}

/* Likewise. */
static bool report(
    const struct rig *rig, enum form form, int64_t now, struct buf *out)
{
    struct tally tally;
    struct error err;
    bool ok = false;

    if (tally_take(&tally, rig->path, now - 86400000, now, &err)) {
        ok = put(&tally, form, out);
        tally_fini(&tally);
    } else {
        assert_int_equal(err.kind, ERROR_MEMORY);
    }
    made = atomic_load(&calls);
    atomic_store(&fail_at, 0);
    return ok;
}

static bool says_busy(const char *out)
{
    return strstr(out, "is at work") || strstr(out, "\"run_alive\":true");
}

static void sweep(const struct rig *rig, enum form form, int64_t now)
{
    struct buf whole = {0};

    assert_true(report(rig, form, now, &whole));
    for (long first = 1;; first++) {
        long before = atomic_load(&living);
        struct buf out = {0};

        atomic_store(&calls, 0);
        atomic_store(&fail_count, form == JSON ? 1 : 2);
        atomic_store(&fail_at, first);
        if (report(rig, form, now, &out) && !says_busy(out.data))
            assert_string_equal(out.data, whole.data);
        buf_free(&out);
        assert_int_equal(atomic_load(&living), before);
        if (made < first)
            break;
        assert_true(first < 100000);
    }
    buf_free(&whole);
}

static void each_form(void **state)
{
    int64_t now = clock_wall_ms();

    fill(*state);
    alarm(0);
    for (enum form form = TEXT; form < FORMS; form++)
        sweep(*state, form, now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_form, rig_setup, rig_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
