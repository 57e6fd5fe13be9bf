#include "profile/profile.h"

#include "base/mem.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/profile_test.XXXXXX";
static const char file[] = "acme/profile.lua";

static void put_as(const char *path, const char *text, mode_t mode)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    fclose(f);
    assert_int_equal(chmod(path, mode), 0);
}

static void load(const char *text, struct profile *p)
{
    struct error err;

    put_as(file, text, 0644);
    if (!profile_load(file, p, &err))
        fail_msg("%s\n%s", text, err.text);
}

/* `message` is what stands behind the file's name. */
static void assert_refuses(const char *text, const char *message)
{
    struct profile p;
    struct error err = {0};

    put_as(file, text, 0644);
    if (profile_load(file, &p, &err))
        fail_msg("accepted: %s", text);
    assert_int_equal(strncmp(err.text, file, sizeof file - 1), 0);
    if (strcmp(err.text + sizeof file - 1, message) != 0)
        fail_msg(
            "%s\n  said   %s\n  not    %s%s", text, err.text, file, message);
    assert_int_equal(err.kind, ERROR_USAGE);
}

static void assert_defaults(const struct profile *p)
{
    assert_null(p->url);
    assert_string_equal(p->origin, "");
    assert_string_equal(p->host, "");
    assert_null(p->token_file);
    assert_null(p->username);
    assert_null(p->password_file);
    assert_string_equal(p->prefix, "i1");
    assert_int_equal(p->at_once, 0);
    assert_true(p->per_second == 0);
    assert_int_equal(p->route.timeout_ms, 30000);
    assert_int_equal(p->route.connect_timeout_ms, 10000);
    assert_int_equal(p->tries, 5);
    assert_int_equal(p->retry_rejected_ms, 86400000);
    assert_int_equal(p->when_unknown, PROFILE_HOLD);
    for (int i = 0; i < 600; i++)
        assert_false(p->not_done[i]);
    assert_false(p->unique_codes);
    assert_false(p->update_stock_explicit);
    assert_string_equal(p->first_look, "/api/i1/orders/?limit=1");
    assert_null(p->route.ca_file);
    assert_null(p->route.proxy);
    assert_int_equal(p->memory, 256 << 20);
    assert_int_equal(p->run_away_ms, 10000);
    assert_int_equal(p->quiet_runs, 1);
    assert_int_equal(p->module_count, 0);
    assert_true(p->keep_rows);
}

static void test_defaults(void **state)
{
    struct profile p;

    (void)state;
    profile_defaults(&p);
    assert_defaults(&p);
    assert_null(p.path);
    assert_string_equal(p.folder, ".");
    assert_string_equal(p.journal, "journal.db");
    profile_free(&p);
}

/* What the manual gives as the default of a key, said of every key. */
static void test_told_defaults_are_defaults(void **state)
{
    char text[2000] = "";
    const char *key, *otherwise;
    struct profile p;

    (void)state;
    for (size_t n = 0; (key = profile_key(n, &otherwise)); n++)
        if (otherwise)
            snprintf(text + strlen(text), sizeof text - strlen(text),
                "%s = %s\n", key, otherwise);
    assert_non_null(strstr(text, "retry_rejected = \"24h\"\n"));
    load(text, &p);
    assert_defaults(&p);
    assert_string_equal(p.journal, "acme/journal.db");
    profile_free(&p);
}

static void test_empty_ones_are_defaults(void **state)
{
    static const char *const texts[] = {
        "", "return {}", "-- nothing\n", "\xef\xbb\xbfreturn {}", "return nil"};
    struct profile p;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        load(texts[i], &p);
        assert_defaults(&p);
        assert_string_equal(p.path, file);
        assert_string_equal(p.folder, "acme");
        assert_string_equal(p.journal, "acme/journal.db");
        profile_free(&p);
    }
}

static void assert_every_key(const struct profile *p)
{
    assert_string_equal(p->url, "https://ACME.omnitron.net:8443/");
    assert_string_equal(p->origin, "https://acme.omnitron.net:8443");
    assert_string_equal(p->host, "acme.omnitron.net:8443");
    assert_false(p->loopback);
    assert_string_equal(p->token_file, "acme/keys/token");
    assert_string_equal(p->prefix, "v1");
    assert_int_equal(p->at_once, 12);
    assert_true(p->per_second == 2.5);
    assert_int_equal(p->route.timeout_ms, 1500);
    assert_int_equal(p->route.connect_timeout_ms, 500);
    assert_int_equal(p->tries, 3);
    assert_int_equal(p->retry_rejected_ms, 0);
    assert_int_equal(p->when_unknown, PROFILE_RESEND);
    assert_true(p->not_done[408] && p->not_done[503] && p->not_done[599]);
    assert_false(p->not_done[409] || p->not_done[500]);
    assert_true(p->unique_codes);
    assert_int_equal(p->canceled_count, 1);
    assert_string_equal(p->canceled[0], "approved");
    assert_true(p->update_stock_explicit);
    assert_string_equal(p->first_look, "/api/v1/content_types/?v1");
    assert_string_equal(p->journal, "/var/lib/acme.db");
    assert_string_equal(p->route.ca_file, "acme/../ca.pem");
    assert_string_equal(p->route.proxy, "http://proxy.example:3128");
    assert_int_equal(p->memory, 64 << 20);
    assert_int_equal(p->run_away_ms, 2000);
    assert_int_equal(p->quiet_runs, 0);
    assert_int_equal(p->module_count, 2);
    assert_string_equal(p->modules[0], "lpeg");
    assert_string_equal(p->modules[1], "lfs");
    assert_false(p->keep_rows);
}

