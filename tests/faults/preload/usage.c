/* usage.so, for LD_PRELOAD: what a program had used when it ended.
 *
 * USAGE_FILE=FILE  gets a line: the most memory that was resident, in KiB
 *   (VmHWM: ru_maxrss begins with that of the parent), the descriptors that
 *   are open, and the program's name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fd = -1;

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("USAGE_FILE");

    if (path)
        fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static long memory(void)
{
    FILE *file = fopen("/proc/self/status", "re");
    char line[200];
    long kib = -1;

    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (file)
        fclose(file);
    return kib;
}

/* Without the one of the looking and the one of the file. */
static int descriptors(void)
{
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;
    int n = -2;

    while (dir && (entry = readdir(dir)))
        n += entry->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return n;
}

__attribute__((destructor)) static void end(void)
{
    if (fd >= 0)
        dprintf(fd, "%ld %d %s\n", memory(), descriptors(),
            program_invocation_short_name);
}
