/* row_json.h: the fields of a row as one JSON object, for the journal.
 *
 * Texts, numbers and booleans; a table in a field is the text of its JSON.
 * CSV rows have their columns in order, others their fields by name; an order
 * (what has an orderitem_set) has none of its tables, which are its bulk and
 * whom it is for. Nothing
 * but what lies in the tables is read: no code of the script runs, no Lua
 * error is raised.
 *
 * At most ROW_JSON_MAX bytes a row, of a thousand fields of a table at most:
 * what does not fit is left out, and "…" says how many. At most
 * ROW_JSON_FIELD_MAX bytes of a text: one that was cut ends in "…". Living
 * secrets are masked before anything is cut; what is no UTF-8 becomes U+FFFD.
 */
#ifndef MODULES_ROW_JSON_H
#define MODULES_ROW_JSON_H

#include "base/buf.h"

#include <lua.h>
#include <stdbool.h>

enum { ROW_JSON_MAX = 1024, ROW_JSON_FIELD_MAX = 120 };

/* Writes what is at `index` into *out, in the place of what was there; what is
 * no table becomes the field "row". False: no memory, and *out is empty. */
bool row_json_put(lua_State *L, int index, struct buf *out);

#endif