/* The same keys in both spellings of a profile. */
static const char *const every_key[] = {
    "url = 'https://ACME.omnitron.net:8443/'",
    "token_file = 'keys/token'",
    "prefix = 'v1'",
    "at_once = 12",
    "per_second = 2.5",
    "timeout = 1.5",
    "connect_timeout = '500ms'",
    "tries = 3.0",
    "retry_rejected = 0",
    "when_unknown = 'resend'",
    "not_done = { 408, 503, 599 }",
    "unique_codes = true",
    "canceled = { 'approved' }",
    "update_stock = 'explicit'",
    "first_look = '/api/{prefix}/content_types/?{prefix}'",
    "journal = '/var/lib/acme.db'",
    "ca_file = '../ca.pem'",
    "proxy = 'http://proxy.example:3128'",
    "memory = '64M'",
    "run_away = '2s'",
    "quiet_runs = 0",
    "modules = { 'lpeg', 'lfs' }",
    "settings = {}",
    "keep_rows = false",
};

static void test_every_key(void **state)
{
    char returned[2000] = "return {", assigned[2000] = "";
    struct profile p;

    (void)state;
    for (size_t i = 0; i < sizeof every_key / sizeof *every_key; i++) {
        strcat(strcat(returned, every_key[i]), ",\n");
        strcat(strcat(assigned, every_key[i]), "\n");
    }
    load(strcat(returned, "}"), &p);
    assert_every_key(&p);
    profile_free(&p);
    load(assigned, &p);
    assert_every_key(&p);
    profile_free(&p);
}

static void test_proxies(void **state)
{
    static const char *const good[] = {"proxy.example", "proxy.example:3128",
        "HTTP://10.0.0.1:3128/", "socks5h://user:p@ss@[::1]:1080", NULL};
    char text[100];
    struct profile p;

    (void)state;
    for (size_t i = 0; good[i]; i++) {
        snprintf(text, sizeof text, "return { proxy = '%s' }", good[i]);
        load(text, &p);
        assert_string_equal(p.route.proxy, good[i]);
        profile_free(&p);
    }
}

static void test_prefix_moves_the_first_look(void **state)
{
    struct profile p;

    (void)state;
    load("return { prefix = 'v1' }", &p);
    assert_string_equal(p.first_look, "/api/v1/orders/?limit=1");
    profile_free(&p);
    load("return { prefix = 'v1', first_look = false }", &p);
    assert_null(p.first_look);
    profile_free(&p);
}

struct bad {
    const char *text, *message;
};

static void assert_all_refused(const struct bad *bad)
{
    for (; bad->text; bad++)
        assert_refuses(bad->text, bad->message);
}

#define KNOWN                                                                  \
    " (known: url, token_file, username, password_file, prefix, at_once, "     \
    "per_second, timeout, connect_timeout, tries, retry_rejected, "            \
    "when_unknown, not_done, unique_codes, canceled, update_stock, "           \
    "first_look, "                                                             \
    "journal, ca_file, proxy, memory, run_away, quiet_runs, modules, "         \
    "settings, keep_rows; what your script wants goes into settings)"

static void test_unknown_keys(void **state)
{
    static const struct bad bad[] = {
        {"return { erp = 'x' }", ": unknown key \"erp\"" KNOWN},
        {"return { atonce = 4 }",
            ": unknown key \"atonce\", did you mean at_once?" KNOWN},
        {"URL = 'https://a.example'",
            ": unknown key \"URL\", did you mean url?" KNOWN},
        {"return { token = 'x' }",
            ": unknown key \"token\", did you mean token_file?" KNOWN},
        {"return { tokenfile = 'x' }",
            ": unknown key \"tokenfile\", did you mean token_file?" KNOWN},
        {"function f() end", ": unknown key \"f\"" KNOWN},
        {"return { [('a\\nb')] = 1 }", ": unknown key \"a?b\"" KNOWN},
        {"return { 'https://a.example' }",
            ": there is a value without a key: write key = value"},
        {"return { [true] = 1 }",
            ": there is a value without a key: write key = value"},
        {NULL, NULL},
    };

    (void)state;
    assert_all_refused(bad);
}

