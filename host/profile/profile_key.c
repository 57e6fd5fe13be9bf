#include "base/duration.h"
#include "base/spelling.h"
#include "profile/profile_own.h"

#include <lua.h>
#include <stdio.h>
#include <string.h>

#define SECOND 1000.0
#define HOUR   (3600 * SECOND)
#define DAY    (24 * HOUR)
#define MIB    (1024.0 * 1024.0)

/* A key of profile.lua. A reader finds its value on top of the stack and
 * puts it into the profile, at `field`; false: the value is none. */
struct key {
    const char *name;
    bool (*read)(
        struct profile_reading *r, lua_State *L, const struct key *key);
    const char *must; // "<name> must be …"
    size_t field;
    double least, most;    // of a number, of milliseconds, of bytes
    const char *otherwise; // the default, as Lua; NULL: none
};

static const char first_look_v1[] = "/api/v1/orders/?limit=1";
static const char first_look_i1[] = "/api/i1/orders/?limit=1";

static void *field_of(struct profile_reading *r, const struct key *key)
{
    return (char *)r->p + key->field;
}

/* A value as a message shows it. */
static const char *show_value(
    const struct profile *p, lua_State *L, char out[PROFILE_SHOWN])
{
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
        return profile_show(p, lua_tostring(L, -1), out);
    case LUA_TBOOLEAN:
        return lua_toboolean(L, -1) ? "true" : "false";
    case LUA_TTABLE:
        return "a table";
    case LUA_TFUNCTION:
        return "a function";
    case LUA_TNUMBER:
        break;
    default:
        return "nil";
    }
    double n = lua_tonumber(L, -1);
    snprintf(out, PROFILE_SHOWN, "%.14g", n);
    return n == n ? out : "nan"; // printf may give it a sign
}

static bool must_be(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    char shown[PROFILE_SHOWN];

    return error_set(r->err, ERROR_USAGE, "%s: %s must be %s, not %s",
        r->p->path, key->name, key->must, show_value(r->p, L, shown));
}

/* A value that is right found no memory. */
static bool kept(struct profile_reading *r, const void *value)
{
    return value || error_memory(r->err);
}

/* One line of text: the string on top, or NULL. */
static const char *plain_text(lua_State *L)
{
    size_t len;

    if (lua_type(L, -1) != LUA_TSTRING)
        return NULL;
    const char *text = lua_tolstring(L, -1, &len);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
            return NULL;
    return len ? text : NULL;
}

static bool read_text(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    const char *text = plain_text(L);
    const char **field = field_of(r, key);

    if (!text)
        return must_be(r, L, key);
    *field = profile_keep(r->p, text, strlen(text));
    return kept(r, *field);
}

static bool read_path(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    const char *text = plain_text(L);
    const char **field = field_of(r, key);

    if (!text)
        return must_be(r, L, key);
    *field = profile_join(r->p, text);
    return kept(r, *field);
}

static bool read_flag(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    bool *field = field_of(r, key);

    if (!lua_isboolean(L, -1))
        return must_be(r, L, key);
    *field = lua_toboolean(L, -1);
    return true;
}

/* A number, not a text that looks like one. */
static bool is_number_within(lua_State *L, double least, double most)
{
    if (lua_type(L, -1) != LUA_TNUMBER)
        return false;
    double n = lua_tonumber(L, -1);
    return n >= least && n <= most;
}

static bool read_whole(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    int *field = field_of(r, key);
    int whole;

    if (!is_number_within(L, key->least, key->most))
        return must_be(r, L, key);
    lua_Integer n = lua_tointegerx(L, -1, &whole);
    if (!whole)
        return must_be(r, L, key);
    *field = (int)n;
    return true;
}

static bool is_word(lua_State *L, const char *word)
{
    return lua_type(L, -1) == LUA_TSTRING &&
           strcmp(lua_tostring(L, -1), word) == 0;
}

static bool read_at_once(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    if (!is_word(L, "auto"))
        return read_whole(r, L, key);
    r->p->at_once = 0;
    return true;
}

