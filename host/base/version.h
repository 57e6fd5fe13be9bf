/* version.h: which omnitron this is. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define OMNITRON_VERSION "0.1.0"

#endif
