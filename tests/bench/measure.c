/* measure TIMES COMMAND...: runs it so often, one after the other, and prints
 * a line "SECONDS CPU_SECONDS PEAK_KIB": the medians of wall time and of user
 * and system time, and the largest resident set. It is small, so that neither
 * the start of the command nor its peak has the starter's pages in it. Fails
 * when the command does; MEASURE_EXIT is another exit code that is no failure.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { TIMES_MAX = 1000 };

extern char **environ;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, ascending);
    return values[n / 2];
}

static int run(char **command, double *wall, struct rusage *usage)
{
    pid_t pid;
    int status;
    double start = now();

    if (posix_spawnp(&pid, command[0], NULL, NULL, command, environ)) {
        perror(command[0]);
        return 127;
    }
    if (wait4(pid, &status, 0, usage) != pid)
        return 127;
    *wall = now() - start;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

int main(int argc, char **argv)
{
    static double walls[TIMES_MAX], cpus[TIMES_MAX];
    const char *also = getenv("MEASURE_EXIT");
    int times = argc > 2 ? atoi(argv[1]) : 0;
    long peak = 0;

    if (times < 1 || times > TIMES_MAX) {
        fputs("usage: measure TIMES COMMAND...\n", stderr);
        return 2;
    }
    for (int i = 0; i < times; i++) {
        struct rusage usage;
        int code = run(argv + 2, &walls[i], &usage);
        if (code && !(also && atoi(also) == code))
            return code;
        cpus[i] = seconds(usage.ru_utime) + seconds(usage.ru_stime);
        if (usage.ru_maxrss > peak)
            peak = usage.ru_maxrss;
    }
    printf("%.6f %.6f %ld\n", median(walls, times), median(cpus, times), peak);
    return 0;
}
