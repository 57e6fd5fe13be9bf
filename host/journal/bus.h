/* bus.h: what is done when a -shm is cut short while SQLite has it mapped.
 *
 * The kernel then says SIGBUS to whoever touches the page. What was under way
 * is left as it stands, by a jump; everything else that is a SIGBUS ends the
 * process as ever. */
#ifndef JOURNAL_BUS_H
#define JOURNAL_BUS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Before SQLite maps anything; again where another handler took its place. */
void bus_listen(void);

/* `owner` has this mapped, until it says otherwise. */
void bus_mapped(const void *owner, const volatile void *at, size_t len);
void bus_unmapped(const void *owner);

/* Runs use(arg). False: it was left because a mapping was cut short. The
 * SQLite connection that it worked with must never be touched again, not even
 * closed. Guards may stand in one another. */
bool bus_guard(void (*use)(void *arg), void *arg);

/* For who has tidied up after a guard of his own: leaves the one around it. */
_Noreturn void bus_again(void);

/* One line about it; `name` is the journal as people call it, or NULL.
 * Returns false. */
bool bus_fail(const char *name, struct error *err);

/* Keeps what was left in sight, for who looks for memory that was lost. */
void bus_leave(void *db);

#endif
