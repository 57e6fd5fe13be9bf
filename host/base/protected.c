#include "base/protected.h"

#include "base/ascii.h"
#include "base/beside.h"
#include "base/file_path.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEPTH_MAX = 256 };

static const char *const whys[] = {
    [PROTECTED_JOURNAL] =
        ("it is the journal, which only the program itself opens: "
         "omnitron.known, omnitron journal list --json"),
    [PROTECTED_TOKEN] = "it has the token, which only the program itself reads",
    [PROTECTED_PASSWORD] =
        "it has the password, which only the program itself reads",
    [PROTECTED_PROFILE] =
        "it says where the token goes, so no script writes it",
};

/* A name in a folder; of a journal, the names that begin with it. */
struct place {
    struct place *next;
    enum protected_kind kind;
    int folder;            // O_PATH
    int kept[BESIDE_ENDS]; // O_PATH, what was there first; -1: nothing yet
    char name[];
};

static struct place *places;

static size_t ends_of(const struct place *place)
{
    return place->kind == PROTECTED_JOURNAL ? BESIDE_ENDS : 1;
}

static bool same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool is_open_at(int fd, const struct stat *st)
{
    struct stat there;

    return fd >= 0 && fstat(fd, &there) == 0 && same(&there, st);
}

/* The n-th name; false when it would be too long to be one. */
static bool nth_name(const struct place *place, size_t n, char *out)
{
    int len = snprintf(out, NAME_MAX + 1, "%s%s", place->name, beside_ends[n]);

    return len > 0 && len <= NAME_MAX;
}

/* Notes are replaced by a rename each time, so none is kept. */
static void keep_all(struct place *place)
{
    char name[NAME_MAX + 1];

    for (size_t i = 0; i < ends_of(place); i++)
        if (place->kept[i] < 0 && strcmp(beside_ends[i], ".notes") != 0 &&
            nth_name(place, i, name))
            place->kept[i] = openat(place->folder, name, O_PATH | O_CLOEXEC);
}

static void let_go(struct place *place)
{
    for (size_t i = 0; i < BESIDE_ENDS; i++) {
        if (place->kept[i] >= 0)
            close(place->kept[i]);
        place->kept[i] = -1;
    }
}

/* The folder of a path, as O_PATH, and the name in it; -1: errno. */
static int open_folder(const char *path, const char **name)
{
    char folder[PATH_MAX];

    *name = file_path_name(path);
    if (!file_path_folder(path, folder))
        return -1;
    return open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static struct place *find(int folder, const char *name)
{
    struct stat st;

    if (fstat(folder, &st) != 0)
        return NULL;
    for (struct place *p = places; p; p = p->next)
        if (strcmp(p->name, name) == 0 && is_open_at(p->folder, &st))
            return p;
    return NULL;
}

/* Takes the folder. */
static bool enlist(enum protected_kind kind, int folder, const char *name)
{
    size_t size = strlen(name) + 1;
    struct place *place = mem_calloc(1, sizeof *place + size);

    if (!place) {
        close(folder);
        return false;
    }
    place->kind = kind;
    place->folder = folder;
    memcpy(place->name, name, size);
    memset(place->kept, -1, sizeof place->kept);
    keep_all(place);
    place->next = places;
    places = place;
    return true;
}

/* A folder that is not there has nothing to protect. What was there before
 * may have made way for another file between two runs in one process. */
static bool add_place(
    enum protected_kind kind, const char *path, struct error *err)
{
    const char *name;
    int folder = open_folder(path, &name);
    struct place *known = folder >= 0 ? find(folder, name) : NULL;

    if (folder < 0)
        return (errno != EMFILE && errno != ENFILE) ||
               error_set(err, ERROR_OTHER, "cannot look after %s: %s", path,
                   strerror(errno));
    if (!known)
        return enlist(kind, folder, name) || error_memory(err);
    close(folder);
    let_go(known);
    keep_all(known);
    return true;
}

bool protected_add(
    enum protected_kind kind, const char *path, struct error *err)
{
    char real[PATH_MAX];

    return add_place(kind, path, err) &&
           (!realpath(path, real) || add_place(kind, real, err));
}

static bool is_at(const struct place *place, const struct stat *st)
{
    char name[NAME_MAX + 1];
    struct stat there;

    for (size_t i = 0; i < ends_of(place); i++) {
        if (is_open_at(place->kept[i], st))
            return true;
        if (nth_name(place, i, name) &&
            fstatat(place->folder, name, &there, 0) == 0 && same(&there, st))
            return true;
    }
    return false;
}

static const char *find_file(const struct stat *st, bool reads)
{
    const char *why = NULL;
    int number = errno;

    for (const struct place *p = places; !why && p; p = p->next)
        if (!(reads && p->kind == PROTECTED_PROFILE) && is_at(p, st))
            why = whys[p->kind];
    errno = number;
    return why;
}

const char *protected_file(const struct stat *st)
{
    return find_file(st, true);
}

const char *protected_written(const struct stat *st)
{
    return find_file(st, false);
}

/* In whatever case: some file systems do not tell it. */
static bool has_name(const struct place *place, const char *name)
{
    char own[NAME_MAX + 1];

    for (size_t i = 0; i < ends_of(place); i++)
        if (nth_name(place, i, own) && ascii_same(own, name))
            return true;
    return false;
}

static const char *find_name(int folder, const char *name)
{
    struct stat st;

    if (fstat(folder, &st) != 0)
        return NULL;
    for (const struct place *p = places; p; p = p->next)
        if (has_name(p, name) && is_open_at(p->folder, &st))
            return whys[p->kind];
    return NULL;
}

/* Without a descriptor there is no look, and what is not looked at stays. */
static const char unseen[] =
    "too many files are open to tell whether the program needs it";

static bool is_blind(int number)
{
    return number == EMFILE || number == ENFILE || number == ENOMEM;
}

static bool is_above(const struct stat *folder, int at)
{
    int fd = dup(at);

    for (int i = 0; fd >= 0 && i < DEPTH_MAX; i++) {
        if (is_open_at(fd, folder)) {
            close(fd);
            return true;
        }
        int up = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
        close(fd);
        fd = up;
    }
    if (fd < 0)
        return is_blind(errno);
    close(fd);
    return false;
}

static const char *find_above(const struct stat *folder)
{
    for (const struct place *p = places; p; p = p->next)
        if (is_above(folder, p->folder))
            return whys[p->kind];
    return NULL;
}

const char *protected_path(const char *path)
{
    const char *name, *why = NULL;
    struct stat st;
    int number = errno, folder = open_folder(path, &name);

    if (folder >= 0) {
        why = find_name(folder, name);
        close(folder);
    } else if (is_blind(errno)) {
        why = unseen;
    }
    if (!why && stat(path, &st) == 0)
        why = S_ISDIR(st.st_mode) ? find_above(&st) : protected_written(&st);
    errno = number;
    return why;
}

void protected_forget(void)
{
    while (places) {
        struct place *next = places->next;
        let_go(places);
        close(places->folder);
        mem_free(places);
        places = next;
    }
}
