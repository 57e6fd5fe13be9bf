/* compat.h: a journal of an earlier version, for those who only look.
 *
 * The statements of this program are written for its own version. A reader
 * must not bring a file up, so what the file lacks is put over it by
 * temporary views, which live in the connection and go with it. */
#ifndef JOURNAL_COMPAT_H
#define JOURNAL_COMPAT_H

#include "journal/store.h"

/* Lets the statements of this version read a file of `version`; writes nothing
 * to it. False: as store_exec. */
bool compat_show(struct store *store, int version, struct error *err);

#endif
