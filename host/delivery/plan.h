/* plan.h: what releases would come to, against a journal that is only read.
 *
 * Nothing is sent and nothing is written. What was planned counts as done
 * for what is planned after it, as in a run that goes well. */
#ifndef DELIVERY_PLAN_H
#define DELIVERY_PLAN_H

#include "base/account.h"
#include "delivery/judge.h"
#include "history/lookup.h"
#include "journal/inputs.h"

struct plan; // owns what was planned

enum plan_would {
    PLAN_RELEASE,
    PLAN_RESEND, // unknown, and the profile says once more
    PLAN_ALREADY,
    PLAN_TAKE_BACK, // to what was confirmed before
    PLAN_CONFLICT,
    PLAN_REJECTED, // answered from the journal
    PLAN_UNKNOWN,  // a person settles it first
    PLAN_SKIP,     // from here on rows, not releases
    PLAN_WAIT,
    PLAN_INVALID,
    PLAN_FAILED,
    PLAN_WOULDS
};

/* "release", "already", "skip": the words of --json. */
const char *plan_word(enum plan_would would);

/* Of a row that comes to no release. */
enum plan_would plan_would_of(enum input_end end);

struct plan_row {
    enum plan_would would;
    const char *at;   // "lines.csv:2", "" if unknown
    const char *name; // "SO-1240/10", ""
    const char *item; // its digits, ""
    const char *code; // "" if none
    bool has_stock;   // update_stock means something
    bool update_stock;
    const char *words; // why, "" if there is nothing to say
    const char *where; // "rules.lua:6", with which the words of a failure begin
                       // then; NULL or "": nowhere
    const char *body;  // of the request that it would have sent, NULL: none
    bool doubtful;     // it would be released, and the code hardly is one
};

/* `journal` is borrowed; NULL: nothing is known of earlier runs. */
struct plan *plan_new(
    struct lookup *journal, const struct judge_rules *rules, bool unique_codes);
void plan_free(struct plan *plan);

/* What is planned from now on is taken from the account, which must live until
 * the last plan_release, plan_remember or plan_forget. */
void plan_take_from(struct plan *plan, struct account *account);

/* What was planned of items is as if it had not been; the keys stay. */
void plan_forget(struct plan *plan);

/* Sees to it that the account has room for one more release, if need be without
 * Lua's garbage; not again and again of one that stays full. */
void plan_make_room(const struct plan *plan, const struct journal_ask *ask);

/* What a release of valid fields would come to; `words` (JUDGE_NOTE_MAX
 * bytes) says why. False: the journal, or no memory. What is not in the account
 * is judged by the journal alone, and counted. */
bool plan_release(struct plan *plan, const struct journal_ask *ask,
    int64_t now_ms, enum plan_would *would, char *words, struct error *err);

/* What would be known of an item by now. False with err->text "": nothing. */
bool plan_find(struct plan *plan, int64_t order_item_id,
    struct journal_row *row, struct error *err);

/* The same, but for what is planned: what earlier runs left. */
bool plan_find_kept(struct plan *plan, int64_t order_item_id,
    struct journal_row *row, struct error *err);

/* As JOURNAL_REMEMBER and _RECALL, for the life of the plan. */
bool plan_remember(struct plan *plan, const char *key, const struct buf *value);
bool plan_recall(
    struct plan *plan, const char *key, struct buf *value, struct error *err);

/* Codes that stand for more than one item, those for most first. */
struct plan_code {
    const char *code; // the plan's
    int64_t items;
    int64_t first, second; // of them
};
size_t plan_repeated(struct plan *plan, struct plan_code *out, size_t most);

/* Releases that later ones were not compared with: the account was full. */
int64_t plan_unnoted_count(const struct plan *plan);

/* All codes that stand for more than one item. */
int64_t plan_repeated_count(const struct plan *plan);

#endif
