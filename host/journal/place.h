/* place.h: where a journal lies, and whether it can be trusted there. */
#ifndef JOURNAL_PLACE_H
#define JOURNAL_PLACE_H

#include "base/error.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* The real path of the journal at `path`, symlinks followed. False,
 * ERROR_USAGE: there is none, it is no file of one name, or it or what lies
 * beside it is not to be believed (base/trust.h). */
bool place_find(const char *path, char real[PATH_MAX], struct error *err);

/* Refuses what SQLite would take for the journal's own and is not: a -wal or
 * -shm that is no file of one name, a rollback journal. ERROR_USAGE. */
bool place_check_beside(const char *real, const char *name, struct error *err);

/* Refuses a network file system (ERROR_USAGE) and a disk with too little
 * room (ERROR_DISK). `where` is the journal or its folder. */
bool place_check_kind(const char *where, const char *name, struct error *err);
bool place_check_room(const char *where, struct error *err);

/* What the two decide by: the network file system that statfs calls `type`,
 * or NULL; whether `free` bytes are enough. For tests, which have no such
 * disks. */
const char *place_network(uint64_t type);
bool place_enough(uint64_t free, struct error *err);

/* Whose matter it is that a file could not be used: the user's (ERROR_USAGE:
 * rights, names) or the disk's (ERROR_DISK: all else that errno says). */
enum error_kind place_blame(int cause);

/* Root's new file beside a journal becomes its owner's, as SQLite has it for
 * its own: a run under sudo must not shut out the user's next one. */
void place_hand_over(int fd, const char *journal);

/* Makes the names in a folder durable. */
bool place_sync_folder(const char *folder, struct error *err);

#endif
