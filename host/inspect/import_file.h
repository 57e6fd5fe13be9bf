/* import_file.h: the releases that a file says are done, one after the other,
 * in constant memory.
 *
 * A CSV file whose header has order_item_id (or item) and code, and perhaps
 * update_stock and mapping_pk; a file of JSON objects, one in a line, with
 * members of these names; or whatever a run has said, of which the lines count
 * that it said to keep (session/ports.c), in the one form or the other of its
 * log. Which it is, is seen by the first line. */
#ifndef INSPECT_IMPORT_FILE_H
#define INSPECT_IMPORT_FILE_H

#include "base/error.h"
#include "history/import.h"

#include <stdbool.h>
#include <stdint.h>

struct import_file; // owns the file

enum import_got { IMPORT_ROW, IMPORT_END, IMPORT_FAILED };

/* NULL with a message: it cannot be read, or has no such columns. */
struct import_file *import_file_open(const char *path, struct error *err);

/* The next one, borrowed until the call after. IMPORT_FAILED, ERROR_USAGE:
 * names FILE:LINE and what is wrong there. */
enum import_got import_file_next(
    struct import_file *file, struct import_row *row, struct error *err);

/* Lines of a log that say nothing of a release. */
int64_t import_file_passed_over(const struct import_file *file);

/* NULL is allowed. */
void import_file_close(struct import_file *file);

#endif
