/* beneath.h: a file in a folder or below it, and in no other: neither by ".."
 * nor by a link that leads out. */
#ifndef MOCK_BENEATH_H
#define MOCK_BENEATH_H

/* Opens the regular file (file.h) for reading; `folder` "" is the current
 * one. The caller closes it. -1: errno, and `*why` is half a sentence. */
int beneath_open(const char *folder, const char *name, const char **why);

/* The same where the system has no openat2: links are not followed at all. For
 * tests, whose system has it. */
int beneath_open_stepwise(
    const char *folder, const char *name, const char **why);

#endif
