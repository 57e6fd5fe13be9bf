/* disk.so, for LD_PRELOAD: a disk that fails at one call.
 *
 * It stands between SQLite and the kernel, counts the calls that touch the
 * journal's files, and makes one of them fail. strace counts for each thread
 * alone, so that what the journal's thread does first can only be reached
 * here; and no strace makes a short write.
 *
 * DISK_FAULT=THREAD:CALL:FILE:N:WHAT  the N-th such call, each of the first
 *   three a word below or "any". WHAT is a number (an errno), "short" (half
 *   is written and said so, then the disk is full), "lie" (nothing is
 *   written and success is said), or "kill" (kill -9 before the call).
 * DISK_TRACE=FILE  gets a line for each call, for the fault and for each
 *   POST that left. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FDS = 256, WORD = 15 };

/* What a descriptor is, by the end of its path; what has no name of its own yet
 * is a draft. */
static const char *const ends[] = {"-wal", "-shm", ".db"};

static const char *files[FDS]; // NULL: not the journal's
static char thread_wanted[WORD + 1], call_wanted[WORD + 1];
static char file_wanted[WORD + 1], what[WORD + 1];
static long wanted; // 0: none
static atomic_long seen;
static atomic_bool full;
static int trace_fd = -1;

__attribute__((format(printf, 1, 2))) static void note(const char *fmt, ...)
{
    char line[160];
    va_list args;
    int len;

    if (trace_fd < 0)
        return;
    va_start(args, fmt);
    len = vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    if (len > 0)
        syscall(SYS_write, trace_fd, line, (size_t)len);
}

__attribute__((constructor)) static void start(void)
{
    const char *fault = getenv("DISK_FAULT");
    const char *trace = getenv("DISK_TRACE");

    if (fault &&
        sscanf(fault, "%15[^:]:%15[^:]:%15[^:]:%ld:%15s", thread_wanted,
            call_wanted, file_wanted, &wanted, what) != 5)
        _exit(99);
    if (trace)
        trace_fd = (int)syscall(SYS_openat, AT_FDCWD, trace,
            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static const char *file_of_path(const char *path)
{
    size_t len = strlen(path);
    size_t i;

    if (strstr(path, ".new-"))
        return "draft";
    for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t end = strlen(ends[i]);

        if (len >= end && strcmp(path + len - end, ends[i]) == 0)
            return ends[i];
    }
    return NULL;
}

static const char *file_of(int fd)
{
    return fd >= 0 && fd < FDS ? files[fd] : NULL;
}

static bool fits(const char *pattern, const char *word)
{
    return strcmp(pattern, "any") == 0 || strcmp(pattern, word) == 0;
}

/* True: this call is the one. */
static bool befalls(const char *call, const char *file)
{
    const char *thread = getpid() == gettid() ? "main" : "journal";

    if (!file)
        return false;
    note("%s %s %s\n", thread, call, file);
    if (wanted == 0 || !fits(thread_wanted, thread) ||
        !fits(call_wanted, call) || !fits(file_wanted, file) ||
        atomic_fetch_add(&seen, 1) + 1 != wanted)
        return false;
    note("FAULT\n");
    if (strcmp(what, "kill") == 0)
        syscall(SYS_kill, getpid(), SIGKILL);
    return true;
}

/* An errno, or 0: it is another kind of fault. */
static int number(void)
{
    return (int)strtol(what, NULL, 10);
}

static bool fails(const char *call, int fd)
{
    if (!befalls(call, file_of(fd)) || number() == 0)
        return false;
    errno = number();
    return true;
}

int open64(const char *path, int flags, ...)
{
    const char *file = file_of_path(path);
    unsigned mode = 0;
    va_list args;
    int fd;

    va_start(args, flags);
    if (flags & O_CREAT)
        mode = va_arg(args, unsigned);
    va_end(args);
    if (befalls("open", file) && number()) {
        errno = number();
        return -1;
    }
    fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fd >= 0 && fd < FDS)
        files[fd] = file;
    return fd;
}

int close(int fd)
{
    if (fd >= 0 && fd < FDS)
        files[fd] = NULL;
    return (int)syscall(SYS_close, fd);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at)
{
    const char *file = file_of(fd);

    if (file && atomic_load(&full)) {
        errno = ENOSPC;
        return -1;
    }
    if (befalls("pwrite", file)) {
        if (strcmp(what, "lie") == 0)
            return (ssize_t)size;
        if (strcmp(what, "short") == 0) {
            atomic_store(&full, true);
            size /= 2;
        } else {
            errno = number();
            return -1;
        }
    }
    return syscall(SYS_pwrite64, fd, data, size, at);
}

ssize_t pread64(int fd, void *data, size_t size, off64_t at)
{
    return fails("pread", fd) ? -1 : syscall(SYS_pread64, fd, data, size, at);
}

int fdatasync(int fd)
{
    return fails("fdatasync", fd) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int ftruncate64(int fd, off64_t size)
{
    return fails("ftruncate", fd) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int fcntl64(int fd, int command, ...)
{
    va_list args;
    void *arg;

    va_start(args, command);
    arg = va_arg(args, void *);
    va_end(args);
    return fails("fcntl", fd) ? -1 : (int)syscall(SYS_fcntl, fd, command, arg);
}

int unlink(const char *path)
{
    if (befalls("unlink", file_of_path(path)) && number()) {
        errno = number();
        return -1;
    }
    return (int)syscall(SYS_unlink, path);
}

/* The network's calls are counted, so that a kill may fall on them. */
ssize_t send(int fd, const void *data, size_t size, int flags)
{
    befalls("send", "net");
    if (size > 5 && memcmp(data, "POST ", 5) == 0)
        note("POST %.*s\n", (int)strcspn((const char *)data + 5, " ?"),
            (const char *)data + 5);
    return syscall(SYS_sendto, fd, data, size, flags, NULL, 0);
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
    befalls("recv", "net");
    return syscall(SYS_recvfrom, fd, data, size, flags, NULL, NULL);
}

int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    befalls("poll", "net");
    return (int)syscall(SYS_poll, fds, count, timeout_ms);
}
