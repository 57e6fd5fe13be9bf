/* Kept blocks: which size finds which block, how many are kept; and the two
 * heaps that keep them, libcurl's, which has to forget, and Lua's, which has a
 * limit. With AddressSanitizer nothing is kept, and the sizes alone count. */
#include "base/mem.h"
#include "base/pool.h"
#include "lua/lua_heap.h"
#include "net/wiped_heap.h"
#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

static bool put(struct pool *pool, void *block, size_t size)
{
    bool kept = pool_put(pool, block, size);

    if (!kept)
        mem_free(block);
    return kept;
}

static bool keeps(void)
{
    struct pool pool = {0};
    bool kept = put(&pool, mem_alloc(POOL_STEP), POOL_STEP);

    pool_drain(&pool);
    return kept;
}

static void test_round(void **state)
{
    static const struct {
        size_t size, rounded;
    } rows[] = {{0, 16}, {1, 16}, {16, 16}, {17, 32}, {4209, 4224},
        {4224, 4224}, {4225, 4225}, {100000, 100000}, {SIZE_MAX, SIZE_MAX}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(pool_round(rows[i].size), rows[i].rounded);
}

/* A block is found for every size that it has room for, down to the next
 * smaller one that is kept, and for no other. */
static void test_sizes(void **state)
{
    (void)state;
    if (!keeps())
        return; // nothing is kept in this build
    for (size_t size = 1; size <= POOL_LARGEST + 2 * POOL_STEP; size++) {
        struct pool pool = {0};
        void *block = mem_alloc(size);
        bool kept = put(&pool, block, size);
        assert_int_equal(
            kept, size >= POOL_STEP && size < POOL_LARGEST + POOL_STEP);
        if (kept) {
            size_t room = size - size % POOL_STEP;
            assert_null(pool_take(&pool, room + 1));
            if (room > POOL_STEP)
                assert_null(pool_take(&pool, room - POOL_STEP));
            assert_ptr_equal(pool_take(&pool, room - POOL_STEP + 1), block);
            assert_null(pool_take(&pool, room));
            mem_free(block);
        }
        assert_int_equal(pool.bytes, 0);
    }
}

static void test_most(void **state)
{
    struct pool pool = {0};
    size_t n = 0;

    (void)state;
    while (put(&pool, mem_alloc(4096), 4096))
        n++;
    assert_int_equal(n, keeps() ? POOL_KEPT_MAX / 4096 : 0);
    for (size_t i = 0; i < n / 2; i++)
        mem_free(pool_take(&pool, 4090));
    for (size_t i = 0; i < n / 2; i++)
        assert_true(put(&pool, mem_alloc(4096), 4096));
    assert_false(put(&pool, mem_alloc(16), 16));
    pool_drain(&pool);
    assert_int_equal(pool.bytes, 0);
    assert_null(pool_take(&pool, 4096));
}

static bool is_filled(const void *block, int byte, size_t from, size_t to)
{
    const unsigned char *bytes = block;

    while (from < to && bytes[from] == byte)
        from++;
    return from >= to;
}

/* The block stays the process's, and so it can be looked at. */
static void test_wiped(void **state)
{
    (void)state;
    if (!keeps())
        return; // nothing is kept in this build
    wiped_heap_begin();
    for (size_t size = 8; size <= POOL_LARGEST; size += 7) {
        char *block = wiped_heap_alloc(size);
        memset(block, 'T', size);
        wiped_heap_free(block);
        char *next = wiped_heap_alloc(size);
        assert_ptr_equal(next, block);
        assert_true(is_filled(next, 0, sizeof(void *), size));
        wiped_heap_free(next);
    }
    wiped_heap_end();
}

/* Whatever stood in the block before, and in the pool. */
static void test_zeros(void **state)
{
    (void)state;
    wiped_heap_begin();
    assert_null(wiped_heap_calloc(SIZE_MAX / 2, 3));
    for (size_t size = 0; size < 5000; size += 13) {
        void *block[2];
        for (int i = 0; i < 2; i++) {
            block[i] = wiped_heap_alloc(size);
            memset(block[i], 'T', size);
        }
        wiped_heap_free(block[0]);
        wiped_heap_free(block[1]); // now it leads to the first
        void *zeros = wiped_heap_calloc(1, size);
        assert_true(is_filled(zeros, 0, 0, size));
        wiped_heap_free(zeros);
    }
    wiped_heap_end();
}

static void test_grown(void **state)
{
    char *block = NULL;

    (void)state;
    wiped_heap_begin();
    for (size_t size = 1; size < 9000; size += 57) {
        block = wiped_heap_realloc(block, size);
        assert_true(is_filled(block, 'T', 0, size > 57 ? size - 57 : 0));
        memset(block, 'T', size);
    }
    block = wiped_heap_realloc(block, 10);
    assert_true(is_filled(block, 'T', 0, 10));
    wiped_heap_free(block);
    wiped_heap_free(NULL);
    char *copy = wiped_heap_strdup("copy");
    assert_string_equal(copy, "copy");
    wiped_heap_free(copy);
    wiped_heap_end();
}

/* Without a net of its own, as a resolver's: blocks of the other thread end
 * here, and the other way round. */
static void *work_elsewhere(void *arg)
{
    void **block = arg;

    wiped_heap_free(*block);
    *block = wiped_heap_alloc(100);
    for (int i = 0; i < 100; i++)
        wiped_heap_free(wiped_heap_alloc(40));
    return NULL;
}

static void test_threads(void **state)
{
    pthread_t thread;
    void *block;

    (void)state;
    wiped_heap_begin();
    wiped_heap_begin();
    block = wiped_heap_alloc(100);
    assert_int_equal(pthread_create(&thread, NULL, work_elsewhere, &block), 0);
    pthread_join(thread, NULL);
    wiped_heap_free(block);
    wiped_heap_end(); // there is another net, and nothing is freed
    void *other = mem_alloc(pool_round(100));
    void *again = wiped_heap_alloc(100);
    assert_true(!keeps() || again == block);
    mem_free(other);
    wiped_heap_end();
    wiped_heap_free(again); // the leak checker sees what is left
}

enum { MOST = 100000 };

/* A table of blocks that change their size: what they hold stays, and what is
 * used is what they are. */
static void test_lua_heap(void **state)
{
    enum { BLOCKS = 40, STEPS = 20000 };
    struct account account = {.most = MOST};
    struct lua_heap heap = {.account = &account};
    unsigned char *block[BLOCKS] = {NULL};
    size_t size[BLOCKS] = {0}, used = 0;
    unsigned seed = (unsigned)seed_take(1);

    (void)state;
    for (int step = 0; step < STEPS; step++) {
        seed = seed * 1103515245 + 12345;
        int i = (int)(seed >> 16) % BLOCKS;
        size_t to = (seed >> 8) % (step % 3 ? 300 : 9000);
        size_t kept = to < size[i] ? to : size[i];
        void *got =
            lua_heap_allocate(&heap, block[i], block[i] ? size[i] : 5, to);
        assert_int_equal(got == NULL, to == 0 || used - size[i] + to > MOST);
        if (!got && to)
            continue; // it stays as it is
        assert_true(!got || is_filled(got, i, 0, kept));
        block[i] = got;
        if (got)
            memset(got, i, to);
        used += to - size[i];
        size[i] = to;
        assert_int_equal(account.used, used);
    }
    for (int i = 0; i < BLOCKS; i++)
        lua_heap_allocate(&heap, block[i], size[i], 0);
    assert_int_equal(account.used, 0);
    lua_heap_fini(&heap);
}

/* What is kept does not count: a script that gave all back has all again. */
static void test_lua_limit(void **state)
{
    struct account account = {.most = MOST};
    struct lua_heap heap = {.account = &account};
    void *block[MOST / 1000];

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < MOST / 1000; i++) {
            block[i] = lua_heap_allocate(&heap, NULL, 0, 1000);
            assert_non_null(block[i]);
        }
        assert_null(lua_heap_allocate(&heap, NULL, 0, 1));
        assert_null(lua_heap_allocate(&heap, block[0], 1000, 1001));
        assert_ptr_equal(
            lua_heap_allocate(&heap, block[0], 1000, 1000), block[0]);
        for (int i = 0; i < MOST / 1000; i++)
            lua_heap_allocate(&heap, block[i], 1000, 0);
    }
    lua_heap_fini(&heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_most),
        cmocka_unit_test(test_wiped),
        cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_grown),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_lua_heap),
        cmocka_unit_test(test_lua_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
