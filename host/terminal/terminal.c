#include "terminal/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { OTHERWISE = 80, LEAST = 1, MOST = 200 };

int terminal_columns(int fd)
{
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return OTHERWISE;
    return size.ws_col < LEAST  ? LEAST
           : size.ws_col > MOST ? MOST
                                : size.ws_col;
}

bool terminal_can_redraw(int fd)
{
    const char *term = getenv("TERM");

    return isatty(fd) && term && term[0] && strcmp(term, "dumb") != 0;
}

/* no-color.org: present and not empty. */
bool terminal_has_colour(int fd)
{
    const char *no = getenv("NO_COLOR");

    return terminal_can_redraw(fd) && !(no && no[0]);
}

bool terminal_is_utf8(void)
{
    locale_t users = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    bool is_utf8 = users && strcmp(nl_langinfo_l(CODESET, users), "UTF-8") == 0;

    if (users)
        freelocale(users);
    return is_utf8;
}
