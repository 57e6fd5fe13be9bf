/* terminal.h: what a terminal can show: its columns, its colour. */
#ifndef TERMINAL_TERMINAL_H
#define TERMINAL_TERMINAL_H

#include <stdbool.h>

/* Columns of the terminal behind `fd`; 80 when it is none. */
int terminal_columns(int fd);

/* Whether a line can be drawn anew on it: a terminal that is not dumb. */
bool terminal_can_redraw(int fd);

/* And colour: the same, unless NO_COLOR says no. */
bool terminal_has_colour(int fd);

#endif
