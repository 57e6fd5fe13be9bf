/* file.h: opens what is meant to be a file, a regular one; reads it whole;
 * writes to it.
 *
 * A pipe or a device could block the only thread, a file of the kernel's could
 * give away the program's memory, and one that is protected (protected.h) must
 * not even be opened and closed. So it is looked at through an O_PATH
 * descriptor first, and that very file is opened then, whatever becomes of its
 * name meanwhile. Nothing here waits, and nothing becomes a terminal of ours.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Opens `path`. The flags are those of open(2): O_RDONLY, O_WRONLY or O_RDWR,
 * with O_APPEND, O_TRUNC, O_NOFOLLOW, and O_CREAT for one that is not there
 * (mode 0666 and the umask). The caller closes it. -1: errno, and `*why` is
 * half a sentence: "it is a link, and a file is needed here". */
int file_open(const char *path, int flags, const char **why);

/* The same of what an O_PATH descriptor stands for, which it takes. */
int file_take(int at, int flags, const char **why);

/* Adds the bytes of a file, at most `most` of them. False, of `kind`: "cannot
 * open …", "cannot read …"; or ERROR_MEMORY. */
bool file_read(const char *path, size_t most, struct buf *out,
    enum error_kind kind, struct error *err);

/* Adds what an open file still has, which it closes; `path` is for messages. */
bool file_read_fd(int fd, const char *path, size_t most, struct buf *out,
    enum error_kind kind, struct error *err);

/* Adds what is still to be read, a pipe's until its end; where it is more than
 * `most` bytes, a little more than those. 0, or errno: ENOMEM, E2BIG. */
int file_read_rest(int fd, size_t most, struct buf *out);

/* Reads as many bytes as there are and have room in `out`, which is all that
 * has them: for secrets. -1: errno. */
ssize_t file_read_into(int fd, char *out, size_t size);

/* Writes all of the bytes, in as many pieces as it takes. False: errno says
 * why; some may have been written. */
bool file_write(int fd, const char *bytes, size_t len);

/* The same of words for people: one that is interrupted is given up. Only who
 * wants a run to end interrupts (task/cpu_tick.h), and nobody may read any
 * more. */
bool file_say(int fd, const char *bytes, size_t len);

#endif
