/* journal_sweep.h: a piece of work on a journal, in which each allocation
 * fails once. */
#ifndef JOURNAL_SWEEP_H
#define JOURNAL_SWEEP_H

#include "../unit/journal_rig.h"
#include "mem_faults.h"

/* No machine stops here, so nothing has to reach the disk. */
int fsync(int fd)
{
    (void)fd;
    return 0;
}

int fdatasync(int fd)
{
    (void)fd;
    return 0;
}

static long made; // allocations of the work itself

/* The work calls it at its end: what looks at it afterwards may allocate. */
static void end_of_work(void)
{
    made = atomic_load(&calls);
    atomic_store(&fail_at, 0);
}

/* `work` says whether it was done, and leaves the journal as it was. Every
 * `step`th allocation fails; there are more than `at_least`. */
static void sweep(const struct rig *rig, bool (*work)(const struct rig *rig),
    long at_least, long step)
{
    long first, living_before;
    bool ok = false;

    alarm(0);
    work(rig);
    for (first = 1;; first += step) {
        living_before = atomic_load(&living);
        atomic_store(&calls, 0);
        atomic_store(&fail_count, 1);
        atomic_store(&fail_at, first);
        ok = work(rig);
        assert_int_equal(atomic_load(&living), living_before);
        if (made < first)
            break;
    }
    assert_true(ok);
    assert_true(first > at_least);
}

#endif
