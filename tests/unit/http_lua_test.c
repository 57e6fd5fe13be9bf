/* Runs http_lua_test.lua: each of its functions as the script of a state of
 * its own; and looks at what a state that is closed too early leaves. */
#include "http_rig.h"

#include <dirent.h>
#include <sys/stat.h>

enum { TESTS_MAX = 100 };

static const char scripts[] = "tests/unit/http_lua_test.lua";

static struct rig_server *server, *other;
static char folder[] = "/tmp/http_lua_test.XXXXXX";
static char *names[TESTS_MAX];

static void push_number_of(lua_State *L, const int *number)
{
    pthread_mutex_lock(&server->lock);
    lua_pushinteger(L, *number);
    pthread_mutex_unlock(&server->lock);
}

/* count() -> requests that the first server saw since reset() */
static int l_count(lua_State *L)
{
    push_number_of(L, &server->count);
    return 1;
}

/* most() -> how many of them at once */
static int l_most(lua_State *L)
{
    push_number_of(L, &server->most);
    return 1;
}

/* reset(), also the naps */
static int l_reset(lua_State *L)
{
    pthread_mutex_lock(&server->lock);
    server->count = server->most = 0;
    pthread_mutex_unlock(&server->lock);
    lua_newtable(L);
    lua_setglobal(L, "naps");
    return 0;
}

/* list(path) -> the names in a folder */
static int l_list(lua_State *L)
{
    DIR *dir = opendir(luaL_checkstring(L, 1));
    struct dirent *entry;

    lua_newtable(L);
    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.') {
            lua_pushstring(L, entry->d_name);
            lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
        }
    if (dir)
        closedir(dir);
    return 1;
}

/* mode(path) -> its permission bits */
static int l_mode(lua_State *L)
{
    struct stat st = {0};

    stat(luaL_checkstring(L, 1), &st);
    lua_pushinteger(L, st.st_mode & 0777);
    return 1;
}

static const luaL_Reg helpers[] = {
    {"count", l_count},
    {"list", l_list},
    {"mode", l_mode},
    {"most", l_most},
    {"reset", l_reset},
    {NULL, NULL},
};

static void set_url(lua_State *L, const char *name, int port)
{
    lua_pushfstring(L, "http://127.0.0.1:%d", port);
    lua_setglobal(L, name);
}

static void set_up_stage(struct rig_stage *stage)
{
    assert_true(rig_open(stage));
    luaL_requiref(stage->L, LUA_DBLIBNAME, luaopen_debug, 1);
    lua_pop(stage->L, 1);
    for (const luaL_Reg *helper = helpers; helper->name; helper++)
        lua_register(stage->L, helper->name, helper->func);
    set_url(stage->L, "base", server->port);
    set_url(stage->L, "other", other->port);
    lua_pushstring(stage->L, folder);
    lua_setglobal(stage->L, "folder");
    l_reset(stage->L);
}

static void clear_folder(void)
{
    char path[600];
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    closedir(dir);
}

static int count_files(void)
{
    DIR *dir = opendir(folder);
    int n = -2; // . and ..

    while (dir && readdir(dir))
        n++;
    closedir(dir);
    return n;
}

/* The test's name is the function's; some want another surrounding. */
static void set_host(struct rig_stage *stage, const char *name)
{
    stage->host.planning = strcmp(name, "planning") == 0;
    stage->host.mock = strstr(name, "under_mock") != NULL;
    stage->host.live_erp = strstr(name, "live_erp") != NULL;
}

static void run_function(void **state)
{
    const char *name = *state;
    char script[200];
    struct rig_stage stage;

    set_up_stage(&stage);
    set_host(&stage, name);
    snprintf(script, sizeof script, "dofile('%s').%s()", scripts, name);
    rig_run(&stage, script);
    rig_close(&stage);
    clear_folder();
    assert_string_equal(stage.fault, "");
}

/* Every kind of waiting under way: a transfer, a file, a turn, a token. */
static const char busy_script[] =
    "local erp = http.client { base_url = base, at_once = 1,\n"
    "  bearer = function() return http.get(base .. '/slow/300').body end }\n"
    "for i = 1, 6 do\n"
    "  native.spawn(function() http.get(base .. '/slow/300') end)\n"
    "  native.spawn(function() http.get(other .. '/slow/300',\n"
    "    { save_to = folder .. '/f' .. i }) end)\n"
    "  native.spawn(function() erp.get('/echo') end)\n"
    "end\n";

static void what_is_closed_early_leaves_nothing(void **state)
{
    struct rig_stage stage;

    (void)state;
    set_up_stage(&stage);
    rig_begin(&stage, busy_script);
    for (int i = 0; i < 5 && net_open_transfers(stage.loop.net) == 0; i++)
        rig_turn(&stage);
    assert_string_equal(stage.fault, "");
    assert_int_equal(tasks_open(&stage.tasks), 18);
    assert_int_equal(net_open_transfers(stage.loop.net), 8);
    assert_int_equal(count_files(), 4);
    tasks_close(&stage.tasks);
    assert_false(tasks_ready(&stage.tasks));
    rig_close(&stage);
    assert_int_equal(count_files(), 0);
}

static const char raising_script[] =
    "native.spawn(function()\n"
    "  local turn <close> = native_http.enter('k', 1)\n"
    "  nap(0.01)\n"
    "  error('oh', 0)\n"
    "end)\n"
    "nap(0.005)\n"
    "local turn <close> = native_http.enter('k', 1)\n"
    "entered = true\n";

static void a_task_that_raises_leaves_its_turn(void **state)
{
    struct rig_stage stage;

    (void)state;
    set_up_stage(&stage);
    rig_begin(&stage, raising_script);
    for (int i = 0; i < 20 && tasks_open(&stage.tasks) > 0; i++)
        rig_turn(&stage);
    lua_getglobal(stage.L, "entered");
    bool entered = lua_toboolean(stage.L, -1);
    rig_close(&stage);
    assert_string_equal(stage.fault, "oh");
    assert_true(entered);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t read_names(void)
{
    lua_State *L = luaL_newstate();
    size_t n = 0;

    luaL_openlibs(L);
    if (luaL_dofile(L, scripts)) {
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
        exit(1);
    }
    for (lua_pushnil(L); n < TESTS_MAX - 2 && lua_next(L, -2); lua_pop(L, 1))
        names[n++] = strdup(lua_tostring(L, -2));
    lua_close(L);
    qsort(names, n, sizeof *names, compare_names);
    return n;
}

int main(void)
{
    struct CMUnitTest tests[TESTS_MAX] = {
        {.name = "what is closed early leaves nothing",
            .test_func = what_is_closed_early_leaves_nothing},
        {.name = "a task that raises leaves its turn",
            .test_func = a_task_that_raises_leaves_its_turn},
    };
    struct CMUnitTest *scripted = tests + 2;
    size_t n = read_names();

    if (!mkdtemp(folder))
        return 1;
    server = rig_start();
    other = rig_start();
    for (size_t i = 0; i < n; i++)
        scripted[i] = (struct CMUnitTest){.name = names[i],
            .test_func = run_function,
            .initial_state = names[i]};
    int failed = _cmocka_run_group_tests("http", tests, n + 2, NULL, NULL);
    rig_stop(server);
    rig_stop(other);
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    rmdir(folder);
    return failed;
}