static void test_wrong_values(void **state)
{
#define AT_ONCE                                                                \
    ": at_once must be \"auto\" or a whole number from 1 to 64, not "
#define PER_SECOND ": per_second must be a number from 0.01 to 1000, not "
#define TIMEOUT                                                                \
    ": timeout must be seconds from 0.1 to 3600, or a text such as \"30s\", "  \
    "not "
#define NOT_DONE                                                               \
    ": not_done must be a list of 408, 409 and statuses from 500 to 599, not "
#define PROXY                                                                  \
    ": proxy must be a text such as \"http://proxy.example:3128\", not "
#define FIRST_LOOK                                                             \
    ": first_look must be false or a path such as "                            \
    "\"/api/{prefix}/orders/?limit=1\", not "
#define MEMORY                                                                 \
    ": memory must be a text such as \"256M\", from \"1M\" to \"320M\", not "
    static const struct bad bad[] = {
        {"return { at_once = 'many' }", AT_ONCE "\"many\""},
        {"return { at_once = 0 }", AT_ONCE "0"},
        {"return { at_once = 65 }", AT_ONCE "65"},
        {"return { at_once = 1.5 }", AT_ONCE "1.5"},
        {"return { at_once = '4' }", AT_ONCE "\"4\""},
        {"return { at_once = {} }", AT_ONCE "a table"},
        {"return { at_once = true }", AT_ONCE "true"},
        {"return { at_once = function() end }", AT_ONCE "a function"},
        {"return { at_once = 2^63 }", AT_ONCE "9.2233720368548e+18"},
        {"return { per_second = 0 }", PER_SECOND "0"},
        {"return { per_second = 1e9 }", PER_SECOND "1000000000"},
        {"return { per_second = 0/0 }", PER_SECOND "nan"},
        {"return { per_second = '2' }", PER_SECOND "\"2\""},
        {"return { timeout = 0 }", TIMEOUT "0"},
        {"return { timeout = 3601 }", TIMEOUT "3601"},
        {"return { timeout = '30' }", TIMEOUT "\"30\""},
        {"return { timeout = '2h' }", TIMEOUT "\"2h\""},
        {"return { tries = 0 }",
            ": tries must be a whole number from 1 to 100, not 0"},
        {"return { retry_rejected = -1 }",
            ": retry_rejected must be a text such as \"24h\", at most "
            "\"365d\", not -1"},
        {"return { when_unknown = 'send' }",
            ": when_unknown must be \"hold\" or \"resend\", not \"send\""},
        {"return { prefix = 'i2' }",
            ": prefix must be \"i1\" or \"v1\", not \"i2\""},
        {"return { not_done = 503 }", NOT_DONE "503"},
        {"return { not_done = { 503, 404 } }", NOT_DONE "404"},
        {"return { not_done = { 600 } }", NOT_DONE "600"},
        {"return { not_done = { '503' } }", NOT_DONE "\"503\""},
        {"return { not_done = { 503.5 } }", NOT_DONE "503.5"},
        {"return { not_done = { [2] = 503 } }", NOT_DONE "a table"},
        {"return { not_done = { x = 503 } }", NOT_DONE "a table"},
        {"return { unique_codes = 1 }",
            ": unique_codes must be true or false, not 1"},
        {"return { canceled = 'approved' }",
            ": canceled must be a list of texts, not \"approved\""},
        {"return { canceled = { 100 } }",
            ": canceled must be a list of texts, not 100"},
        {"return { update_stock = true }",
            ": update_stock must be \"default\" or \"explicit\", not true"},
        {"return { proxy = 'proxy example:3128' }",
            PROXY "\"proxy example:3128\""},
        {"return { proxy = 'htp://proxy.example:3128' }",
            PROXY "\"htp://proxy.example:3128\""},
        {"return { proxy = 'http://proxy.example:port' }",
            PROXY "\"http://proxy.example:port\""},
        {"return { proxy = 'proxy.example:70000' }",
            PROXY "\"proxy.example:70000\""},
        {"return { proxy = 'http://' }", PROXY "\"http://\""},
        {"return { proxy = 'http://proxy.example:3128/x' }",
            PROXY "\"http://proxy.example:3128/x\""},
        {"return { first_look = true }", FIRST_LOOK "true"},
        {"return { first_look = 'orders' }", FIRST_LOOK "\"orders\""},
        {"return { first_look = '/orders/' }", FIRST_LOOK "\"/orders/\""},
        {"return { first_look = '/api/a b' }", FIRST_LOOK "\"/api/a b\""},
        {"return { first_look = '/api/{prefx}' }",
            FIRST_LOOK "\"/api/{prefx}\""},
        {"return { journal = '' }",
            ": journal must be the name of a file, not \"\""},
        {"return { journal = 'a\\nb' }",
            ": journal must be the name of a file, not \"a?b\""},
        {"return { journal = 'a\\0b' }",
            ": journal must be the name of a file, not \"a\""},
        {"return { memory = '321M' }", MEMORY "\"321M\""},
        {"return { memory = '1K' }", MEMORY "\"1K\""},
        {"return { memory = 256 }", MEMORY "256"},
        {"return { quiet_runs = 1.5 }",
            ": quiet_runs must be a whole number from 0 to 1000, not 1.5"},
        {"return { quiet_runs = -1 }",
            ": quiet_runs must be a whole number from 0 to 1000, not -1"},
        {"return { run_away = '1ms' }",
            ": run_away must be a text such as \"10s\", from \"10ms\" to "
            "\"1h\", not \"1ms\""},
        {"return { modules = 'lpeg' }",
            ": modules must be a list of names of C modules, not \"lpeg\""},
        {"return { modules = { 1 } }",
            ": modules must be a list of names of C modules, not 1"},
        {"return { settings = 'x' }", ": settings must be a table, not \"x\""},
        {"return { token_file = {} }",
            ": token_file must be the name of the file with the API token, "
            "not a table"},
        {"return { token_file = 't', username = 'eva', password_file = 'p' }",
            ": token_file and username exclude each other: keep one"},
        {"return { username = 'eva' }", ": username needs a password_file"},
        {"return { password_file = 'p' }", ": password_file needs a username"},
        {"return { proxy = '1234567890123456789012345678901234567890123456789"
         "012345678901234567890\\n' }",
            ": proxy must be a text such as \"http://proxy.example:3128\", "
            "not \"1234567890123456789012345678901234567890123456789012345678"
            "...\""},
        {NULL, NULL},
    };

    (void)state;
    assert_all_refused(bad);
}

