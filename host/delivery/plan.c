#include "delivery/plan.h"

#include "base/mem.h"
#include "delivery/differ.h"

#include <search.h>
#include <stdio.h>
#include <string.h>

/* What was planned of an item. */
struct planned {
    int64_t item;
    bool update_stock;
    char *code; // owns
};

struct counted { // its code is owned
    struct plan_code count;
    int64_t latest; // of its items
};

struct remembered {
    char *key; // owns
    struct buf value;
};

/* The trees are glibc's (search.h) and own their entries. */
struct plan {
    struct lookup *journal;
    struct judge_rules rules;
    bool unique_codes;
    void *items, *codes, *keys;
    int64_t repeated;
    struct account *account; // borrows
    size_t taken;            // of it, for items and codes
    int64_t unnoted;         // releases for which it had no room
};

/* Of an item with its code, and of the code's count: entries, texts, the nodes
 * of the trees; of a key. */
enum { ITEM_BYTES = 72, CODE_BYTES = 88, KEY_BYTES = 128 };

static const char *const words_of[PLAN_WOULDS] = {
    [PLAN_RELEASE] = "release",
    [PLAN_RESEND] = "resend",
    [PLAN_ALREADY] = "already",
    [PLAN_TAKE_BACK] = "take back",
    [PLAN_CONFLICT] = "conflict",
    [PLAN_REJECTED] = "rejected",
    [PLAN_UNKNOWN] = "unknown",
    [PLAN_SKIP] = "skip",
    [PLAN_WAIT] = "wait",
    [PLAN_INVALID] = "invalid",
    [PLAN_FAILED] = "failed",
};

const char *plan_word(enum plan_would would)
{
    return words_of[would];
}

enum plan_would plan_would_of(enum input_end end)
{
    static const enum plan_would would[INPUT_ENDS] = {
        [INPUT_RELEASED] = PLAN_RELEASE,
        [INPUT_SKIPPED] = PLAN_SKIP,
        [INPUT_LATER] = PLAN_WAIT,
        [INPUT_FAILED] = PLAN_FAILED,
        [INPUT_INVALID] = PLAN_INVALID,
    };

    return would[end];
}

static int by_item(const void *a, const void *b)
{
    const struct planned *left = a, *right = b;

    return (left->item > right->item) - (left->item < right->item);
}

static int by_code(const void *a, const void *b)
{
    const struct counted *left = a, *right = b;

    return strcmp(left->count.code, right->count.code);
}

static int by_key(const void *a, const void *b)
{
    const struct remembered *left = a, *right = b;

    return strcmp(left->key, right->key);
}

struct plan *plan_new(
    struct lookup *journal, const struct judge_rules *rules, bool unique_codes)
{
    struct plan *plan = mem_calloc(1, sizeof *plan);

    if (!plan)
        return NULL;
    plan->journal = journal;
    plan->rules = *rules;
    plan->unique_codes = unique_codes;
    return plan;
}

static void free_planned(void *entry)
{
    struct planned *planned = entry;

    mem_free(planned->code);
    mem_free(planned);
}

static void free_counted(void *entry)
{
    struct counted *counted = entry;

    mem_free((char *)(uintptr_t)counted->count.code);
    mem_free(counted);
}

static void free_remembered(void *entry)
{
    struct remembered *remembered = entry;

    mem_free(remembered->key);
    buf_free(&remembered->value);
    mem_free(remembered);
}

static void forget_items(struct plan *plan)
{
    tdestroy(plan->items, free_planned);
    tdestroy(plan->codes, free_counted);
    plan->items = plan->codes = NULL;
    plan->repeated = 0;
}

void plan_forget(struct plan *plan)
{
    forget_items(plan);
    account_give(plan->account, plan->taken);
    plan->taken = 0;
    plan->unnoted = 0;
}

void plan_take_from(struct plan *plan, struct account *account)
{
    plan->account = account;
}

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
    forget_items(plan);
    tdestroy(plan->keys, free_remembered);
    mem_free(plan);
}

/* The entry like `wanted`, or NULL. */
static void *find(
    void *tree, const void *wanted, int (*compare)(const void *, const void *))
{
    void **node = tfind(wanted, &tree, compare);

    return node ? *node : NULL;
}

/* As a run that went well would have left it. */
static void fill_row(const struct planned *planned, struct journal_row *row)
{
    *row = (struct journal_row){.order_item_id = planned->item,
        .update_stock = planned->update_stock,
        .state = JOURNAL_CONFIRMED,
        .attempts = 1,
        .applied_stock = planned->update_stock};
    snprintf(row->code, sizeof row->code, "%s", planned->code);
}

/* What a run that died left `sending` is unknown. */
bool plan_find_kept(struct plan *plan, int64_t order_item_id,
    struct journal_row *row, struct error *err)
{
    err->text[0] = '\0';
    if (!plan->journal || !lookup_row(plan->journal, order_item_id, row, err))
        return false;
    if (row->state == JOURNAL_SENDING)
        row->state = JOURNAL_UNKNOWN;
    return true;
}

