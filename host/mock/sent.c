#include "mock/sent.h"

#include "base/mem.h"

#include <string.h>

void sent_fini(struct sent *sent)
{
    mem_free(sent->pks);
    *sent = (struct sent){0};
}

size_t sent_rank(const struct sent *sent, int64_t pk)
{
    size_t low = 0, high = sent->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sent->pks[middle] < pk)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool sent_has(const struct sent *sent, int64_t pk)
{
    size_t at = sent_rank(sent, pk);
    return at < sent->count && sent->pks[at] == pk;
}

static bool grow(struct sent *sent)
{
    size_t cap = sent->cap ? 2 * sent->cap : 64;
    int64_t *pks;

    if (sent->count < sent->cap)
        return true;
    pks = mem_realloc(sent->pks, cap * sizeof *pks);
    if (!pks)
        return false;
    sent->pks = pks;
    sent->cap = cap;
    return true;
}

bool sent_set(struct sent *sent, int64_t pk, bool is_sent)
{
    size_t at = sent_rank(sent, pk);
    int64_t *place;

    if (sent_has(sent, pk) == is_sent)
        return true;
    if (is_sent && !grow(sent))
        return false;
    place = sent->pks + at;
    if (is_sent) {
        memmove(place + 1, place, (sent->count - at) * sizeof *place);
        *place = pk;
        sent->count++;
    } else {
        sent->count--;
        memmove(place, place + 1, (sent->count - at) * sizeof *place);
    }
    return true;
}

int64_t sent_nth_missing(const struct sent *sent, int64_t first, int64_t k)
{
    size_t start = sent_rank(sent, first);
    size_t low = start, high = sent->count;

    /* pks[i] - first - (i - start) orders between `first` and pks[i] are
     * missing: the answer lies behind every pks[i] with at most k of them. */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t before = sent->pks[middle] - first - (int64_t)(middle - start);
        if (before <= k)
            low = middle + 1;
        else
            high = middle;
    }
    return first + k + (int64_t)(low - start);
}
