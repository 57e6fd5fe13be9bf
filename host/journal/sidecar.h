/* sidecar.h: what is kept between runs outside the journal, best effort.
 *
 * "<journal>.notes", lines of "key value", none of them a secret: log-in
 * times, what was already said. Made 0600. It is written whole under another
 * name and then renamed, without a sync. Nothing here is an error that stops a
 * run: what cannot be written is kept in memory for the life of the object. */
#ifndef JOURNAL_SIDECAR_H
#define JOURNAL_SIDECAR_H

#include "base/buf.h"

#include <stdbool.h>

struct sidecar;

/* The notes of the journal at `path`, which need not be there; NULL: of a
 * journal in memory, they go with the object. The caller closes them; NULL:
 * no memory. */
struct sidecar *sidecar_open(const char *path);
void sidecar_close(struct sidecar *notes);

/* Puts the value into *out (the caller's). False: there is none. */
bool sidecar_read(struct sidecar *notes, const char *key, struct buf *out);

/* A key has no white space, a value no line end; neither is a secret. False:
 * they have, or it could not be kept on disk (errno says why). */
bool sidecar_write(struct sidecar *notes, const char *key, const char *value);

#endif
