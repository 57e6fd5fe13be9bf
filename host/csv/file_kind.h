/* file_kind.h: what a file is that is no text of lines, by its first bytes.
 *
 * People put into a folder what a program saved by itself. Who reads it as
 * CSV would say something true and useless about its bytes. Pure. */
#ifndef CSV_FILE_KIND_H
#define CSV_FILE_KIND_H

#include <stddef.h>

enum { FILE_KIND_BYTES = 512 }; // that it looks at, at most

/* "a workbook (.xlsx): save it as CSV", to stand behind "this is "; NULL when
 * it may be CSV. `text`: the file's first bytes, as they are. */
const char *file_kind(const char *text, size_t len);

/* "UTF-16LE", "UTF-16BE" for text of which every second byte is NUL, though
 * no mark says so; NULL for others. */
const char *file_kind_wide(const char *text, size_t len);

#endif
