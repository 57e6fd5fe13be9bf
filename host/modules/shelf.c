#include "modules/shelf.h"

#include "base/mem.h"

enum { SPARE_ROOM = 256 }; // releases of a parcel that is kept for the next

static void link_under_way(struct shelf *shelf, struct parcel *p)
{
    p->prev = NULL;
    p->next = shelf->under_way;
    if (p->next)
        p->next->prev = p;
    shelf->under_way = p;
}

static void unlink_under_way(struct shelf *shelf, struct parcel *p)
{
    if (p->prev)
        p->prev->next = p->next;
    else
        shelf->under_way = p->next;
    if (p->next)
        p->next->prev = p->prev;
}

size_t shelf_parcel_size(size_t room)
{
    return sizeof(struct parcel) + room * sizeof(struct release *);
}

static void free_parcel(const struct shelf *shelf, struct parcel *p)
{
    if (p)
        account_give(shelf->account, shelf_parcel_size(p->room));
    mem_free(p);
}

static struct parcel *make_parcel(const struct shelf *shelf, size_t room)
{
    struct parcel *p = NULL;

    if (!account_take(shelf->account, shelf_parcel_size(room)))
        return NULL;
    p = mem_alloc(shelf_parcel_size(room));
    if (p)
        p->room = room;
    else
        account_give(shelf->account, shelf_parcel_size(room));
    return p;
}

/* NULL: there is no memory for it. */
struct parcel *shelf_take_spare(struct shelf *shelf, size_t count)
{
    struct parcel *p = shelf->spare;

    if (p)
        shelf->spare = p->next;
    if (!p || p->room < count) {
        free_parcel(shelf, p);
        p = make_parcel(shelf, count);
    }
    if (p) {
        p->shelf = shelf;
        p->count = p->open = 0;
    }
    return p;
}

static void put_spare(struct shelf *shelf, struct parcel *p)
{
    if (p->room > SPARE_ROOM) {
        free_parcel(shelf, p);
        return;
    }
    p->next = shelf->spare;
    shelf->spare = p;
}

/* The releases go on to their end. */
static void abandon(struct parcel *p)
{
    for (size_t i = 0; i < p->count; i++)
        release_abandon(p->releases[i]);
    p->count = 0;
}

static void free_all(const struct shelf *shelf, struct parcel **list)
{
    while (*list) {
        struct parcel *p = *list;
        *list = p->next;
        abandon(p);
        free_parcel(shelf, p);
    }
}

struct shelf *shelf_new(struct account *account)
{
    struct shelf *shelf = mem_calloc(1, sizeof *shelf);

    if (shelf)
        shelf->account = account;
    return shelf;
}

void shelf_free(struct shelf *shelf)
{
    if (!shelf)
        return;
    free_all(shelf, &shelf->under_way);
    free_all(shelf, &shelf->good.first);
    free_all(shelf, &shelf->others.first);
    free_all(shelf, &shelf->spare);
    mem_free(shelf);
}

static void append(struct parcels *list, struct parcel *p)
{
    p->next = NULL;
    if (list->first)
        list->last->next = p;
    else
        list->first = p;
    list->last = p;
}

struct parcel *shelf_take_first(struct parcels *list)
{
    struct parcel *p = list->first;

    list->first = p->next;
    return p;
}

enum verdict shelf_verdict(const struct parcel *p, size_t i)
{
    return release_result(p->releases[i])->verdict;
}

/* Nobody has to be told anything about them. */
static bool is_good(const struct parcel *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (shelf_verdict(p, i) != VERDICT_CONFIRMED &&
            shelf_verdict(p, i) != VERDICT_ALREADY)
            return false;
    return true;
}

static void end(struct parcel *p)
{
    struct shelf *shelf = p->shelf;

    unlink_under_way(shelf, p);
    append(is_good(p) ? &shelf->good : &shelf->others, p);
    if (shelf->waits)
        task_wake(shelf->waits);
}

/* A release whose fate is not on disk does not come back, and neither does
 * one that was not sent because the run has to end, nor any that is handed in
 * after that. */
static void delivered(struct release *r, void *arg)
{
    struct parcel *p = arg;
    const struct release_result *result = release_result(r);

    if (result->verdict == VERDICT_LOST || result->left)
        p->lost = true;
    if (--p->open == 0 && !p->lost)
        end(p);
}

bool shelf_add(struct parcel *p, struct delivery *d,
    const struct journal_ask *ask, struct error *err)
{
    struct release *r = delivery_release(d, ask, delivered, p, err);

    if (!r)
        return false;
    p->releases[p->count++] = r;
    p->open++;
    return true;
}

bool shelf_send(struct parcel *p, bool whole)
{
    if (!whole)
        abandon(p);
    if (p->count)
        link_under_way(p->shelf, p);
    else
        put_spare(p->shelf, p);
    return p->count > 0;
}

void shelf_give_back(struct parcel *p)
{
    abandon(p);
    put_spare(p->shelf, p);
}

bool shelf_is_waited_for(const struct shelf *shelf)
{
    return shelf->under_way || shelf->good.first || shelf->others.first;
}
