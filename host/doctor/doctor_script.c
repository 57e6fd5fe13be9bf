/* The scripts beside the profile: whether each can be read and compiles. */
#include "base/folder.h"
#include "doctor/doctor_own.h"
#include "session/script_path.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* False: it said why. */
static bool check(struct doctor *d, const char *path)
{
    struct error err;

    if (access(path, R_OK) != 0)
        doctor_bad(d, EXIT_SETUP, base_name(path), "script_unreadable",
            DOCTOR_FACTS(DOCTOR_TEXT("path", path),
                DOCTOR_TEXT("words", strerror(errno))));
    else if (!script_readable(path, &err) || !state_compiles(path, &err))
        doctor_error(d, base_name(path), &err);
    else
        return true;
    return false;
}

/* The folder that the profile is in, or would be. */
static void folder_of(const struct doctor *d, char *out, size_t cap)
{
    const char *slash = strrchr(d->profile_path, '/');
    size_t len = slash ? (size_t)(slash - d->profile_path) : 0;

    if (!slash)
        snprintf(out, cap, ".");
    else
        snprintf(out, cap, "%.*s", len ? (int)len : 1, d->profile_path);
}

/* What cron runs, as init makes it: what is no file there is not listed. */
static bool has_release(struct doctor *d, const char *folder)
{
    char path[PATH_MAX + 16];
    struct stat st;

    snprintf(path, sizeof path, "%s/release.lua", folder);
    if (stat(path, &st) != 0)
        doctor_look(d, "release.lua", "no_release",
            DOCTOR_FACTS(DOCTOR_TEXT("folder", folder)));
    else if (!S_ISREG(st.st_mode))
        doctor_bad(d, EXIT_SETUP, "release.lua", "release_no_file",
            DOCTOR_FACTS(DOCTOR_TEXT("path", path)));
    else
        return true;
    return false;
}

void doctor_script(struct doctor *d)
{
    char folder[PATH_MAX];
    struct folder_files files = {0};
    struct error err;
    size_t all = 0, bad = 0;

    folder_of(d, folder, sizeof folder);
    if (!folder_list(folder, "*.lua", 0, NULL, &files, &err)) {
        doctor_error(d, "scripts", &err);
        return;
    }
    for (size_t i = 0; i < files.len; i++)
        if (strcmp(base_name(files.paths[i]), base_name(d->profile_path)))
            bad += !check(d, files.paths[i]), all++;
    if (has_release(d, folder) && bad == 0)
        doctor_ok(d, "scripts", "scripts",
            DOCTOR_FACTS(DOCTOR_NUMBER("n", (int64_t)all)));
    folder_files_fini(&files);
}
