/* options.h: what the readers of option values share. */
#ifndef MOCK_OPTIONS_H
#define MOCK_OPTIONS_H

#include <stddef.h>

/* Adds one name to a list such as "same, accept"; what does not fit is left
 * out. */
void options_name(char *list, size_t size, const char *name);

#endif