static void test_urls(void **state)
{
    static const struct bad bad[] = {
        {"return { url = 7 }", ": url must be a text such as "
                               "\"https://acme.omnitron.net\", not 7"},
        {"return { url = 'acme.omnitron.net' }",
            ": url must begin with https://"},
        {"return { url = 'http://acme.omnitron.net' }",
            ": url would send the token to acme.omnitron.net unencrypted: "
            "write https://acme.omnitron.net"},
        {"return { url = 'https://eva:hunter22@acme.omnitron.net' }",
            ": url must not have a user or a password in it"},
        {"return { url = 'https://acme.omnitron.net/api/i1' }",
            ": url must end with the host: https://acme.omnitron.net, nothing "
            "behind it"},
        {"return { url = 'https://acme.omnitron.net?x' }",
            ": url must end with the host: https://acme.omnitron.net, nothing "
            "behind it"},
        {NULL, NULL},
    };
    struct profile p;

    (void)state;
    assert_all_refused(bad);
    load("return { url = 'http://127.0.0.1:8080' }", &p);
    assert_string_equal(p.origin, "http://127.0.0.1:8080");
    assert_string_equal(p.host, "127.0.0.1:8080");
    assert_true(p.loopback);
    profile_free(&p);
}

static void test_evaluation(void **state)
{
#define UNKNOWN_NAME                                                           \
    " is not known here: texts go in quotes, and all there is to call is "     \
    "env(NAME) and secret(FILE)"
    static const struct bad bad[] = {
        {"return {\n  at_once = 4\n  tries = 3 }",
            ":3: '}' expected (to close '{' at line 1) near 'tries'"},
        {"\nreturn os.getenv('HOME')", ":2: \"os\"" UNKNOWN_NAME},
        {"at_once = auto", ":1: \"auto\"" UNKNOWN_NAME},
        {"return { tries = print }", ":1: \"print\"" UNKNOWN_NAME},
        {"load('x')", ":1: \"load\"" UNKNOWN_NAME},
        {"return 7", " must return a table, not a number"},
        {"tries = 3 return {}",
            " returns a table and assigns keys outside it too: keep one of the "
            "two (local before a name of your own)"},
        {"while true do end",
            ":1: this takes too long: a profile is data, not a program"},
        {"local t = {} for i = 1, 1e9 do t[i] = i .. '' end",
            " needs more than 16 MiB of memory: a profile is data, not a "
            "program"},
        {"\x1bLua", ": attempt to load a binary chunk (mode is 't')"},
        {"return { url = env() }",
            ":1: bad argument #1 to 'env' (string expected, got no value)"},
        {"return { url = env 'OMNITRON_TOKEN' }",
            ":1: env does not give OMNITRON_TOKEN: omnitron takes the token "
            "from there by itself"},
        {NULL, NULL},
    };
    struct profile p;

    (void)state;
    assert_all_refused(bad);
    load("local host = 'a.example' return { url = 'https://' .. host }", &p);
    assert_string_equal(p.host, "a.example");
    profile_free(&p);
    load("journal = 'j' ca_file = journal", &p);
    assert_string_equal(p.route.ca_file, "acme/j");
    profile_free(&p);
}

static void assert_load_says(const char *path, const char *message)
{
    struct profile p;
    struct error err;

    assert_false(profile_load(path, &p, &err));
    assert_string_equal(err.text, message);
}

static void test_files(void **state)
{
    (void)state;
    assert_load_says("nowhere/profile.lua",
        "there is no profile at nowhere/profile.lua: omnitron init makes one, "
        "--profile FILE names another");
    assert_load_says("acme", "acme is a folder: name the profile.lua in it");
    assert_int_equal(mkfifo("fifo", 0600), 0);
    alarm(5);
    assert_load_says("fifo", "fifo is not a regular file");
    alarm(0);
    unlink("fifo");
    put_as("large", "", 0600);
    assert_int_equal(truncate("large", (1 << 20) + 1), 0);
    assert_load_says("large", "large is larger than 1 MiB: is it a profile?");
    unlink("large");
}

/* Lua would cut such a path to 60 bytes. */
static void test_long_path(void **state)
{
    char path[300], message[500];

    (void)state;
    memset(path, 'd', 120);
    path[120] = '\0';
    assert_int_equal(mkdir(path, 0700), 0);
    strcpy(path + 120, "/p.lua");
    put_as(path, "tries = auto", 0600);
    snprintf(message, sizeof message, "%s:1: \"auto\"%s", path, UNKNOWN_NAME);
    assert_load_says(path, message);
    unlink(path);
    path[120] = '\0';
    rmdir(path);
}

