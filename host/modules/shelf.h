/* shelf.h: where the releases of release_all stand until they are taken back:
 * those of one row are a parcel. Knows no Lua; its releases end in
 * delivery's time. */
#ifndef MODULES_SHELF_H
#define MODULES_SHELF_H

#include "base/account.h"
#include "delivery/delivery.h"
#include "task/task.h"

#include <lua.h>

/* The releases of one row. */
struct parcel {
    struct shelf *shelf;
    struct parcel *next, *prev; // of those under way; next: of other lists
    lua_Integer key;
    size_t room, count, open;
    bool lost;
    struct release *releases[];
};

struct parcels {
    struct parcel *first, *last;
};

/* On the heap, where a release that ends finds it: Lua may drop a finalizer,
 * deep in a recursion. */
struct shelf {
    struct parcel *under_way;
    struct parcels good, others; // that have ended
    struct parcel *spare;
    struct waiter *waits;    // NULL: nobody does
    struct account *account; // that parcels are taken from; borrows
};

/* NULL: no memory. `account` is borrowed. */
struct shelf *shelf_new(struct account *account);

/* Its releases go on to their end; NULL is allowed. */
void shelf_free(struct shelf *shelf);

/* What a parcel of `room` releases takes of the account, in bytes. */
size_t shelf_parcel_size(size_t room);

/* An empty parcel with room for `count`, of the shelf until it is given back.
 * NULL: there is no memory for it. */
struct parcel *shelf_take_spare(struct shelf *shelf, size_t count);

/* Has it released and puts it into the parcel. False: it was not accepted. */
bool shelf_add(struct parcel *p, struct delivery *d,
    const struct journal_ask *ask, struct error *err);

/* The parcel is under way, until all of it has ended. Not `whole`: what is in
 * it goes on to its end, but does not come back. False: nothing is in it. */
bool shelf_send(struct parcel *p, bool whole);

/* The first of a list of those that have ended, which is not empty. */
struct parcel *shelf_take_first(struct parcels *list);

enum verdict shelf_verdict(const struct parcel *p, size_t i);

/* Gives back its releases, and it. */
void shelf_give_back(struct parcel *p);

/* Whether something comes back, and gives its memory back then. */
bool shelf_is_waited_for(const struct shelf *shelf);

#endif
