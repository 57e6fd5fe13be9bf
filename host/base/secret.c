#include "base/secret.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MASK_MIN = 4 }; // bytes; "***" is shorter than what it replaces

struct secret {
    struct secret *next;  // the living ones; under `lock`
    struct secret *spelt; // as a JSON string writes it, if otherwise; owned
    const char *hit;      // secret_mask: its next occurrence; under `lock`
    size_t len;
    char text[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct secret *living;

static void secret_enlist(struct secret *s)
{
    pthread_mutex_lock(&lock);
    s->next = living;
    living = s;
    pthread_mutex_unlock(&lock);
}

static void secret_delist(const struct secret *s)
{
    pthread_mutex_lock(&lock);
    for (struct secret **at = &living; *at; at = &(*at)->next) {
        if (*at != s)
            continue;
        *at = s->next;
        break;
    }
    pthread_mutex_unlock(&lock);
}

static struct secret *secret_alloc(size_t len)
{
    struct secret *s = mem_calloc(1, sizeof *s + len + 1);

    if (s)
        s->len = len;
    return s;
}

static bool needs_backslash(char c)
{
    return c == '"' || c == '\\';
}

/* How many bytes longer the text is inside a JSON string. */
static size_t spelt_extra(const char *text, size_t len)
{
    size_t extra = 0;

    for (size_t i = 0; i < len; i++)
        extra += needs_backslash(text[i]);
    return extra;
}

static struct secret *spell(const char *text, size_t len, size_t extra)
{
    struct secret *s = secret_alloc(len + extra);

    if (!s)
        return NULL;
    char *out = s->text;
    for (size_t i = 0; i < len; i++) {
        if (needs_backslash(text[i]))
            *out++ = '\\';
        *out++ = text[i];
    }
    return s;
}

static struct secret *secret_make(
    const char *text, size_t len, struct error *err)
{
    size_t extra = spelt_extra(text, len);
    struct secret *s = secret_alloc(len);

    if (s && extra && !(s->spelt = spell(text, len, extra))) {
        mem_free(s);
        s = NULL;
    }
    if (!s) {
        error_memory(err);
        return NULL;
    }
    memcpy(s->text, text, len);
    secret_enlist(s);
    if (s->spelt)
        secret_enlist(s->spelt);
    return s;
}

/* Why these bytes cannot be a secret, or NULL. Says nothing of what they
 * are. */
static const char *flaw(const char *text, size_t len)
{
    if (len > SECRET_MAX)
        return "is longer than 4096 bytes";
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        return "begins with a byte order mark: save it as plain text";
    if (memchr(text, '\n', len))
        return "has more than one line: it must be one line";
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7F)
            return "has a control character in it: it must be one line of "
                   "plain text";
        if (c >= 0x80)
            return "has a character in it that is not ASCII";
    }
    return NULL;
}

struct secret *secret_new(
    const char *name, const char *text, size_t len, struct error *err)
{
    const char *why = len ? flaw(text, len) : "is empty";

    if (!why)
        return secret_make(text, len, err);
    error_set(err, ERROR_USAGE, "%s %s", name, why);
    return NULL;
}

const char *secret_text(const struct secret *s)
{
    return s->text;
}

void secret_free(struct secret *s)
{
    if (!s)
        return;
    secret_free(s->spelt);
    secret_delist(s);
    explicit_bzero(s, sizeof *s + s->len);
    mem_free(s);
}

/* Overwrites each of a variable's values where /proc/PID/environ shows it;
 * there may be several, of which getenv knows the first. */
static void wipe_env(const char *name)
{
    size_t len = strlen(name);

    for (char **at = environ; at && *at; at++)
        if (strncmp(*at, name, len) == 0 && (*at)[len] == '=')
            explicit_bzero(*at + len + 1, strlen(*at + len + 1));
    unsetenv(name);
}

struct secret *secret_take_env(const char *name, struct error *err)
{
    const char *value = getenv(name);

    err->kind = ERROR_OTHER;
    err->text[0] = '\0';
    if (!value)
        return NULL;
    struct secret *s = secret_new(name, value, strlen(value), err);
    wipe_env(name);
    return s;
}

