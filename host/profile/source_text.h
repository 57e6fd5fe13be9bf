/* source_text.h: what is wrong with the text of a Lua file in words that its
 * author knows. An editor or a web page puts a typographic quote or a no-break
 * space where Lua wants plain ones, or saves the file as UTF-16; Lua itself
 * then shows a byte. Pure, allocates nothing. */
#ifndef PROFILE_SOURCE_TEXT_H
#define PROFILE_SOURCE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { SOURCE_TEXT_MAX = 400 };

/* Puts a better message in place of `why`, which Lua gave for this text:
 * "rules.lua:2: …", into out[SOURCE_TEXT_MAX]. False: there is none, and `out`
 * is as it was. */
bool source_text_explain(
    const char *text, size_t len, const char *why, char *out);

#endif
