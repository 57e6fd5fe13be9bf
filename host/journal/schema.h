/* schema.h: the tables of a journal, and how an older one is brought up. */
#ifndef JOURNAL_SCHEMA_H
#define JOURNAL_SCHEMA_H

#include "journal/store.h"

enum { SCHEMA_APPLICATION = 0x4f6d6e69 }; // "Omni", in the file's header

/* The version that this program writes. */
int schema_version(void);

/* The digest (shape.h) of a journal of that version, as this program makes
 * it. For tests. */
const char *schema_digest(int version);

/* The file's version. False: not ours, newer than this program, or with other
 * tables, indexes, triggers, views than such a file has. Reads only, and no
 * table but SQLite's own. */
bool schema_look(struct store *store, int *version, struct error *err);

/* From `version` to ours, each step a transaction of its own. */
bool schema_bring_up(struct store *store, int version, struct error *err);

/* Lets the statements of this version read a file of `version`; writes nothing
 * to it. False: as store_exec. */
bool schema_show(struct store *store, int version, struct error *err);

/* All of it, in an empty file. */
bool schema_create(struct store *store, struct error *err);

#endif
