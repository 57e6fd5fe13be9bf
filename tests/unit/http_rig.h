/* http_rig.h: for tests of the http module: a server on 127.0.0.1 that
 * misbehaves as its paths say, and a script's state with tasks and a loop but
 * no journal. */
#ifndef TESTS_HTTP_RIG_H
#define TESTS_HTTP_RIG_H

#include "base/clock.h"
#include "base/mem.h"
#include "lua/embedded.h"
#include "lua/modules.h"
#include "lua/script.h"
#include "net/net.h"

#include <arpa/inet.h>
#include <lauxlib.h>
#include <lualib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { RIG_CONNECTIONS = 500, RIG_TEXT = 20000, RIG_LATE_MS = 30000 };

struct rig_server {
    int fd, port;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t closed;
    int fds[RIG_CONNECTIONS]; // 0: none
    int open;                 // connections, a detached thread each
    int count, inside, most;  // requests, and how many at once
    int posts;                // to /posted
};

struct rig_connection {
    struct rig_server *server;
    int fd, place;
};

struct rig_call {
    struct rig_server *server;
    int fd;
    char *text;   // the request as it came
    char *target; // its path and query
    char *arg;    // what is behind the route's prefix
    int nth;      // of the requests that the server saw
};

static inline void rig_send(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        bytes += n;
        len -= (size_t)n;
    }
}

static inline void rig_answer(struct rig_call *call, int status,
    const char *headers, const char *body, size_t len)
{
    char head[3000];
    int n = snprintf(head, sizeof head,
        "HTTP/1.1 %d Some Reason\r\nContent-Length: %zu\r\n%s\r\n", status, len,
        headers);

    rig_send(call->fd, head, (size_t)n);
    if (strncmp(call->text, "HEAD ", 5) != 0)
        rig_send(call->fd, body, len);
}

static inline void rig_answer_text(
    struct rig_call *call, int status, const char *headers, const char *body)
{
    rig_answer(call, status, headers, body, strlen(body));
}

static inline bool rig_echo(struct rig_call *call)
{
    rig_answer_text(call, 200, "Content-Type: text/plain\r\n", call->text);
    return true;
}

static inline bool rig_status(struct rig_call *call)
{
    rig_answer_text(call, atoi(call->arg), "Content-Type: text/plain\r\n",
        "the words\nof the ERP");
    return true;
}

static inline bool rig_busy(struct rig_call *call)
{
    bool busy = call->nth <= atoi(call->arg);

    rig_answer_text(
        call, busy ? 503 : 200, "Retry-After: 7\r\n", busy ? "busy" : "done");
    return true;
}

static inline bool rig_slow(struct rig_call *call)
{
    usleep((useconds_t)atoi(call->arg) * 1000);
    rig_answer_text(call, 200, "", "slow");
    return true;
}

static inline bool rig_drop(struct rig_call *call)
{
    (void)call;
    return false;
}

static inline bool rig_cut(struct rig_call *call)
{
    static const char text[] =
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut";

    rig_send(call->fd, text, sizeof text - 1);
    return false;
}

static inline bool rig_head_cut(struct rig_call *call)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Le";

    rig_send(call->fd, text, sizeof text - 1);
    return false;
}

static inline bool rig_garbage(struct rig_call *call)
{
    rig_send(call->fd, "nonsense\r\n\r\n", 12);
    return false;
}

static inline bool rig_hops(struct rig_call *call)
{
    char location[100];
    int left = atoi(call->arg);

    if (left == 0)
        return rig_echo(call);
    snprintf(location, sizeof location, "Location: ../x/../hops/%d#part\r\n",
        left - 1);
    rig_answer_text(call, 302, location, "gone");
    return true;
}

static inline bool rig_to(struct rig_call *call)
{
    char location[1000];

    snprintf(location, sizeof location, "Location: %.900s\r\n", call->arg);
    rig_answer_text(call, 307, location, "");
    return true;
}

static inline bool rig_bytes(struct rig_call *call)
{
    size_t len = strtoul(call->arg, NULL, 10);
    char *bytes = calloc(1, len + 1);

    memset(bytes, 'x', len);
    rig_answer(
        call, 200, "Content-Type: application/octet-stream\r\n", bytes, len);
    free(bytes);
    return true;
}

