/* version.h: which omnitron this is. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define OMNITRON_VERSION "0.2.0"

/* The commit that it was made of, "7dda851a2b", with a "+" where the sources
 * were changed since; "unknown" without git. The Makefile writes it. */
extern const char version_commit[];

#endif