bool plan_find(struct plan *plan, int64_t order_item_id,
    struct journal_row *row, struct error *err)
{
    struct planned wanted = {.item = order_item_id};
    struct planned *planned = find(plan->items, &wanted, by_item);

    if (!planned)
        return plan_find_kept(plan, order_item_id, row, err);
    fill_row(planned, row);
    err->text[0] = '\0';
    return true;
}

static struct planned *add_item(struct plan *plan, int64_t item)
{
    struct planned *planned = mem_calloc(1, sizeof *planned);

    if (!planned)
        return NULL;
    planned->item = item;
    if (tsearch(planned, &plan->items, by_item))
        return planned;
    mem_free(planned);
    return NULL;
}

static bool note_item(struct plan *plan, const struct journal_ask *ask)
{
    struct planned wanted = {.item = ask->order_item_id};
    struct planned *planned = find(plan->items, &wanted, by_item);
    char *code = mem_strdup(ask->code);

    if (code && !planned)
        planned = add_item(plan, ask->order_item_id);
    if (!code || !planned) {
        mem_free(code);
        return false;
    }
    mem_free(planned->code);
    planned->code = code;
    planned->update_stock = ask->update_stock;
    return true;
}

static struct counted *add_code(struct plan *plan, const char *code)
{
    struct counted *counted = mem_calloc(1, sizeof *counted);

    if (!counted)
        return NULL;
    counted->count.code = mem_strdup(code);
    if (counted->count.code && tsearch(counted, &plan->codes, by_code))
        return counted;
    free_counted(counted);
    return NULL;
}

static bool note_code(struct plan *plan, const struct journal_ask *ask)
{
    struct counted wanted = {.count.code = ask->code};
    struct counted *counted = find(plan->codes, &wanted, by_code);
    struct plan_code *count;

    if (!counted && !(counted = add_code(plan, ask->code)))
        return false;
    count = &counted->count;
    if (count->items && counted->latest == ask->order_item_id)
        return true;
    counted->latest = ask->order_item_id;
    count->items++;
    if (count->items == 1)
        count->first = ask->order_item_id;
    if (count->items == 2) {
        count->second = ask->order_item_id;
        plan->repeated++;
    }
    return true;
}

/* Another item with this code, planned or in the journal. */
static bool find_taken(struct plan *plan, const struct journal_ask *ask,
    int64_t *other, struct error *err)
{
    struct counted wanted = {.count.code = ask->code};
    struct counted *counted = find(plan->codes, &wanted, by_code);

    *other = 0;
    if (!plan->unique_codes)
        return true;
    if (counted && counted->count.first != ask->order_item_id)
        *other = counted->count.first;
    return *other || !plan->journal ||
           lookup_code(
               plan->journal, ask->code, ask->order_item_id, other, err);
}

static enum plan_would judge(struct plan *plan, const struct journal_row *row,
    const struct journal_ask *ask, int64_t now_ms, char *words)
{
    switch (judge_release(row, ask, now_ms, &plan->rules, words)) {
    case JUDGE_SEND:
        return PLAN_RELEASE;
    case JUDGE_RESEND:
        return PLAN_RESEND;
    case JUDGE_ALREADY:
        return PLAN_ALREADY;
    case JUDGE_CONFLICT:
        return PLAN_CONFLICT;
    case JUDGE_REJECTED:
        snprintf(words, JUDGE_NOTE_MAX, "%s", row->message);
        return PLAN_REJECTED;
    case JUDGE_RESTORE:
        return PLAN_TAKE_BACK;
    case JUDGE_UNKNOWN:
        break;
    }
    snprintf(words, JUDGE_NOTE_MAX,
        "an earlier attempt may have been applied; a person settles it");
    return PLAN_UNKNOWN;
}

/* Nothing was sent: what the journal will have by then is this plan's. */
static void say_planned(
    const struct journal_row *row, const struct journal_ask *ask, char *words)
{
    char differ[DIFFER_MAX];

    if (strcmp(row->code, ask->code) != 0)
        snprintf(words, JUDGE_NOTE_MAX,
            "item %lld would be released as \"%s\" before; \"%s\" was asked%s",
            (long long)row->order_item_id, row->code, ask->code,
            differ_words(row->code, ask->code, differ));
    else
        snprintf(words, JUDGE_NOTE_MAX,
            "item %lld would be released with update_stock = true before; "
            "false was asked",
            (long long)row->order_item_id);
}

static bool is_planned(struct plan *plan, int64_t order_item_id)
{
    struct planned wanted = {.item = order_item_id};

    return find(plan->items, &wanted, by_item) != NULL;
}

static bool look_taken(struct plan *plan, const struct journal_ask *ask,
    enum plan_would *would, char *words, struct error *err)
{
    int64_t other;

