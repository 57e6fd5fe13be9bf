/* terminal.h: what a terminal can show: its columns, its colour. */
#ifndef TERMINAL_TERMINAL_H
#define TERMINAL_TERMINAL_H

#include <stdbool.h>

/* Columns of the terminal behind `fd`; 80 when it is none. */
int terminal_columns(int fd);

/* Whether terminals here show more than their locale's bytes: by what LC_ALL,
 * LC_CTYPE and LANG say. The process's own locale is another (main.c). */
bool terminal_is_utf8(void);

/* Whether a line can be drawn anew on it: a terminal that is not dumb. */
bool terminal_can_redraw(int fd);

/* And colour: the same, unless NO_COLOR says no. */
bool terminal_has_colour(int fd);

#endif
