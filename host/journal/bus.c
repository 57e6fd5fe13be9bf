/* Why it can be left by a jump, and what is held then (SQLite 3.40, wal.c and
 * os_unix.c):
 *
 * - Only wal.c touches the mapped pages, between a call that maps them and the
 *   end of a transaction: it looks up a frame, appends to the index, reads or
 *   writes its header, recovers it, checkpoints. os_unix.c hands the pages out
 *   and never reads them. Its mutexes (of all inodes, of one -shm) are held
 *   only inside its own functions, the allocator's and the page cache's only
 *   inside theirs, and none of those calls wal.c while it has one. So no mutex
 *   of the process is held at a fault; SQLITE_CONFIG_MULTITHREAD has none for
 *   a connection.
 * - Held are the connection's own structures, half changed, and its locks on
 *   the two files. Nobody looks at the former again: the connection is kept in
 *   `left` and neither used nor closed. The latter end with the process; until
 *   then another process waits for them and says so. lock.c's descriptors stay
 *   open with them.
 * - On disk is what was synced. A transaction that was not committed has no
 *   commit frame; one that was committed is durable before its frames are put
 *   in the index, whatever became of the index. The -shm holds nothing that
 *   counts.
 *
 * The handler uses nothing but atomics, sigaction, raise and the jump. Our own
 * frames that are jumped over (op.c, run.c, schema.c) own no memory while
 * SQLite works. */
#include "journal/bus.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

/* A piece is 32 KiB, for 4,096 frames; of more than these a SIGBUS is the
 * default one. */
enum { PIECES = 1024, LEFT = 8 };

struct piece {
    const void *owner; // NULL: free
    atomic_uintptr_t at;
    atomic_size_t len; // 0: nothing is there
};

static struct piece pieces[PIECES];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction before;
static _Thread_local sigjmp_buf *way_out;
static void *left[LEFT];

static bool is_mapped(uintptr_t address)
{
    for (size_t i = 0; i < PIECES; i++) {
        size_t len = atomic_load(&pieces[i].len);
        uintptr_t at = atomic_load(&pieces[i].at);

        if (len && address >= at && address - at < len)
            return true;
    }
    return false;
}

/* A fault comes again as soon as this returns, and then meets the default; a
 * signal that was sent does not. */
static void on_bus(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (way_out && info->si_code == BUS_ADRERR &&
        is_mapped((uintptr_t)info->si_addr))
        siglongjmp(*way_out, 1);
    sigaction(SIGBUS, &before, NULL);
    if (info->si_code <= 0)
        raise(number);
}

/* SA_NODEFER: the jump leaves the mask as it was, and needs no call to save
 * it. */
void bus_listen(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_NODEFER}, now;

    if (sigaction(SIGBUS, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) &&
        now.sa_sigaction == on_bus)
        return;
    action.sa_sigaction = on_bus;
    sigemptyset(&action.sa_mask);
    (void)sigaction(SIGBUS, &action, &before);
}

void bus_mapped(const void *owner, const volatile void *at, size_t len)
{
    size_t i = 0;

    pthread_mutex_lock(&mutex);
    while (i < PIECES && pieces[i].owner)
        i++;
    if (i < PIECES) {
        pieces[i].owner = owner;
        atomic_store(&pieces[i].at, (uintptr_t)at);
        atomic_store(&pieces[i].len, len);
    }
    pthread_mutex_unlock(&mutex);
}

void bus_unmapped(const void *owner)
{
    pthread_mutex_lock(&mutex);
    for (size_t i = 0; i < PIECES; i++) {
        if (pieces[i].owner != owner)
            continue;
        atomic_store(&pieces[i].len, 0);
        pieces[i].owner = NULL;
    }
    pthread_mutex_unlock(&mutex);
}

bool bus_guard(void (*use)(void *arg), void *arg)
{
    sigjmp_buf here;
    sigjmp_buf *volatile outer = way_out;

    if (sigsetjmp(here, 0)) {
        way_out = outer;
        return false;
    }
    way_out = &here;
    use(arg);
    way_out = outer;
    return true;
}

void bus_again(void)
{
    if (way_out)
        siglongjmp(*way_out, 1);
    abort();
}

bool bus_fail(const char *name, struct error *err)
{
    return error_set(err, ERROR_DISK,
        "%s%s was cut short while it was in use. Nothing more is done with "
        "the journal. Nothing is kept in that file, and the next run makes it "
        "anew; find out who does that, then: omnitron journal verify.",
        name ? name : "the journal's", name ? "-shm" : " -shm");
}

void bus_leave(void *db)
{
    for (size_t i = 0; i < LEFT; i++) {
        if (left[i])
            continue;
        left[i] = db;
        return;
    }
}
