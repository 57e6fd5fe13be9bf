/* Each allocation (but for a soak: some) of a script that uses all of http
 * fails once, alone and with the one behind it (Lua tries again after a
 * collection): the script ends with an error or without, no transfer, file or
 * block stays behind, and no POST arrives twice.
 *
 * Links its own six of base/mem.h in place of mem.c. */
#include "../unit/http_rig.h"
#include "mem_faults.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <malloc.h>
#include <stdatomic.h>

enum { ALARM_S = 300, POSTS = 2 };

static struct rig_server *server;
static char folder[] = "/tmp/http_test.XXXXXX";

static const char script[] =
    "local erp = http.client { base_url = base, at_once = 1,\n"
    "  headers = { ['X-A'] = '1' }, bearer = function()\n"
    "    return http.get(base .. '/json') and 'tok', 60 end }\n"
    "for i = 1, 3 do\n"
    "  native.spawn(function()\n"
    "    local path = folder .. '/f' .. i\n"
    "    erp.get('/hops/1', { save_to = path, tries = 2 })\n"
    "    os.remove(path)\n"
    "  end)\n"
    "end\n"
    "erp.post('/posted', { json = { a = { 1, 'x' } } })\n"
    "http.post(base .. '/posted', { form = { a = 1 }, basic = 'a:b' })\n"
    "http.get(base .. '/busy/0', { query = { b = { 1, 2 } } })\n"
    "pcall(function()\n"
    "  for line in http.lines(base .. '/json') do end\n"
    "  for line in http.lines(base .. '/bytes/99999') do end\n"
    "end)\n"
    "pcall(http.get, base, { unknown = 1 })\n";

static void set_globals(struct rig_stage *stage)
{
    char text[300];

    snprintf(text, sizeof text, "base, folder = 'http://127.0.0.1:%d', '%s'",
        server->port, folder);
    if (luaL_dostring(stage->L, text) != LUA_OK)
        rig_keep_fault(stage, stage->L);
}

/* Files that a script could not remove for want of memory are no leak; those
 * that never got their name would be. */
static int count_growing(void)
{
    char path[600];
    DIR *dir = opendir(folder);
    struct dirent *entry;
    int n = 0;

    while (dir && (entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue;
        n += strlen(entry->d_name) > 2;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    closedir(dir);
    return n;
}

/* A run that ended early leaves requests that the server has not read yet:
 * they are this run's, not the next one's. What was connected before this
 * fence is accepted before it. */
static void let_server_finish(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)server->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    static const char fence[] = "GET /fence HTTP/1.0\r\n\r\n";
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char byte;
    bool open = true;

    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_true(write(fd, fence, sizeof fence - 1) > 0);
    assert_true(read(fd, &byte, 1) >= 0);
    close(fd);
    while (open) {
        pthread_mutex_lock(&server->lock);
        open = server->open > 0;
        pthread_mutex_unlock(&server->lock);
        if (open)
            usleep(100);
    }
}

static int run_all(void)
{
    struct rig_stage stage;
    int posts;

    server->count = server->posts = 0;
    if (rig_open(&stage)) {
        set_globals(&stage);
        if (!stage.fault[0])
            rig_run(&stage, script);
    }
    rig_close(&stage);
    let_server_finish();
    pthread_mutex_lock(&server->lock);
    posts = server->posts;
    pthread_mutex_unlock(&server->lock);
    return posts;
}

/* Every third, and another third for each form; all of them in a soak. */
static long first_of(long in_a_row)
{
    return getenv("OMNITRON_SOAK") ? 1 : in_a_row;
}

static long step(void)
{
    return getenv("OMNITRON_SOAK") ? 1 : 3;
}

static void each_allocation_fails(long in_a_row)
{
    may_shrink = true;
    fail_count = 0;
    assert_int_equal(run_all(), POSTS); // what stays for good is there now
    long before = living;
    calls = 0;
    assert_int_equal(run_all(), POSTS);
    assert_int_equal(living, before);
    long all = calls;
    assert_true(all > 500);
    fail_count = in_a_row;
    for (long n = first_of(in_a_row); n <= all; n += step()) {
        calls = 0;
        fail_at = n;
        assert_in_range(run_all(), 0, POSTS);
        assert_int_equal(living, before);
        assert_int_equal(count_growing(), 0);
    }
}

static void one_fails(void **state)
{
    (void)state;
    each_allocation_fails(1);
}

static void two_in_a_row_fail(void **state)
{
    (void)state;
    each_allocation_fails(2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_fails),
        cmocka_unit_test(two_in_a_row_fail),
    };

    alarm(ALARM_S); // nothing may wait for what will never come
    if (!mkdtemp(folder))
        return 1;
    server = rig_start();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rig_stop(server);
    rmdir(folder);
    return failed;
}
