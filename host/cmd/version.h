/* version.h: which omnitron this is, and what it is made of. */
#ifndef CMD_VERSION_H
#define CMD_VERSION_H

/* Prints "omnitron X", then a line for each library. Returns an exit code. */
int version_say(void);

#endif
