/* holder.h: who holds an flock() lock on a file, by the kernel's list. */
#ifndef JOURNAL_HOLDER_H
#define JOURNAL_HOLDER_H

#include "journal/journal.h"

#include <sys/stat.h>

/* Process and start; the script is not known. False: nobody, or the list does
 * not say (another namespace, a file system whose devices it calls otherwise).
 */
bool holder_of(const struct stat *file, struct journal_holder *holder);

#endif
