/* Whom the mock's faults befall, and how they are asked for. */
#include "mock_rig.h"

#include "mock/fault.h"

#define CODE "{\"code\":\"abc\"}"

/* Which of 200 are refused, by the last figure of the status. */
static void picks(uint64_t seed, const char *faults, char *row)
{
    struct mock_options options = {.seed = seed};
    struct mock *mock;

    rig_fault(&options, faults);
    mock = rig_start(&options);
    for (long i = 0; i < 200; i++) {
        int status = rig_map(mock, i + 1, CODE)->status;
        row[i] = (char)('0' + status % 10);
        if (i % 7 == 0) // only create_mapping counts
            rig_get(mock, "/api/i1/orders/");
    }
    row[200] = '\0';
    mock_stop(mock);
}

static void test_the_choice_follows_the_seed(void **state)
{
    char one[201], again[201], other[201], alone[201];

    (void)state;
    picks(7, "status:408=0.2,status:503=0.2", one);
    picks(7, "status:408=0.2,status:503=0.2", again);
    picks(8, "status:408=0.2,status:503=0.2", other);
    picks(7, "status:503=0.2", alone);
    assert_string_equal(one, again);
    assert_string_not_equal(one, other);
    for (int i = 0; i < 200; i++) // another fault does not move the choices
        assert_true(one[i] == '8' || one[i] == alone[i]);
    assert_non_null(strchr(one, '8'));
    assert_non_null(strchr(one, '3'));
}

static void test_faults_of_one_item(void **state)
{
    struct mock *mock = rig_start_with(
        "status:500=1,status:404@5*2,status:410@5*1,status:403@6");

    (void)state;
    assert_int_equal(rig_map(mock, 7, CODE)->status, 500);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 404);
    assert_int_equal(rig_map(mock, 6, CODE)->status, 403);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 404);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 410);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 500);
    assert_int_equal(rig_map(mock, 6, CODE)->status, 403);
    mock_stop(mock);
}

static void test_faults_change_while_it_runs(void **state)
{
    struct mock *mock = rig_start_with("status:500=1");

    (void)state;
    rig_control(mock, "fault", "{\"fault\":\"status:503@5*1\"}", 200);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 503);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 201);
    rig_control(mock, "fault", "{\"fault\":\"status:500=1\"}", 200);
    rig_control(mock, "fault", "{\"fault\":\"none\"}", 400);
    rig_control(mock, "fault", "{}", 400);
    rig_control(mock, "fault", "{\"fault\":5}", 400);
    rig_control(mock, "fault", "[]", 400);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 500); // as it was
    rig_control(mock, "fault", "{\"fault\":null}", 200);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 201);
    mock_stop(mock);
}

static void test_faults_are_read(void **state)
{
    struct mock_options options = {0}, before;
    struct error err = {0};

    (void)state;
    rig_fault(&options, "status:503=0.25");
    rig_fault(&options, "cut:7@46761*3,html@5");
    assert_int_equal(options.fault_count, 3);
    assert_string_equal(fault_rows[options.faults[0].row].name, "status");
    assert_int_equal(options.faults[0].arg, 503);
    assert_true(options.faults[0].rate == 0.25);
    assert_string_equal(fault_rows[options.faults[1].row].name, "cut");
    assert_int_equal(options.faults[1].arg, 7);
    assert_int_equal(options.faults[1].item, 46761);
    assert_int_equal(options.faults[1].left, 3);
    assert_int_equal(options.faults[2].left, -1);
    before = options;
    assert_false(mock_read_fault("html=1,html", &options, &err));
    assert_memory_equal(&options, &before, sizeof options);
    while (options.fault_count < MOCK_FAULTS_MAX)
        rig_fault(&options, "html=0");
    assert_false(mock_read_fault("html=0", &options, &err));
    assert_string_equal(err.text, "there can be 64 faults at most");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_choice_follows_the_seed),
        cmocka_unit_test(test_faults_of_one_item),
        cmocka_unit_test(test_faults_change_while_it_runs),
        cmocka_unit_test(test_faults_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