static void test_in_the_current_folder(void **state)
{
    struct profile p;
    struct error err;

    (void)state;
    put_as("profile.lua", "return { token_file = 'token' }", 0600);
    assert_true(profile_load("profile.lua", &p, &err));
    assert_string_equal(p.folder, ".");
    assert_string_equal(p.journal, "journal.db");
    assert_string_equal(p.token_file, "token");
    profile_free(&p);
    unlink("profile.lua");
}

static void assert_ready_says(const struct profile *p, const char *message)
{
    struct error err = {0};

    assert_false(profile_ready(p, &err));
    assert_string_equal(err.text, message);
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_string_equal(p->origin, "");
}

static void test_ready(void **state)
{
    struct profile p;
    struct error err;

    (void)state;
    load("return {}", &p);
    assert_ready_says(&p, "acme/profile.lua: url is not set: url = "
                          "\"https://acme.omnitron.net\" (or OMNITRON_URL)");
    profile_free(&p);
    load("return { url = 'https://Change-ME.omnitron.net' }", &p);
    assert_ready_says(&p,
        "acme/profile.lua: url is still https://Change-ME.omnitron.net: fill "
        "in the address of the customer's Omnitron");
    profile_free(&p);
    load("return { url = 'https://acme.omnitron.net' }", &p);
    assert_true(profile_ready(&p, &err));
    profile_free(&p);
    profile_defaults(&p);
    assert_ready_says(&p,
        "there is no profile and no OMNITRON_URL: omnitron init makes a "
        "profile, --profile FILE names one");
}

static void assert_ca_says(const char *message)
{
    struct profile p;
    struct error err = {0};

    load("return { url = 'https://acme.example', ca_file = 'ca.pem' }", &p);
    assert_int_equal(profile_ready(&p, &err), message == NULL);
    assert_string_equal(err.text, message ? message : "");
    assert_true(!message || err.kind == ERROR_USAGE);
    profile_free(&p);
}

static void test_ca_file(void **state)
{
#define CA "acme/profile.lua: ca_file acme/ca.pem cannot be read: "
    static const char none[] =
        CA "it has no certificate in PEM form (-----BEGIN CERTIFICATE-----)";

    (void)state;
    assert_ca_says(CA "No such file or directory");
    mkdir("acme/ca.pem", 0700);
    assert_ca_says(CA "it is a folder, and a file is needed here");
    rmdir("acme/ca.pem");
    put_as("acme/ca.pem", "", 0600);
    assert_ca_says(none);
    put_as("acme/ca.pem", "0\202\003\032", 0600);
    assert_ca_says(none);
    put_as("acme/ca.pem", "# ours\n-----BEGIN CERTIFICATE-----\n", 0600);
    assert_ca_says(NULL);
    unlink("acme/ca.pem");
}

static void test_url_of_the_environment(void **state)
{
    struct profile p;
    struct error err;

    (void)state;
    setenv("OMNITRON_URL", "https://env.example", 1);
    profile_defaults(&p);
    assert_string_equal(p.host, "env.example");
    assert_true(profile_ready(&p, &err));
    load("return {}", &p);
    assert_string_equal(p.origin, "https://env.example");
    profile_free(&p);
    load("return { url = 'https://own.example' }", &p);
    assert_string_equal(p.host, "own.example");
    profile_free(&p);
    load("return { url = 'https://CHANGE-ME.omnitron.net' }", &p);
    assert_string_equal(p.host, "");
    assert_false(profile_ready(&p, &err));
    profile_free(&p);
    setenv("OMNITRON_URL", "http://env.example", 1);
    load("return {}", &p);
    assert_ready_says(&p,
        "OMNITRON_URL would send the token to env.example unencrypted: write "
        "https://env.example");
    profile_free(&p);
    setenv("OMNITRON_URL", "https://change-me.example", 1);
    profile_defaults(&p);
    assert_ready_says(&p,
        "OMNITRON_URL is still https://change-me.example: fill in the address "
        "of the customer's Omnitron");
    setenv("OMNITRON_URL", "", 1);
    profile_defaults(&p);
    assert_ready_says(&p,
        "there is no profile and no OMNITRON_URL: omnitron init makes a "
        "profile, --profile FILE names one");
    unsetenv("OMNITRON_URL");
}

static void assert_token(
    const struct profile *p, const char *text, const char *place)
{
    struct secret *token;
    struct error err;

    if (!profile_token(p, &token, &err))
        fail_msg("%s", err.text);
    assert_string_equal(secret_text(token), text);
    secret_free(token);
    assert_string_equal(profile_token_place(p), place);
}

static void assert_no_token(const struct profile *p, const char *message)
{
    struct secret *token;
    struct error err = {0};

    assert_false(profile_token(p, &token, &err));
    assert_null(token);
    assert_string_equal(err.text, message);
    assert_int_equal(err.kind, ERROR_USAGE);
}

