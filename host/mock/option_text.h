/* option_text.h: the words and numbers that values of options are made of. */
#ifndef MOCK_OPTION_TEXT_H
#define MOCK_OPTION_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Adds one name to a list such as "same, accept"; what does not fit is left
 * out. */
void option_text_name(char *list, size_t size, const char *name);

/* Plain digits, so no sign, no space; *end is behind them. False when there
 * are none, or too many. */
bool option_text_number(const char *text, const char **end, int64_t *number);

#endif