static bool read_rate(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    double *field = field_of(r, key);

    if (!is_number_within(L, key->least, key->most))
        return must_be(r, L, key);
    *field = lua_tonumber(L, -1);
    return true;
}

/* Seconds, or a text with a unit. */
static bool read_time(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    int64_t *field = field_of(r, key);
    int64_t ms;

    if (is_number_within(L, key->least / SECOND, key->most / SECOND))
        ms = (int64_t)(lua_tonumber(L, -1) * SECOND + 0.5);
    else if (lua_type(L, -1) != LUA_TSTRING ||
             !duration_read(lua_tostring(L, -1), &ms))
        return must_be(r, L, key);
    if ((double)ms < key->least || (double)ms > key->most)
        return must_be(r, L, key);
    *field = ms;
    return true;
}

static bool read_size(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    size_t *field = field_of(r, key);
    int64_t bytes;

    if (lua_type(L, -1) != LUA_TSTRING ||
        !duration_read_size(lua_tostring(L, -1), &bytes) ||
        (double)bytes < key->least || (double)bytes > key->most)
        return must_be(r, L, key);
    *field = (size_t)bytes;
    return true;
}

static bool read_url(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    char name[sizeof r->err->text];

    if (!read_text(r, L, key))
        return false;
    snprintf(name, sizeof name, "%s: url", r->p->path);
    return profile_set_url(r->p, name, r->p->url, r->err);
}

/* The default of first_look follows it; the row for that one comes later. */
static bool read_prefix(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    bool v1 = is_word(L, "v1");

    if (!v1 && !is_word(L, "i1"))
        return must_be(r, L, key);
    r->p->prefix = v1 ? "v1" : "i1";
    r->p->first_look = v1 ? first_look_v1 : first_look_i1;
    return true;
}

static bool read_proxy(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    const char *text = plain_text(L);

    if (!text || !profile_is_proxy(text))
        return must_be(r, L, key);
    return read_text(r, L, key);
}

static bool read_when_unknown(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    bool resend = is_word(L, "resend");

    if (!resend && !is_word(L, "hold"))
        return must_be(r, L, key);
    r->p->when_unknown = resend ? PROFILE_RESEND : PROFILE_HOLD;
    return true;
}

static bool read_update_stock(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    bool is_explicit = is_word(L, "explicit");

    if (!is_explicit && !is_word(L, "default"))
        return must_be(r, L, key);
    r->p->update_stock_explicit = is_explicit;
    return true;
}

/* What may stand in a request line behind the host, and is of the API: the
 * token goes nowhere else. */
static bool is_api_path(const char *text)
{
    if (strncmp(text, "/api/", 5) != 0)
        return false;
    for (; *text; text++)
        if (*text <= ' ' || *text >= 0x7F || strchr("\\#{}", *text))
            return false;
    return true;
}

/* The path with its prefix put in; NULL: no memory. Texts only get shorter:
 * "{prefix}" has eight bytes, a prefix two. */
static const char *expand(struct profile *p, const char *text)
{
    static const char mark[] = "{prefix}";
    char *path = profile_alloc(p, strlen(text) + 1);
    char *out = path;
    const char *at;

    if (!path)
        return NULL;
    for (; (at = strstr(text, mark)); text = at + sizeof mark - 1) {
        memcpy(out, text, (size_t)(at - text));
        memcpy(out + (at - text), p->prefix, 2);
        out += at - text + 2;
    }
    memcpy(out, text, strlen(text) + 1);
    return path;
}

static bool read_first_look(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    const char *text = plain_text(L);

    r->p->first_look = NULL;
    if (lua_isboolean(L, -1) && !lua_toboolean(L, -1))
        return true;
    if (!text)
        return must_be(r, L, key);
    const char *path = expand(r->p, text);
    if (!path)
        return error_memory(r->err);
    if (!is_api_path(path))
        return must_be(r, L, key);
    r->p->first_look = path;
    return true;
}