static inline bool rig_html(struct rig_call *call)
{
    rig_answer_text(call, 200, "Content-Type: text/html; charset=utf-8\r\n",
        "<html>\n<title>Log in</title> and more than eighty bytes, so that it "
        "has to be cut somewhere</html>");
    return true;
}

static inline bool rig_json(struct rig_call *call)
{
    rig_answer_text(call, 200,
        "CONTENT-TYPE: application/json\r\nX-One: a\r\nx-one:  b \r\n"
        "Empty:\r\n",
        "\xEF\xBB\xBF{\"id\": 9007199254740993, \"none\": null}");
    return true;
}

static inline bool rig_posted(struct rig_call *call)
{
    pthread_mutex_lock(&call->server->lock);
    call->server->posts++;
    pthread_mutex_unlock(&call->server->lock);
    rig_answer_text(call, 201, "", "posted");
    return true;
}

static inline bool rig_bad_json(struct rig_call *call)
{
    rig_answer_text(
        call, 200, "Content-Type: application/json\r\n", "{\"id\": }");
    return true;
}

static inline bool rig_guarded(struct rig_call *call)
{
    char wanted[200];

    snprintf(wanted, sizeof wanted, "\r\nAuthorization: Bearer %.100s\r\n",
        call->arg);
    bool ok = strstr(call->text, wanted) != NULL;
    rig_answer_text(call, ok ? 200 : 401, "", ok ? "welcome" : "who?");
    return true;
}

static const struct {
    const char *prefix;
    bool (*answer)(struct rig_call *call); // false: close
} rig_routes[] = {
    {"/badjson", rig_bad_json},
    {"/busy/", rig_busy},
    {"/bytes/", rig_bytes},
    {"/cut", rig_cut},
    {"/drop", rig_drop},
    {"/garbage", rig_garbage},
    {"/guarded/", rig_guarded},
    {"/headcut", rig_head_cut},
    {"/hops/", rig_hops},
    {"/html", rig_html},
    {"/json", rig_json},
    {"/posted", rig_posted},
    {"/slow/", rig_slow},
    {"/status/", rig_status},
    {"/to?", rig_to},
};

static inline bool rig_dispatch(struct rig_call *call)
{
    for (size_t i = 0; i < sizeof rig_routes / sizeof *rig_routes; i++) {
        size_t len = strlen(rig_routes[i].prefix);
        if (strncmp(call->target, rig_routes[i].prefix, len) == 0) {
            call->arg = call->target + len;
            return rig_routes[i].answer(call);
        }
    }
    return rig_echo(call);
}

static inline bool rig_whole(const char *text, size_t len)
{
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = strstr(text, "Content-Length: ");
    size_t body = 0;

    if (!end)
        return false;
    if (length && length < end)
        body = strtoul(length + 16, NULL, 10);
    return (size_t)(text + len - (end + 4)) >= body;
}

/* False: the peer has gone. */
static inline bool rig_read(int fd, char *text)
{
    size_t len = 0;

    text[0] = '\0';
    while (!rig_whole(text, len)) {
        ssize_t n = recv(fd, text + len, RIG_TEXT - 1 - len, 0);
        if (n <= 0)
            return false;
        len += (size_t)n;
        text[len] = '\0';
        if (text[0] == 0x16) // TLS says hello
            return false;
    }
    return true;
}

static inline bool rig_call(struct rig_server *server, int fd, char *text)
{
    char target[2000] = "";
    struct rig_call call = {
        .server = server, .fd = fd, .text = text, .target = target};

    sscanf(text, "%*s %1999s", target);
    pthread_mutex_lock(&server->lock);
    call.nth = ++server->count;
    if (++server->inside > server->most)
        server->most = server->inside;
    pthread_mutex_unlock(&server->lock);
    bool open = rig_dispatch(&call);
    pthread_mutex_lock(&server->lock);
    server->inside--;
    pthread_mutex_unlock(&server->lock);
    return open;
}