/* Takes each way away in turn: the next one wins. */
static void test_which_token_wins(void **state)
{
    struct profile with, without;
    struct error err;

    (void)state;
    put_as("acme/token", "from-the-file\n", 0600);
    put_as("omnitron-token", "from-systemd\n", 0440);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    setenv("OMNITRON_TOKEN", "from-the-variable", 1);
    assert_true(profile_take_environment(&err));
    assert_null(getenv("OMNITRON_TOKEN"));
    load("return { token_file = 'token' }", &with);
    load("return {}", &without);
    assert_token(&with, "from-the-file", "acme/token");
    assert_token(
        &without, "from-systemd", "$CREDENTIALS_DIRECTORY/omnitron-token");
    unlink("omnitron-token");
    assert_token(&without, "from-the-variable", "OMNITRON_TOKEN");
    assert_token(&without, "from-the-variable", "OMNITRON_TOKEN");
    profile_forget_environment();
    assert_string_equal(profile_token_place(&without), "");
    assert_no_token(&without,
        "acme/profile.lua names no API token: write token_file = \"token\" "
        "there and put the token into acme/token (mode 0600), or set "
        "OMNITRON_TOKEN");
    unsetenv("CREDENTIALS_DIRECTORY");
    profile_free(&with);
    profile_free(&without);
    profile_defaults(&without);
    assert_no_token(&without,
        "there is no API token: set OMNITRON_TOKEN, or name a token_file in a "
        "profile (omnitron init makes one)");
}

static void test_bad_credential_is_no_silence(void **state)
{
    struct profile p;
    struct error err;

    (void)state;
    put_as("omnitron-token", "from-systemd\n", 0444);
    setenv("CREDENTIALS_DIRECTORY", ".", 1);
    setenv("OMNITRON_TOKEN", "from-the-variable", 1);
    assert_true(profile_take_environment(&err));
    profile_defaults(&p);
    assert_no_token(&p,
        "the credential ./omnitron-token has mode 0444, so others can use it: "
        "systemd makes it 0400 or 0440");
    unsetenv("CREDENTIALS_DIRECTORY");
    unlink("omnitron-token");
    profile_forget_environment();
}

static void test_bad_token_files(void **state)
{
    struct profile p;

    (void)state;
    load("return { token_file = 'token' }", &p);
    unlink("acme/token");
    assert_no_token(&p, "acme/token is missing: put the API token into it, "
                        "then chmod 600 acme/token");
    put_as("acme/token", "", 0600);
    assert_no_token(
        &p, "acme/token is empty: put the API token into acme/token");
    put_as("acme/token", "t0ken", 0644);
    assert_no_token(&p, "acme/token has mode 0644, so others can use it: chmod "
                        "600 acme/token");
    put_as("acme/token", "t0\nken\n", 0600);
    assert_no_token(
        &p, "acme/token has more than one line: it must be one line");
    put_as("acme/token", "Token t0ken\n", 0600);
    assert_no_token(
        &p, "acme/token has a space in it: it must hold the API token alone");
    unlink("acme/token");
    assert_int_equal(mkdir("acme/token", 0700), 0);
    assert_no_token(&p, "acme/token is a folder: put the API token into a file "
                        "of its own");
    rmdir("acme/token");
    profile_free(&p);
}

static void test_bad_token_variables(void **state)
{
    struct profile p;
    struct error err;

    (void)state;
    profile_defaults(&p);
    setenv("OMNITRON_TOKEN", "two\nlines", 1);
    assert_true(profile_take_environment(&err));
    assert_null(getenv("OMNITRON_TOKEN"));
    assert_no_token(&p,
        "OMNITRON_TOKEN has more than one line: it must be one line (or name a "
        "token_file in the profile)");
    setenv("OMNITRON_TOKEN", "", 1);
    assert_true(profile_take_environment(&err));
    assert_no_token(&p, "OMNITRON_TOKEN is empty (or name a token_file in the "
                        "profile)");
    profile_forget_environment();
}

static void test_login(void **state)
{
    struct secret *token, *password;
    struct profile p;
    struct error err;

    (void)state;
    setenv("OMNITRON_TOKEN", "from-the-variable", 1);
    assert_true(profile_take_environment(&err));
    load("return { username = 'eva', password_file = 'password' }", &p);
    assert_string_equal(p.username, "eva");
    assert_true(profile_token(&p, &token, &err));
    assert_null(token);
    assert_string_equal(profile_token_place(&p), "acme/password");
    put_as("acme/password", "", 0600);
    assert_false(profile_password(&p, &password, &err));
    assert_string_equal(err.text,
        "acme/password is empty: put the password into acme/password");
    put_as("acme/password", "pass word\n", 0600);
    assert_true(profile_password(&p, &password, &err));
    assert_string_equal(secret_text(password), "pass word");
    secret_free(password);
    unlink("acme/password");
    profile_free(&p);
    profile_forget_environment();
}

static void assert_masked(const char *text, const char *masked)
{
    char copy[200];
    size_t len = strlen(text);

    memcpy(copy, text, len + 1);
    secret_mask(copy, &len);
    assert_string_equal(copy, masked);
}