/* The length of the list on top; -1: it is none, or has holes. */
static int list_length(lua_State *L)
{
    int entries = 0;

    if (!lua_istable(L, -1))
        return -1;
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        entries++;
        lua_pop(L, 1);
    }
    return lua_rawlen(L, -1) == (lua_Unsigned)entries ? entries : -1;
}

bool profile_may_be_not_done(int64_t status)
{
    return status == 408 || status == 409 || (status >= 500 && status < 600);
}

static bool read_not_done(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    int n = list_length(L);

    if (n < 0)
        return must_be(r, L, key);
    for (int i = 1; i <= n; i++) {
        int whole = lua_rawgeti(L, -1, i) == LUA_TNUMBER;
        lua_Integer status = whole ? lua_tointegerx(L, -1, &whole) : 0;
        if (!whole || !profile_may_be_not_done(status))
            return must_be(r, L, key);
        r->p->not_done[status] = true;
        lua_pop(L, 1);
    }
    return true;
}

/* A list of texts, which become the profile's. */
static bool read_texts(struct profile_reading *r, lua_State *L,
    const struct key *key, const char *const **list, size_t *count)
{
    int n = list_length(L);

    if (n < 0)
        return must_be(r, L, key);
    const char **names = profile_alloc(r->p, ((size_t)n + 1) * sizeof *names);
    if (!names)
        return error_memory(r->err);
    for (int i = 0; i < n; i++) {
        lua_rawgeti(L, -1, i + 1);
        const char *name = plain_text(L);
        if (!name)
            return must_be(r, L, key);
        names[i] = profile_keep(r->p, name, strlen(name));
        if (!names[i])
            return error_memory(r->err);
        lua_pop(L, 1);
    }
    *list = names;
    *count = (size_t)n;
    return true;
}

static bool read_canceled(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    return read_texts(r, L, key, &r->p->canceled, &r->p->canceled_count);
}

static bool read_modules(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    return read_texts(r, L, key, &r->p->modules, &r->p->module_count);
}

static bool read_settings(
    struct profile_reading *r, lua_State *L, const struct key *key)
{
    if (!lua_istable(L, -1))
        return must_be(r, L, key);
    return profile_keep_settings(r, L);
}

#define AT(field) offsetof(struct profile, field)

static const struct key keys[] = {
    {"url", read_url, "a text such as \"https://acme.omnitron.net\"", AT(url),
        0, 0, NULL},
    {"token_file", read_path, "the name of the file with the API token",
        AT(token_file), 0, 0, NULL},
    {"username", read_text, "a text", AT(username), 0, 0, NULL},
    {"password_file", read_path, "the name of the file with the password",
        AT(password_file), 0, 0, NULL},
    {"prefix", read_prefix, "\"i1\" or \"v1\"", 0, 0, 0, "\"i1\""},
    {"at_once", read_at_once, "\"auto\" or a whole number from 1 to 64",
        AT(at_once), 1, 64, "\"auto\""},
    {"per_second", read_rate, "a number from 0.01 to 1000", AT(per_second),
        0.01, 1000, NULL},
    {"timeout", read_time,
        "seconds from 0.1 to 3600, or a text such as \"30s\"",
        AT(route.timeout_ms), 100, HOUR, "30"},
    {"connect_timeout", read_time,
        "seconds from 0.1 to 3600, or a text such as \"10s\"",
        AT(route.connect_timeout_ms), 100, HOUR, "10"},
    {"tries", read_whole, "a whole number from 1 to 100", AT(tries), 1, 100,
        "5"},
    {"retry_rejected", read_time, "a text such as \"24h\", at most \"365d\"",
        AT(retry_rejected_ms), 0, 365 * DAY, "\"24h\""},
    {"when_unknown", read_when_unknown, "\"hold\" or \"resend\"", 0, 0, 0,
        "\"hold\""},
    {"not_done", read_not_done,
        "a list of 408, 409 and statuses from 500 to 599", 0, 0, 0, "{}"},
    {"unique_codes", read_flag, "true or false", AT(unique_codes), 0, 0,
        "false"},
    {"canceled", read_canceled, "a list of texts", 0, 0, 0, "{}"},
    {"update_stock", read_update_stock, "\"default\" or \"explicit\"", 0, 0, 0,
        "\"default\""},
    {"first_look", read_first_look,
        "false or a path such as \"/api/{prefix}/orders/?limit=1\"", 0, 0, 0,
        "\"/api/{prefix}/orders/?limit=1\""},
    {"journal", read_path, "the name of a file", AT(journal), 0, 0,
        "\"journal.db\""},
    {"ca_file", read_path, "the name of a file", AT(route.ca_file), 0, 0, NULL},
    {"proxy", read_proxy, "a text such as \"http://proxy.example:3128\"",
        AT(route.proxy), 0, 0, NULL},
    {"memory", read_size, "a text such as \"256M\", from \"1M\" to \"320M\"",
        AT(memory), MIB, 320 * MIB, "\"256M\""},
    {"run_away", read_time, "a text such as \"10s\", from \"10ms\" to \"1h\"",
        AT(run_away_ms), 10, HOUR, "\"10s\""},
    {"quiet_runs", read_whole, "a whole number from 0 to 1000", AT(quiet_runs),
        0, 1000, "1"},
    {"modules", read_modules, "a list of names of C modules", 0, 0, 0, "{}"},
    {"settings", read_settings, "a table", 0, 0, 0, "{}"},
    {"keep_rows", read_flag, "true or false", AT(keep_rows), 0, 0, "true"},
};

