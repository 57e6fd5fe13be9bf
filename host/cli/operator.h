/* operator.h: the person at the keyboard, for what is kept with a name. */
#ifndef CLI_OPERATOR_H
#define CLI_OPERATOR_H

enum { WHO_MAX = 64 };

/* The login name of the real user, or his number. */
void who_name(char out[WHO_MAX]);

#endif