static inline void *rig_connection(void *arg)
{
    struct rig_connection *c = arg;
    char *text = malloc(RIG_TEXT);

    while (rig_read(c->fd, text) && rig_call(c->server, c->fd, text))
        ;
    free(text);
    pthread_mutex_lock(&c->server->lock);
    c->server->fds[c->place] = 0;
    close(c->fd);
    c->server->open--;
    pthread_cond_signal(&c->server->closed);
    pthread_mutex_unlock(&c->server->lock);
    free(c);
    return NULL;
}

/* Under the lock. */
static inline void rig_accepted(struct rig_server *server, int fd)
{
    struct rig_connection *c = malloc(sizeof *c);
    int place = 0, one = 1;
    pthread_t thread;

    while (server->fds[place])
        place++;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    *c = (struct rig_connection){server, fd, place};
    server->fds[place] = fd;
    server->open++;
    pthread_create(&thread, NULL, rig_connection, c);
    pthread_detach(thread);
}

static inline void *rig_listen(void *arg)
{
    struct rig_server *server = arg;
    int fd;

    while ((fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        pthread_mutex_lock(&server->lock);
        while (server->open == RIG_CONNECTIONS)
            pthread_cond_wait(&server->closed, &server->lock);
        rig_accepted(server, fd);
        pthread_mutex_unlock(&server->lock);
    }
    return NULL;
}

static inline struct rig_server *rig_start(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    struct rig_server *server = calloc(1, sizeof *server);

    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->closed, NULL);
    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(server->fd >= 0);
    assert_int_equal(bind(server->fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(server->fd, 128), 0);
    getsockname(server->fd, (struct sockaddr *)&address, &len);
    server->port = ntohs(address.sin_port);
    pthread_create(&server->thread, NULL, rig_listen, server);
    return server;
}

static inline void rig_stop(struct rig_server *server)
{
    shutdown(server->fd, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->fd);
    pthread_mutex_lock(&server->lock);
    for (int i = 0; i < RIG_CONNECTIONS; i++)
        if (server->fds[i])
            shutdown(server->fds[i], SHUT_RDWR);
    while (server->open > 0)
        pthread_cond_wait(&server->closed, &server->lock);
    pthread_mutex_unlock(&server->lock);
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->closed);
    free(server);
}

/* A script's state, with what the http module needs of a run. */
struct rig_stage {
    lua_State *L;
    struct tasks tasks;
    struct loop loop;
    struct script host;
    struct profile profile;
    char fault[2000]; // of the first task that raised
};

static inline void *rig_allocate(void *arg, void *block, size_t old, size_t n)
{
    (void)arg, (void)old;
    if (n > 0)
        return mem_realloc(block, n);
    mem_free(block);
    return NULL;
}

static inline void rig_keep_fault(struct rig_stage *stage, lua_State *co)
{
    const char *text = lua_tostring(co, -1);

    if (!stage->fault[0])
        snprintf(stage->fault, sizeof stage->fault, "%s",
            text ? text : "an error that is no text");
}

static inline void rig_fault(void *arg, lua_State *co)
{
    rig_keep_fault(arg, co);
}

static inline void rig_ended(lua_State *co, int status, void *arg)
{
    if (status != LUA_OK)
        rig_keep_fault(arg, co);
}

static const luaL_Reg rig_libraries[] = {
    {LUA_GNAME, luaopen_base},
    {LUA_COLIBNAME, luaopen_coroutine},
    {LUA_TABLIBNAME, luaopen_table},
    {LUA_IOLIBNAME, luaopen_io},
    {LUA_OSLIBNAME, luaopen_os},
    {LUA_STRLIBNAME, luaopen_string},
    {LUA_MATHLIBNAME, luaopen_math},
    {LUA_UTF8LIBNAME, luaopen_utf8},
    {"native", luaopen_omnitron_native},
    {"json", luaopen_omnitron_json},
    {"native_http", luaopen_omnitron_http},
    {NULL, NULL},
};

/* sleep is a script's, so that a test need not wait: `naps` has how long. */
static const char rig_prelude[] =
    "naps = {}\n"
    "function sleep(seconds) naps[#naps + 1] = seconds nap(0.001) end\n"
    "local chunks = ...\n"
    "local tries, may_pass = chunks.tries(sleep, native.retry_delay)\n"
    "http = chunks.http(native_http, json, tries, chunks,\n"
    "  chunks.away(native, may_pass))\n";