static const char *find(
    const struct secret *s, const char *from, const char *end)
{
    if (s->len < MASK_MIN)
        return NULL;
    return memmem(from, (size_t)(end - from), s->text, s->len);
}

/* The secret whose next occurrence comes first, or NULL. */
static struct secret *first_hit(void)
{
    struct secret *first = NULL;

    for (struct secret *s = living; s; s = s->next)
        if (s->hit && (!first || s->hit < first->hit))
            first = s;
    return first;
}

/* Where the stretch ends that `s` begins: others may overlap it. Moves the
 * next occurrence of each one behind it. */
static const char *stretch_end(struct secret *s, const char *end)
{
    const char *stop = s->hit + s->len;

    while (s && s->hit < stop) {
        if (s->hit + s->len > stop)
            stop = s->hit + s->len;
        s->hit = find(s, s->hit + 1, end);
        s = first_hit();
    }
    return stop;
}

/* Reading stays ahead of writing: a stretch is at least MASK_MIN long, and
 * every occurrence still known lies behind it. */
static char *mask_hits(char *text, const char *end)
{
    const char *from = text;
    struct secret *s;
    char *out = text;

    while ((s = first_hit())) {
        size_t before = (size_t)(s->hit - from);
        const char *stop = stretch_end(s, end);
        memmove(out, from, before);
        memcpy(out + before, "***", 3);
        out += before + 3;
        from = stop;
    }
    memmove(out, from, (size_t)(end - from));
    return out + (end - from);
}

void secret_mask(char *text, size_t *len)
{
    bool any = false;

    if (!*len)
        return;
    pthread_mutex_lock(&lock);
    for (struct secret *s = living; s; s = s->next) {
        s->hit = find(s, text, text + *len);
        any = any || s->hit;
    }
    if (any) {
        char *end = mask_hits(text, text + *len);
        *end = '\0';
        *len = (size_t)(end - text);
    }
    pthread_mutex_unlock(&lock);
}

/* Of one secret: the longest end of the text that it begins with. */
static size_t begun_of(const struct secret *s, const char *text, size_t len)
{
    size_t most = s->len < MASK_MIN ? 0 : s->len - 1;

    for (size_t n = len < most ? len : most; n > 0; n--)
        if (memcmp(text + len - n, s->text, n) == 0)
            return n;
    return 0;
}

/* Whether a whole one lies across that place. */
static bool lies_across(const char *text, size_t len, size_t place)
{
    for (const struct secret *s = living; s; s = s->next) {
        size_t from = place >= s->len ? place - s->len + 1 : 0;
        const char *at = find(s, text + from, text + len);
        if (at && at < text + place)
            return true;
    }
    return false;
}

size_t secret_begun(const char *text, size_t len)
{
    size_t most = 0;

    if (!len)
        return 0;
    pthread_mutex_lock(&lock);
    for (const struct secret *s = living; s; s = s->next) {
        size_t n = begun_of(s, text, len);
        most = n > most ? n : most;
    }
    if (most && lies_across(text, len, len - most))
        most = 0;
    pthread_mutex_unlock(&lock);
    return most;
}

/* What could begin in front of the cut is looked at to its end. */
size_t secret_copy(
    const char *text, size_t len, char *out, size_t max, bool *cut)
{
    char kept[SECRET_COPY_MAX + 2 * SECRET_MAX + 1];
    size_t most = max + 2 * SECRET_MAX;
    size_t n = len < most ? len : most;

    memcpy(kept, text, n);
    kept[n] = '\0';
    secret_mask(kept, &n);
    *cut = n > max || len > most;
    n = utf8_cut(kept, n, max);
    memcpy(out, kept, n);
    out[n] = '\0';
    return n;
}

/* Its shadow memory, or its leak checker, needs what this takes away. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_SANITIZER
#endif
#endif

#if defined(UNDER_SANITIZER) || defined(OMNITRON_DEBUG)
void secret_forbid_core(void)
{
}
#else
void secret_forbid_core(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
#endif
