/* problems.h: the rows that a person has to look at, or that wait, collected
 * while a run works. */
#ifndef ENDING_PROBLEMS_H
#define ENDING_PROBLEMS_H

#include "lua/script.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct problem {   // owns its texts, which are plain (base/escape.h) and cut
    uint64_t seen; // the fields of one without name and item, as a number; 0
    char *what, *at, *name, *item, *message;
    char *place;     // "rules.lua:6", with which the message begins, or ""
    int64_t kept_by; // the earlier run that left it; 0: it is of this one
    bool told;       // said by an earlier run: left out
};

struct problems {
    struct problem *lines; // owns; the first 1,000
    size_t len, cap;
    size_t more; // that were not kept
};

/* Keeps a copy; when there is no memory it is counted in `more`. Of lines
 * that only wait, a few with different messages are kept. */
void problems_add(
    struct problems *problems, const struct script_problem *problem);
void problems_fini(struct problems *problems);

/* Those that earlier runs left get their place and name, which are in the
 * journal at `path`, as far as it can be read. */
void problems_name_kept(struct problems *problems, const char *path);

/* Whether the line waits for a person, not for a later run. */
bool problem_needs_person(const struct problem *line);

#endif
