/* quote.h: a word for a command that people copy. */
#ifndef CMD_QUOTE_H
#define CMD_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

/* As a shell reads it back, in quotes where it has to be. False: it does not
 * fit. */
bool quote_shell(const char *text, char *out, size_t size);

#endif
