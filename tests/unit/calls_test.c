/* Random calls: calls_test.lua. A seed is a state of its own, in a process of
 * its own, so that the one that died is known: from 1 on for some seconds, in
 * a soak (OMNITRON_SOAK) from the time of day on for half an hour, or for
 * OMNITRON_CALLS_SECONDS. SEED tries one. */
#include "script_rig.h"
#include "seed.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum {
    STEPS = 150,
    TURNS = 3,
    SECONDS = 5,
    SOAK_SECONDS = 1800,
    PATIENCE = 600
};

static char folder[] = "/tmp/calls_test.XXXXXX";
static char script[4200];
static struct mock_options no_options;
static pid_t parent;

static int set_up(void **unused)
{
    char root[4000];
    struct error err;

    (void)unused;
    parent = getpid();
    assert_non_null(getcwd(root, sizeof root));
    snprintf(script, sizeof script, "%s/tests/unit/calls_test.lua", root);
    script_rig_folder(folder);
    assert_true(journal_init(&err));
    return 0;
}

static int tear_down(void **unused)
{
    char command[100];

    (void)unused;
    if (getpid() != parent)
        return 0;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void try_seed(lua_Integer seed)
{
    struct script_rig rig;
    struct error err;
    int null = open("/dev/null", O_RDWR);

    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    clock_freeze();
    struct mock *mock = mock_start(&no_options, &err);
    assert_non_null(mock);
    script_rig_open(&rig, mock);
    script_rig_load(&rig, script, seed);
    for (int i = 0; i < STEPS; i++)
        script_rig_run(&rig, i, TURNS);
    script_rig_close(&rig);
    mock_stop(mock);
    close(null);
}

static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { DEADLY = sizeof deadly / sizeof *deadly };
static struct sigaction usual[DEADLY];

/* A seed that hangs is found, too; nobody waits for a quick one. */
static bool seed_lives(lua_Integer seed)
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        for (size_t i = 0; i < DEADLY; i++) // not cmocka's
            sigaction(deadly[i], &usual[i], NULL);
        alarm(PATIENCE);
        try_seed(seed);
        _exit(0); // no search for leaks: Lua drops finalizers, see there
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (status != 0)
        print_error("SEED=%lld: status %d\n", (long long)seed, status);
    return status == 0;
}

static int64_t number(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);

    return text ? strtoll(text, NULL, 10) : otherwise;
}

static void nothing_breaks(void **unused)
{
    bool soak = getenv("OMNITRON_SOAK") != NULL;
    int64_t seconds =
        number("OMNITRON_CALLS_SECONDS", soak ? SOAK_SECONDS : SECONDS);
    time_t end = time(NULL) + (time_t)seconds;
    lua_Integer first = (lua_Integer)seed_take(soak ? (uint64_t)time(NULL) : 1);
    lua_Integer seed = first;
    bool ok = true;

    (void)unused;
    do
        ok = seed_lives(seed++) && ok;
    while (!seed_is_given() && time(NULL) < end);
    print_message("# %lld seeds\n", (long long)(seed - first));
    assert_true(ok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_breaks),
    };

    for (size_t i = 0; i < DEADLY; i++)
        sigaction(deadly[i], NULL, &usual[i]);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
