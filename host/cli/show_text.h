/* show_text.h: what the modules of scripts/cmd have as require "text". */
#ifndef CLI_SHOW_TEXT_H
#define CLI_SHOW_TEXT_H

#include <lua.h>

#include <stdbool.h>

/* Pushes the table. Raises when there is no memory. Each of its functions
 * returns a text, but for `width`, `days`, `parts`, `ms` and `members`:
 *
 *   width(text)             the columns of a terminal that it takes
 *   fit(text, width, right) padded to so many columns; what is longer loses
 *                           its middle (terminal/column.h)
 *   words(text, at, columns)  broken at white space, further lines from
 *                           column `at`
 *   wrap(text, columns)     whole lines, broken (terminal/wrapped.h)
 *   escape(text, most)      text of others, on one line (base/escape.h)
 *   html(text, most)        the same for HTML and XML
 *   quote(text)             a word as a shell reads it
 *   mask(text)              secrets gone
 *   time(ms)                a moment, in this machine's zone
 *   utc(ms)                 the same as RFC 3339
 *   when(utc)               time() of such a text; one beyond the year 9999
 *                           as it is
 *   days(utc)               whole days since then, an integer
 *   parts(utc)              year, month, day, day of the week (1: Sunday), hour
 *                           and minute in this machine's zone; nil: no moment
 *   ms(utc)                 milliseconds since 1970, an integer; nil: no moment
 *   exit(code)              what a run's exit code says, and who acts on it:
 *                           fine, later, rows, unknown or alarm; nil: no run
 *                           ends so (base/exit_code.h)
 *   stopped(why, host)      why sending was stopped, for the word that a run's
 *                           summary has; nil: there is none
 *                           (delivery/stop_reason.h)
 *   paragraph(head, text)   lines of 80 columns behind a head, whose width
 *                           indents the further ones (terminal/wrap.h)
 *   reply(status, body)     a host's answer in words (delivery/reply.h)
 *   members(json)           those of an object, in its order: a list of
 *                           { name, text, is a string }; numbers as written */
void show_text_push(lua_State *L);

/* Raises that C has no memory; whether the error on top of the stack is one
 * of those. */
int show_text_no_memory(lua_State *L);
bool show_text_is_no_memory(lua_State *L);

#endif
