/* row_text.h: the texts of a row that no reader of ours has checked.
 *
 * A byte that is no UTF-8 is text in another encoding: compared with what the
 * rule has in quotes it is never equal, and the row would go the wrong way
 * without a word. */
#ifndef MODULES_ROW_TEXT_H
#define MODULES_ROW_TEXT_H

#include <lua.h>

/* native.row_fault(row) -> 'field "depot" is not UTF-8 …', or nil
 * Looks at names and values, in tables of tables, too (8 levels, 10,000
 * values); no code of the script runs. */
int row_text_fault(lua_State *L);

#endif