static void test_secrets_are_masked_till_freed(void **state)
{
    struct profile p;
    struct error err;

    (void)state;
    put_as("acme/erp.key", "swordfish\n", 0600);
    load("return { settings = { key = secret 'erp.key', twice = "
         "secret('erp.key') } }",
        &p);
    assert_masked("key=swordfish;", "key=***;");
    profile_free(&p);
    assert_masked("key=swordfish;", "key=swordfish;");
    setenv("OMNITRON_TOKEN", "from-the-variable", 1);
    assert_true(profile_take_environment(&err));
    assert_masked("from-the-variable", "***");
    profile_forget_environment();
}

/* Cut short, a secret would no longer be masked. */
static void test_messages_hold_no_secret(void **state)
{
    char key[101];

    (void)state;
    memset(key, 'k', 100);
    key[100] = '\0';
    put_as("acme/erp.key", key, 0600);
    assert_refuses("return { at_once = secret 'erp.key' }", AT_ONCE "a secret");
    assert_refuses(
        "return { at_once = 'x' .. secret 'erp.key' }", AT_ONCE "a secret");
    assert_refuses(
        "return { [secret 'erp.key'] = 1 }", ": unknown key a secret" KNOWN);
    assert_refuses(
        "return _ENV[secret 'erp.key']", ":1: a secret" UNKNOWN_NAME);
    assert_refuses("return { settings = { [secret 'erp.key' .. '!'] = env } }",
        ": settings[a secret] is a function: settings are plain data (texts, "
        "numbers, true, false, tables)");
    put_as("acme/erp.key", "kkkk", 0644);
    assert_refuses("\nreturn { settings = { secret 'erp.key' } }",
        ":2: acme/erp.key has mode 0644, so others can use it: chmod 600 "
        "acme/erp.key");
}

static void test_env_function(void **state)
{
    struct profile p;

    (void)state;
    unsetenv("PROFILE_TEST");
    load("return { proxy = env 'PROFILE_TEST' }", &p);
    assert_null(p.route.proxy);
    profile_free(&p);
    setenv("PROFILE_TEST", "http://p.example", 1);
    load("return { proxy = env 'PROFILE_TEST' }", &p);
    assert_string_equal(p.route.proxy, "http://p.example");
    profile_free(&p);
}

static void test_bad_settings(void **state)
{
#define PLAIN                                                                  \
    " is a function: settings are plain data (texts, numbers, true, false, "   \
    "tables)"
    static const struct bad bad[] = {
        {"return { settings = { f = function() end } }", ": settings.f" PLAIN},
        {"return { settings = { a = { ['x y'] = { env } } } }",
            ": settings.a[\"x y\"][1]" PLAIN},
        {"return { settings = { [env] = 1 } }",
            ": settings must have texts or numbers as keys"},
        {"return { settings = { a = { [true] = 1 } } }",
            ": settings.a must have texts or numbers as keys"},
        {"local t = {} t.a = { b = t } return { settings = t }",
            ": settings.a.b leads back to a table that it is inside of"},
        {"local t = {} for i = 1, 20 do t = { t } end return { settings = t }",
            ": settings[1][1][1][1][1][1][1][1][1][1][1][1][1][1][1][1][1][1]"
            "[1][1] is nested deeper than 20 tables"},
        {"local t = {} for i = 1, 10001 do t[i] = i end return { settings = t "
         "}",
            ": settings makes the settings larger than 10,000 values: keep "
            "such data in a file of its own"},
        {"local t = {} for i = 1, 18 do t = { t, t } end return { settings = "
         "{ a = t } }",
            NULL},
        {NULL, NULL},
    };
    struct profile p;
    struct error err;

    (void)state;
    for (const struct bad *b = bad; b->text; b++) {
        if (b->message)
            assert_refuses(b->text, b->message);
        put_as(file, b->text, 0644);
        assert_false(profile_load(file, &p, &err));
    }
    assert_non_null(strstr(err.text, "larger than 10,000 values"));
}

static const char settings_text[] =
    "local shared = { x = 1 }\n"
    "return { settings = {\n"
    "  erp = 'https://erp.acme.example', n = 9007199254740993, f = 0.5,\n"
    "  yes = true, no = false, zero = 'a\\0b', [1.5] = 'half',\n"
    "  list = { 'a', 'b', { deep = 'c' } }, odoo = { db = 'd', url = 'u' },\n"
    "  s1 = shared, s2 = shared, none = {},\n"
    "} }";

static const char settings_checks[] =
    "local s = ...\n"
    "assert(s.erp == 'https://erp.acme.example')\n"
    "assert(math.type(s.n) == 'integer' and s.n == 9007199254740993)\n"
    "assert(math.type(s.f) == 'float' and s.f == 0.5)\n"
    "assert(s.yes == true and s.no == false and s.zero == 'a\\0b')\n"
    "assert(s[1.5] == 'half' and s[1] == nil)\n"
    "local n = 0 for _ in ipairs(s.list) do n = n + 1 end\n"
    "assert(n == 3 and #s.list == 3 and s.list[3].deep == 'c')\n"
    "assert(s.s1.x == 1 and s.s2.x == 1 and next(s.none) == nil)\n"
    "local function says(f, what)\n"
    "  local ok, message = pcall(f)\n"
    "  assert(not ok and message:find(what, 1, true), message)\n"
    "end\n"
    "says(function() return s.foo end, \":14: settings has no key 'foo' \"\n"
    "  .. '(profile.lua has: erp, f, list, n, no, none, odoo, s1, s2, yes, '\n"
    "  .. 'zero)')\n"
    "says(function() return s.odoo.pw end,\n"
    "  \"settings.odoo has no key 'pw' (profile.lua has: db, url)\")\n"
    "says(function() return s.list[3].x end,\n"
    "  \"settings.list[3] has no key 'x' (profile.lua has: deep)\")\n"
    "says(function() return s.none.x end,\n"
    "  \"settings.none has no key 'x' (profile.lua has none)\")\n"
    "local keys = 0 for _ in pairs(s) do keys = keys + 1 end\n"
    "assert(keys == 12)\n";