/* Pushes { http = chunk, http_reply = chunk … } of scripts/lib. */
static inline void rig_push_chunks(lua_State *L)
{
    lua_newtable(L);
    for (const struct embedded *file = embedded_files; file->name; file++) {
        if (strncmp(file->name, "lib/http", 8) != 0 &&
            strcmp(file->name, "lib/away.lua") != 0 &&
            strcmp(file->name, "lib/tries.lua") != 0)
            continue;
        lua_pushlstring(L, file->name + 4, strlen(file->name) - 8);
        if (luaL_loadbuffer(
                L, (const char *)file->bytes, file->len, "=omnitron"))
            lua_error(L);
        lua_settable(L, -3);
    }
}

static inline int rig_open_libraries(lua_State *L)
{
    for (const luaL_Reg *library = rig_libraries; library->name; library++) {
        luaL_requiref(L, library->name, library->func, 1);
        lua_pop(L, 1);
    }
    luaopen_omnitron_globals(L);
    lua_setglobal(L, "nap");
    if (luaL_loadstring(L, rig_prelude))
        lua_error(L);
    rig_push_chunks(L);
    lua_call(L, 1, 0);
    return 0;
}

/* False: there was no memory for it. */
static inline bool rig_open(struct rig_stage *stage)
{
    struct error err;

    memset(stage, 0, sizeof *stage);
    stage->profile.route.connect_timeout_ms = 10000;
    stage->host.loop = &stage->loop;
    stage->host.profile = &stage->profile;
    stage->host.account.most = 256 << 20;
    stage->host.fault = rig_fault;
    stage->host.arg = stage;
    stage->loop.tasks = &stage->tasks;
    stage->loop.net = net_open(&err);
    stage->L = stage->loop.net ? lua_newstate(rig_allocate, NULL) : NULL;
    if (!stage->L)
        return false;
    tasks_init(&stage->tasks, stage->L, 10000, &stage->host);
    lua_pushcfunction(stage->L, rig_open_libraries);
    return lua_pcall(stage->L, 0, 0, 0) == LUA_OK;
}

static inline void rig_close(struct rig_stage *stage)
{
    if (stage->L) {
        tasks_fini(&stage->tasks);
        lua_close(stage->L);
    }
    if (stage->loop.net)
        assert_int_equal(net_open_transfers(stage->loop.net), 0);
    net_close(stage->loop.net);
    timers_fini(&stage->loop.timers);
}

static inline void rig_turn(struct rig_stage *stage)
{
    struct loop *loop = &stage->loop;

    tasks_run(&stage->tasks);
    int wait = tasks_ready(&stage->tasks)
                   ? 0
                   : timers_wait(&loop->timers, clock_monotonic_ms(), 1000);
    if (tasks_open(&stage->tasks) > 0)
        net_poll(loop->net, wait);
    net_turn(loop->net);
    timers_fire(&loop->timers, clock_monotonic_ms());
}

static inline int rig_spawn(lua_State *L)
{
    struct rig_stage *stage = lua_touserdata(L, 1);

    if (luaL_loadbuffer(
            L, lua_touserdata(L, 2), strlen(lua_touserdata(L, 2)), "=script"))
        lua_error(L);
    task_spawn(L, 0, rig_ended, stage);
    return 0;
}

static inline void rig_begin(struct rig_stage *stage, const char *script)
{
    char *text = strdup(script);

    lua_pushcfunction(stage->L, rig_spawn);
    lua_pushlightuserdata(stage->L, stage);
    lua_pushlightuserdata(stage->L, text);
    if (lua_pcall(stage->L, 2, 0, 0) != LUA_OK)
        rig_keep_fault(stage, stage->L);
    free(text);
}

/* Runs a script, and the tasks that it spawns, to their end, or until one
 * raises. */
static inline void rig_run(struct rig_stage *stage, const char *script)
{
    int64_t late = clock_monotonic_ms() + RIG_LATE_MS;

    rig_begin(stage, script);
    while (!stage->fault[0] && tasks_open(&stage->tasks) > 0) {
        rig_turn(stage);
        if (clock_monotonic_ms() > late)
            fail_msg("the script waits for what does not come");
    }
}

#endif