    if (*would != PLAN_RELEASE && *would != PLAN_RESEND)
        return true;
    if (!find_taken(plan, ask, &other, err))
        return false;
    if (!other)
        return true;
    *would = PLAN_CONFLICT;
    snprintf(words, JUDGE_NOTE_MAX,
        "the code \"%s\" stands for item %lld already (unique_codes)",
        ask->code, (long long)other);
    return true;
}

static size_t bytes_of(const struct journal_ask *ask)
{
    return ITEM_BYTES + CODE_BYTES + 2 * strlen(ask->code);
}

/* Lua keeps its part: the rest of the script goes on when this is full. */
static bool has_room(const struct plan *plan, size_t bytes)
{
    const struct account *account = plan->account;

    return !account || account_left(account) > account->most / 8 + bytes;
}

/* Once there was none, looking again and again would be for nothing. */
void plan_make_room(const struct plan *plan, const struct journal_ask *ask)
{
    if (plan->unnoted == 0 && !has_room(plan, bytes_of(ask)))
        account_collect(plan->account);
}

/* What finds no room is right by itself, and not compared with what follows. */
static bool note(struct plan *plan, const struct journal_ask *ask, bool done,
    struct error *err)
{
    size_t bytes = bytes_of(ask);

    if (!has_room(plan, bytes) || !account_take(plan->account, bytes)) {
        plan->unnoted++;
        return true;
    }
    plan->taken += bytes;
    return ((!done || note_item(plan, ask)) && note_code(plan, ask)) ||
           error_memory(err);
}

bool plan_release(struct plan *plan, const struct journal_ask *ask,
    int64_t now_ms, enum plan_would *would, char *words, struct error *err)
{
    struct journal_row row;

    words[0] = '\0';
    *would = PLAN_RELEASE;
    if (plan_find(plan, ask->order_item_id, &row, err))
        *would = judge(plan, &row, ask, now_ms, words);
    else if (err->text[0])
        return false;
    if (*would == PLAN_CONFLICT && is_planned(plan, ask->order_item_id))
        say_planned(&row, ask, words);
    if (!look_taken(plan, ask, would, words, err))
        return false;
    bool done = *would == PLAN_RELEASE || *would == PLAN_RESEND ||
                *would == PLAN_TAKE_BACK;
    if (*would == PLAN_CONFLICT)
        return true;
    return note(plan, ask, done, err);
}

static struct remembered *add_key(struct plan *plan, const char *key)
{
    struct remembered *entry = mem_calloc(1, sizeof *entry);

    if (!entry)
        return NULL;
    entry->key = mem_strdup(key);
    if (entry->key && tsearch(entry, &plan->keys, by_key))
        return entry;
    free_remembered(entry);
    return NULL;
}

bool plan_remember(struct plan *plan, const char *key, const struct buf *value)
{
    struct remembered wanted = {.key = (char *)(uintptr_t)key};
    struct remembered *entry = find(plan->keys, &wanted, by_key);

    if (!entry && !account_take(plan->account, KEY_BYTES + 2 * strlen(key)))
        return false;
    if (!entry && !(entry = add_key(plan, key)))
        return false;
    buf_clear(&entry->value);
    return account_reserve(plan->account, &entry->value, value->len) &&
           buf_add(&entry->value, buf_text(value), value->len);
}

bool plan_recall(
    struct plan *plan, const char *key, struct buf *value, struct error *err)
{
    struct remembered wanted = {.key = (char *)(uintptr_t)key};
    struct remembered *entry = find(plan->keys, &wanted, by_key);

    err->text[0] = '\0';
    if (!entry)
        return plan->journal && lookup_recall(plan->journal, key, value, err);
    buf_clear(value);
    return buf_add(value, buf_text(&entry->value), entry->value.len) ||
           error_memory(err);
}

/* The best of the codes, as far as they fit, in order. */
struct best {
    struct plan_code *out;
    size_t len, most;
};

static void take_best(const void *node, VISIT visit, void *arg)
{
    struct best *best = arg;
    const struct counted *counted = *(const struct counted *const *)node;
    size_t at = best->len;

    if ((visit != postorder && visit != leaf) || counted->count.items < 2)
        return;
    while (at && best->out[at - 1].items < counted->count.items)
        at--;
    if (at >= best->most)
        return;
    if (best->len < best->most)
        best->len++;
    memmove(&best->out[at + 1], &best->out[at],
        (best->len - at - 1) * sizeof *best->out);
    best->out[at] = counted->count;
}

size_t plan_repeated(struct plan *plan, struct plan_code *out, size_t most)
{
    struct best best = {out, 0, most};

    twalk_r(plan->codes, take_best, &best);
    return best.len;
}

int64_t plan_unnoted_count(const struct plan *plan)
{
    return plan->unnoted;
}

int64_t plan_repeated_count(const struct plan *plan)
{
    return plan->repeated;
}
