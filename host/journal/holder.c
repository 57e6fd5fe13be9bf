#include "journal/holder.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* "start_time: the time the process started after system boot, in clock ticks",
 * the 22nd field of /proc/PID/stat; the second may hold blanks. 0: not known.
 */
static unsigned long long start_ticks(long process)
{
    char path[40], text[1024];
    unsigned long long ticks = 0;

    snprintf(path, sizeof path, "/proc/%ld/stat", process);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    const char *at = strrchr(text, ')');
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    if (at)
        (void)sscanf(at, " %llu", &ticks);
    return ticks;
}

static int64_t started_at(long process)
{
    unsigned long long ticks = start_ticks(process);
    long each = sysconf(_SC_CLK_TCK);
    struct timespec boot;

    if (ticks == 0 || each <= 0 || clock_gettime(CLOCK_BOOTTIME, &boot) != 0)
        return clock_wall_ms();
    int64_t since_ms = (int64_t)(ticks * 1000 / (unsigned long long)each);
    int64_t now_ms = (int64_t)boot.tv_sec * 1000 + boot.tv_nsec / 1000000;
    return clock_wall_ms() - (now_ms - since_ms);
}

/* "1: FLOCK  ADVISORY  WRITE 1234 08:01:4711 0 EOF" (proc_locks(5)); one that
 * waits has "->" in front. */
static bool is_of(const char *line, const struct stat *file, long *process)
{
    unsigned major_number, minor_number;
    unsigned long long inode;

    return sscanf(line, "%*d: FLOCK ADVISORY WRITE %9ld %x:%x:%llu ", process,
               &major_number, &minor_number, &inode) == 4 &&
           inode == file->st_ino && major_number == major(file->st_dev) &&
           minor_number == minor(file->st_dev);
}

bool holder_of(const struct stat *file, struct journal_holder *holder)
{
    FILE *locks = fopen("/proc/locks", "re");
    char line[256];
    long process = 0;
    bool found = false;

    while (locks && !found && fgets(line, sizeof line, locks))
        found = is_of(line, file, &process);
    if (locks)
        fclose(locks);
    if (found)
        *holder = (struct journal_holder){
            .process = process, .started_at = started_at(process)};
    return found;
}
