#include "session/signals.h"

#include "ending/leave_signal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

bool signals_open(int *fd, struct error *err)
{
    sigset_t set;

    leave_signal_fill(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    *fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return *fd >= 0 || error_set(err, ERROR_OTHER,
                           "cannot listen for signals: %s", strerror(errno));
}

static void leave(int number)
{
    _exit(128 + number);
}

static void leave_at_next(void)
{
    struct sigaction action = {.sa_handler = leave};
    sigset_t set;

    leave_signal_fill(&set);
    for (int number = 1; number < NSIG; number++)
        if (sigismember(&set, number) == 1)
            sigaction(number, &action, NULL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int signals_read(int fd)
{
    struct signalfd_siginfo info;

    if (fd < 0 || read(fd, &info, sizeof info) != sizeof info)
        return 0;
    return (int)info.ssi_signo;
}

int signals_take(int fd)
{
    int number = signals_read(fd);

    if (number)
        leave_at_next();
    return number;
}

void signals_close(int fd)
{
    if (fd >= 0)
        close(fd);
}