static lua_State *new_state(void)
{
    lua_State *L = luaL_newstate();

    assert_non_null(L);
    luaL_openlibs(L);
    return L;
}

static void run(lua_State *L, const char *code)
{
    if (luaL_loadbuffer(L, code, strlen(code), "=checks") != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
    lua_insert(L, -2);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
}

static void test_settings(void **state)
{
    struct profile p;
    lua_State *L = new_state();

    (void)state;
    load(settings_text, &p);
    for (int i = 0; i < 3; i++) {
        profile_push_settings(&p, L);
        assert_int_equal(lua_gettop(L), 1);
        run(L, settings_checks);
    }
    profile_push_settings(&p, L);
    profile_free(&p);
    run(L, settings_checks); // a copy: it outlives the profile
    lua_close(L);
}

static void test_no_settings(void **state)
{
    struct profile p;
    lua_State *L = new_state();

    (void)state;
    profile_defaults(&p);
    profile_push_settings(&p, L);
    assert_int_equal(lua_gettop(L), 1);
    run(L, "local ok, m = pcall(function(s) return s.foo end, ...)\n"
           "assert(not ok and m == \"checks:1: settings has no key 'foo' "
           "(there is no profile.lua)\", m)");
    load("return {}", &p);
    profile_push_settings(&p, L);
    assert_int_equal(lua_gettop(L), 1);
    run(L, "local ok, m = pcall(function(s) return s.foo end, ...)\n"
           "assert(not ok and m == \"checks:1: settings has no key 'foo' "
           "(profile.lua has none)\", m)");
    profile_free(&p);
    lua_close(L);
}

static void test_deepest_settings(void **state)
{
    struct profile p;
    lua_State *L = new_state();

    (void)state;
    load("local t = { x = 1 } for i = 1, 19 do t = { t } end\n"
         "return { settings = t }",
        &p);
    profile_push_settings(&p, L);
    run(L, "local t = ... for i = 1, 19 do t = t[1] end assert(t.x == 1)");
    profile_free(&p);
    lua_close(L);
}

static void test_beside(void **state)
{
    static const char *const rows[][2] = {
        {"acme", "acme/profile.lua"},
        {"acme/", "acme/profile.lua"},
        {"acme/release.lua", "acme/profile.lua"},
        {"no/such/release.lua", "no/such/profile.lua"},
        {"release.lua", "profile.lua"},
        {".", "profile.lua"},
        {"..", "../profile.lua"},
        {"/", "/profile.lua"},
        {"/x.lua", "/profile.lua"},
        {"", "profile.lua"},
        {NULL, "profile.lua"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *path = profile_beside(rows[i][0]);
        assert_non_null(path);
        assert_string_equal(path, rows[i][1]);
        mem_free(path);
    }
}

static int enter_folder(void **state)
{
    (void)state;
    unsetenv("OMNITRON_URL");
    unsetenv("OMNITRON_TOKEN");
    unsetenv("CREDENTIALS_DIRECTORY");
    return !mkdtemp(folder) || chdir(folder) != 0 || mkdir("acme", 0700) != 0;
}

static int leave_folder(void **state)
{
    (void)state;
    unlink("acme/erp.key");
    unlink(file);
    unlink("acme/token");
    return rmdir("acme") != 0 || chdir("/") != 0 || rmdir(folder) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_told_defaults_are_defaults),
        cmocka_unit_test(test_empty_ones_are_defaults),
        cmocka_unit_test(test_every_key),
        cmocka_unit_test(test_proxies),
        cmocka_unit_test(test_prefix_moves_the_first_look),
        cmocka_unit_test(test_unknown_keys),
        cmocka_unit_test(test_wrong_values),
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_evaluation),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_long_path),
        cmocka_unit_test(test_in_the_current_folder),
        cmocka_unit_test(test_ready),
        cmocka_unit_test(test_ca_file),
        cmocka_unit_test(test_url_of_the_environment),
        cmocka_unit_test(test_which_token_wins),
        cmocka_unit_test(test_bad_credential_is_no_silence),
        cmocka_unit_test(test_bad_token_files),
        cmocka_unit_test(test_bad_token_variables),
        cmocka_unit_test(test_login),
        cmocka_unit_test(test_secrets_are_masked_till_freed),
        cmocka_unit_test(test_messages_hold_no_secret),
        cmocka_unit_test(test_env_function),
        cmocka_unit_test(test_bad_settings),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_no_settings),
        cmocka_unit_test(test_deepest_settings),
        cmocka_unit_test(test_beside),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
