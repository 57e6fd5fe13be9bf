#include "history/tally_group.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static struct tally_group *find(
    struct tally_groups *groups, const char *kind, const char *words)
{
    for (size_t i = 0; i < groups->len; i++) {
        struct tally_group *group = &groups->list[i];

        if (strcmp(group->kind, kind) == 0 && strcmp(group->words, words) == 0)
            return group;
    }
    return NULL;
}

static void free_group(struct tally_group *group)
{
    mem_free(group->kind);
    mem_free(group->words);
    mem_free(group->example);
}

static bool make(struct tally_groups *groups, const struct tally_one *one)
{
    struct tally_group group = {.kind = mem_strdup(one->kind),
        .words = mem_strdup(one->words),
        .example = mem_strdup(one->example),
        .count = one->count,
        .item = one->item,
        .last_at = one->last_at};

    if (!groups->list)
        groups->list = mem_calloc(TALLY_GROUPS_MAX, sizeof *groups->list);
    if (!groups->list || !group.kind || !group.words || !group.example) {
        free_group(&group);
        return false;
    }
    groups->list[groups->len++] = group;
    return true;
}

bool tally_groups_add(struct tally_groups *groups, const struct tally_one *one)
{
    struct tally_group *group = find(groups, one->kind, one->words);

    groups->total += one->count;
    if (!group && groups->len == TALLY_GROUPS_MAX) {
        groups->others += one->count;
        return true;
    }
    if (!group)
        return make(groups, one);
    group->count += one->count;
    if (one->last_at > group->last_at)
        group->last_at = one->last_at;
    return true;
}

static int compare(const void *a, const void *b)
{
    const struct tally_group *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return strcmp(x->words, y->words);
}

void tally_groups_sort(struct tally_groups *groups)
{
    if (groups->len > 1)
        qsort(groups->list, groups->len, sizeof *groups->list, compare);
}

void tally_groups_fini(struct tally_groups *groups)
{
    for (size_t i = 0; i < groups->len; i++)
        free_group(&groups->list[i]);
    mem_free(groups->list);
    memset(groups, 0, sizeof *groups);
}
