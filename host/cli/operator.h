/* operator.h: the person at the keyboard, for what is kept with a name. */
#ifndef CLI_OPERATOR_H
#define CLI_OPERATOR_H

enum { OPERATOR_MAX = 64 };

/* The login name of the real user, or his number; as root under sudo, of who
 * called that. */
void operator_name(char out[OPERATOR_MAX]);

#endif
