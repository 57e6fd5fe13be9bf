#include "cmd/terminal.h"

#include <sys/ioctl.h>

enum { OTHERWISE = 80, LEAST = 30, MOST = 160 };

int terminal_columns(int fd)
{
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return OTHERWISE;
    return size.ws_col < LEAST  ? LEAST
           : size.ws_col > MOST ? MOST
                                : size.ws_col;
}
