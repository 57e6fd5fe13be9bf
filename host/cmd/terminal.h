/* terminal.h: how wide what is printed may be. */
#ifndef CMD_TERMINAL_H
#define CMD_TERMINAL_H

/* Columns of the terminal behind `fd`; 80 when it is none. */
int terminal_columns(int fd);

#endif
