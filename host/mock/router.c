#include "mock/router.h"

#include "call/answer.h"
#include "mock/canned.h"
#include "mock/control.h"
#include "mock/item.h"
#include "mock/login.h"
#include "mock/mapping.h"
#include "mock/order.h"
#include "mock/site.h"
#include "mock/table.h"

#include <string.h>

enum { VERBS = 2 };

struct verb {
    const char *method;
    void (*run)(struct call *call);
    void (*denied)(struct call *call); // after a 401 was answered; or NULL
};

struct route {
    const char *pattern; // '#' is one segment: the number of something
    bool open;           // needs no token
    struct verb verbs[VERBS];
};

/* Below /api/i1/ and /api/v1/. */
static const struct route routes[] = {
    {"order_items/#/create_mapping/", false,
        {{"POST", mapping_create, mapping_denied}}},
    {"auth/login/", true, {{"POST", login_post, NULL}}},
    {"orders/", false, {{"GET", order_list, NULL}}},
    {"orders/#/", false,
        {{"GET", order_get, NULL}, {"PATCH", order_patch, NULL}}},
    {"orders_integration/#/detailed_integration/", false,
        {{"GET", order_detailed, NULL}}},
    {"order_items/", false, {{"GET", item_list, NULL}}},
    {"order_items/#/", false, {{"GET", item_get, NULL}}},
    {"content_types/", false, {{"GET", table_list, NULL}}},
};

/* Of the mock itself: no token, no fault, no outage. */
static const struct route own_routes[] = {
    {"/__mock__/ledger", true, {{"GET", mapping_ledger, NULL}}},
    {"/__mock__/received", true, {{"GET", canned_received, NULL}}},
    {"/__mock__/requests", true, {{"GET", control_requests, NULL}}},
    {"/__mock__/fault", true, {{"POST", control_fault, NULL}}},
    {"/__mock__/outage", true, {{"POST", control_outage, NULL}}},
    {"/__mock__/who", true, {{"GET", control_who, NULL}}},
};

enum { OWN_ROUTES = sizeof own_routes / sizeof own_routes[0] };

enum match { MATCH_NONE, MATCH_BUT_SLASH, MATCH_WHOLE };

/* Plain digits within 64 bits; anything else is the number of nothing. */
static int64_t read_id(const char *text, size_t len)
{
    int64_t id = 0;

    for (size_t i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9' ||
            __builtin_mul_overflow(id, 10, &id) ||
            __builtin_add_overflow(id, text[i] - '0', &id))
            return -1;
    return id;
}

static enum match match(const char *pattern, const char *path, int64_t *id)
{
    size_t len;

    for (; *pattern; pattern++) {
        if (*pattern == '#') {
            len = strcspn(path, "/.");
            if (len == 0)
                return MATCH_NONE;
            *id = read_id(path, len);
            path += len;
        } else if (*pattern == *path) {
            path++;
        } else {
            return strcmp(pattern, "/") == 0 && !*path ? MATCH_BUT_SLASH
                                                       : MATCH_NONE;
        }
    }
    return *path ? MATCH_NONE : MATCH_WHOLE;
}

static const char *below_prefix(const char *path)
{
    static const char *const prefixes[] = {"/api/i1/", "/api/v1/"};

    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(path, prefixes[i], strlen(prefixes[i])) == 0)
            return path + strlen(prefixes[i]);
    return NULL;
}

void route_find(struct call *call)
{
    const char *path = below_prefix(call->path);

    call->id = -1;
    for (size_t i = 0; i < OWN_ROUTES; i++)
        if (strcmp(call->path, own_routes[i].pattern) == 0)
            call->route = &own_routes[i];
    for (size_t i = 0; path && i < sizeof routes / sizeof routes[0]; i++) {
        enum match found = match(routes[i].pattern, path, &call->id);
        if (found == MATCH_NONE)
            continue;
        call->route = &routes[i];
        call->slash_missing = found == MATCH_BUT_SLASH;
        return;
    }
}

static const struct verb *find_verb(const struct call *call)
{
    const struct verb *verbs = call->route->verbs;
    const char *method =
        strcmp(call->method, "HEAD") == 0 ? "GET" : call->method;

    for (size_t i = 0; i < VERBS && verbs[i].method; i++)
        if (strcmp(verbs[i].method, method) == 0)
            return &verbs[i];
    return NULL;
}

bool route_is_mapping(const struct call *call)
{
    const struct verb *verb =
        call->route && !call->slash_missing ? find_verb(call) : NULL;

    return verb && verb->run == mapping_create;
}

bool route_is_own(const struct call *call)
{
    return call->route >= own_routes && call->route < own_routes + OWN_ROUTES;
}

const char *route_name(const struct call *call)
{
    return call->route && !call->slash_missing ? call->route->pattern : "other";
}

/* As Django's CommonMiddleware does for every method. */
static void answer_redirect(struct call *call)
{
    struct buf query = {0};
    bool ok = call_query_without(call, "", &query);

    answer_begin(call, 301);
    call->type = "text/html; charset=utf-8";
    answer_header(call, "Location", "%s/%s%s", call->path,
        query.len > 0 ? "?" : "", buf_text(&query));
    call->broken = call->broken || !ok;
    buf_free(&query);
}

static void answer_not_allowed(struct call *call)
{
    const struct verb *verbs = call->route->verbs;

    answer_detail(call, 405, "Method \"%s\" not allowed.", call->method);
    answer_header(call, "Allow", "%s%s%s", verbs[0].method,
        verbs[1].method ? ", " : "", verbs[1].method ? verbs[1].method : "");
}

void route_answer(struct call *call)
{
    const struct verb *verb;

    if (call->site->canned && !route_is_own(call) &&
        canned_answer(call->site->canned, call))
        return;
    if (!call->route) {
        answer_page(call, 404, "Not Found");
        return;
    }
    if (call->slash_missing) {
        answer_redirect(call);
        return;
    }
    verb = find_verb(call);
    if (!call->route->open && !login_token_fits(call)) {
        if (verb && verb->denied)
            verb->denied(call);
        return;
    }
    if (verb)
        verb->run(call);
    else
        answer_not_allowed(call);
}
