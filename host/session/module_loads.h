/* module_loads.h: whether a C module that a profile names can be loaded. */
#ifndef SESSION_MODULE_LOADS_H
#define SESSION_MODULE_LOADS_H

#include "base/error.h"
#include "profile/profile.h"

/* Loads it as require of a script would, in a state of its own, and runs what
 * it does when it is loaded. False: *err has the one line why not. */
bool module_loads(const struct profile *p, const char *name, struct error *err);

#endif
