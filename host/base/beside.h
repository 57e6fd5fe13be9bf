/* beside.h: the files of a journal: what lies beside it has its name and an
 * end. */
#ifndef BASE_BESIDE_H
#define BASE_BESIDE_H

enum { BESIDE_ENDS = 6 };

/* The first is "": the journal itself. */
extern const char *const beside_ends[BESIDE_ENDS];

#endif