enum { KEYS = sizeof keys / sizeof *keys };

const char *profile_key(size_t n, const char **otherwise)
{
    *otherwise = n < KEYS ? keys[n].otherwise : NULL;
    return n < KEYS ? keys[n].name : NULL;
}

static const struct key *find_key(const char *name)
{
    for (size_t i = 0; i < KEYS; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

static bool unknown_key(struct profile_reading *r, const char *name)
{
    char shown[PROFILE_SHOWN], known[400];
    const char *names[KEYS];
    size_t len = 0;

    for (size_t i = 0; i < KEYS; i++)
        names[i] = keys[i].name;
    const char *near = spelling_nearest(name, names, KEYS);
    for (size_t i = 0; i < KEYS && len < sizeof known; i++)
        len += (size_t)snprintf(
            known + len, sizeof known - len, "%s%s", i ? ", " : "", names[i]);
    return error_set(r->err, ERROR_USAGE,
        "%s: unknown key %s%s%s%s (known: %s; what your script wants goes into "
        "settings)",
        r->p->path, profile_show(r->p, name, shown),
        near ? ", did you mean " : "", near ? near : "", near ? "?" : "",
        known);
}

static bool check_names(struct profile_reading *r, lua_State *L)
{
    lua_pushnil(L);
    for (; lua_next(L, -2); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            return error_set(r->err, ERROR_USAGE,
                "%s: there is a value without a key: write key = value",
                r->p->path);
        if (!find_key(lua_tostring(L, -2)))
            return unknown_key(r, lua_tostring(L, -2));
    }
    return true;
}

/* The table is on top. What has no key keeps its default. */
static bool read_rows(struct profile_reading *r, lua_State *L)
{
    for (size_t i = 0; i < KEYS; i++) {
        lua_pushstring(L, keys[i].name);
        if (lua_rawget(L, -2) != LUA_TNIL && !keys[i].read(r, L, &keys[i]))
            return false;
        lua_pop(L, 1);
    }
    return true;
}

static bool check_login(struct profile_reading *r)
{
    const struct profile *p = r->p;
    const char *why = NULL;

    if (p->token_file && p->username)
        why = "token_file and username exclude each other: keep one";
    else if (p->username && !p->password_file)
        why = "username needs a password_file";
    else if (p->password_file && !p->username)
        why = "password_file needs a username";
    return !why || error_set(r->err, ERROR_USAGE, "%s: %s", p->path, why);
}

bool profile_read_keys(struct profile_reading *r, lua_State *L)
{
    return check_names(r, L) && read_rows(r, L) && check_login(r);
}
