/* Every method of every type at any moment: methods_test.lua. What it shows
 * is that nothing is read or written that is not there any more, so it means
 * most under the sanitizers. */
#include "script_rig.h"

enum { TYPES_MOST = 40, TURNS = 400 };

static char folder[] = "/tmp/methods_test.XXXXXX";
static char root[4000];
static struct mock *mock;

static int set_up(void **unused)
{
    struct mock_options options = {0};
    struct error err;

    (void)unused;
    assert_non_null(getcwd(root, sizeof root));
    script_rig_folder(folder);
    assert_true(journal_init(&err));
    clock_freeze();
    mock = mock_start(&options, &err);
    return mock ? 0 : -1;
}

static int tear_down(void **unused)
{
    char command[100];

    (void)unused;
    mock_stop(mock);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void load(struct script_rig *rig, const char *name)
{
    char path[4200];

    snprintf(path, sizeof path, "%s/tests/unit/%s", root, name);
    script_rig_load(rig, path, 0);
}

static void each_type(void **unused)
{
    struct script_rig rig;

    (void)unused;
    for (int i = 1; i <= TYPES_MOST; i++) {
        script_rig_open(&rig, mock);
        load(&rig, "methods_test.lua");
        script_rig_run(&rig, i, TURNS);
        bool over = strstr(rig.fault, "no more types") != NULL;
        script_rig_close(&rig);
        if (!over && rig.fault[0])
            fail_msg("%s", rig.fault);
        if (over && i > 10)
            return;
    }
    fail_msg("there are too many types, or too few");
}

static void waiting(void **unused)
{
    struct script_rig rig;

    (void)unused;
    script_rig_open(&rig, mock);
    load(&rig, "methods_test.lua");
    script_rig_run(&rig, 0, TURNS);
    size_t open = tasks_open(&rig.state.tasks);
    script_rig_close(&rig);
    if (rig.fault[0])
        fail_msg("%s", rig.fault);
    assert_int_equal(open, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting),
        cmocka_unit_test(each_type),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
