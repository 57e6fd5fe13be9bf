/* csv.h: what other bindings may ask of a row that csv.rows gave. */
#ifndef MODULES_CSV_H
#define MODULES_CSV_H

#include <lua.h>
#include <stdbool.h>

/* Pushes the list of the column names, in order, of the CSV row at `index`.
 * False, and nothing pushed: it is none. Raises nothing. */
bool csv_push_columns(lua_State *L, int index);

#endif
