/* The scripts beside the profile: whether each can be read and compiles. */
#include "base/file_path.h"
#include "base/folder.h"
#include "doctor/doctor_own.h"
#include "session/script_path.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* False: it said why. */
static bool check(struct doctor *d, const char *path)
{
    struct error err;

    if (access(path, R_OK) != 0)
        doctor_bad(d, EXIT_SETUP, file_path_name(path), "script_unreadable",
            DOCTOR_FACTS(DOCTOR_TEXT("path", path),
                DOCTOR_TEXT("words", strerror(errno))));
    else if (!script_readable(path, &err) || !state_compiles(path, &err))
        doctor_error(d, file_path_name(path), &err);
    else
        return true;
    return false;
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

    (void)file_path_folder(d->profile_path, folder);
    if (!folder_list(folder, "*.lua", 0, NULL, &files, &err)) {
        doctor_error(d, "scripts", &err);
        return;
    }
    for (size_t i = 0; i < files.len; i++)
        if (strcmp(file_path_name(files.paths[i]),
                file_path_name(d->profile_path)))
            bad += !check(d, files.paths[i]), all++;
    if (has_release(d, folder) && bad == 0)
        doctor_ok(d, "scripts", "scripts",
            DOCTOR_FACTS(DOCTOR_NUMBER("n", (int64_t)all)));
    folder_files_fini(&files);
}
