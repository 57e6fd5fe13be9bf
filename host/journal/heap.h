/* heap.h: SQLite's memory comes from base/mem. */
#ifndef JOURNAL_HEAP_H
#define JOURNAL_HEAP_H

#include <sqlite3.h>

/* For SQLITE_CONFIG_MALLOC; lives for ever. */
const sqlite3_mem_methods *heap_methods(void);

#endif
