/* csv_own.h: what the files of the csv module share; nobody else's.
 *
 * csv.c is the module. csv_options.c reads what csv.rows is asked for,
 * csv_rows.c is the reader that it gives, csv_row.c what is behind each of
 * its rows, csv_table.c a look-up table, csv_number.c a number. */
#ifndef MODULES_CSV_OWN_H
#define MODULES_CSV_OWN_H

#include "csv/csv.h"

#include <lua.h>

/* Reads a path, or a table of options, at `index`; raises for anything else.
 * Borrows its texts from there, and its header from what it may push. */
void csv_options_read(lua_State *L, int index, struct csv_options *out);

/* Pushes the metatable of the rows of one file: with it, reading a column
 * that is not there raises, and csv_push_columns knows them. `path` and
 * `names`, a list of the columns, are stack indices. */
void csv_row_push_meta(lua_State *L, int path, int names);

/* Makes the metatable of readers; any number of times. */
void csv_rows_make_type(lua_State *L);

/* Pushes a reader for what is at `index`, a path or a table of options. When
 * the file cannot be read that is told by whoever reads it: release_all goes
 * on with the next file then. Raises for an encoding that nobody knows. In
 * what follows `rows` is the stack index of one that is open. */
void csv_rows_push(lua_State *L, int index);

/* Closes it now, not when the collector comes; again does nothing. */
void csv_rows_close(lua_State *L, int rows);

/* Reads on and pushes the row if there is one; CSV_FAILED, again and again,
 * when the file cannot be read. */
enum csv_got csv_rows_next(lua_State *L, int rows, struct csv_record *record);

/* Raises what is wrong with a CSV_BAD, and where. */
int csv_rows_raise(lua_State *L, int rows, const struct csv_record *record);

/* Raises why the file cannot be read, if it cannot. */
int csv_rows_raise_failure(lua_State *L, int rows);

/* Push the path as it was given, and "lines.csv:812". */
void csv_rows_push_path(lua_State *L, int rows);
void csv_rows_push_position(lua_State *L, int rows, long line);

/* Raises when the file has no column as the text at `name`, also when it has
 * no row; or when it cannot be read. */
void csv_rows_check_column(lua_State *L, int rows, int name);

/* The functions of the module: see there. */
int csv_number(lua_State *L);
int csv_rows(lua_State *L);
int csv_table(lua_State *L);

#endif
