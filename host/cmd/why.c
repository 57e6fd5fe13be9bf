/* omnitron why: the whole story of one item. */
#include "delivery/valid.h"
#include "inspect/journal_own.h"
#include "inspect/why_story.h"
#include "journal/inputs.h"
#include "terminal/wrap.h"
#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WHOLE_MAX = 5,   // stories told whole; of more, one line each
    BRIEF_MAX = 20,  // such lines
    DIGITS_LEAST = 4 // of an item that is looked for in the fields of rows
};

/* One question and what was told so far. */
struct why {
    const char *word;
    bool json;
    bool many; // items: of none is looked what else became of its row
    struct journal_place place;
    struct reader *reader;
    struct buf host;  // as people know it
    struct buf items; // int64_t: those that the word means
    struct buf told;  // the keys of inputs that were, each with its NULs
    struct buf out;
};

/* Whose inputs are being read. */
struct gathering {
    struct why *why;
    struct why_story *story;
};

static struct why_story new_story(const struct why *why)
{
    return (struct why_story){.json = why->json,
        .host = why->host.data,
        .alive = reader_run_alive(why->reader)};
}

/* The key of an input: what it is one row of the journal by. */
static bool put_key(struct buf *out, const struct reader_input *input)
{
    return buf_add(out, input->source, strlen(input->source) + 1) &&
           buf_add(out, input->name, strlen(input->name) + 1) &&
           buf_add(out, input->item, strlen(input->item) + 1);
}

/* Whether it was told already; it is from now on. */
static bool was_told(struct why *why, const struct reader_input *input)
{
    size_t before = why->told.len;

    if (!put_key(&why->told, input))
        return buf_cut(&why->told, before);
    size_t len = why->told.len - before;
    const char *key = why->told.data + before;
    for (size_t at = 0; at + len <= before; at++)
        if ((at == 0 || why->told.data[at - 1] == '\0') &&
            memcmp(why->told.data + at, key, len) == 0) {
            buf_cut(&why->told, before);
            return true;
        }
    return false;
}

static bool add_input(const struct reader_input *input, void *arg)
{
    struct gathering *g = arg;

    return was_told(g->why, input) || why_story_input(input, g->story);
}

/* Adds to a story what became no release under `word`. */
static bool add_inputs(struct why *why, struct why_story *story,
    const char *word, bool in_row, struct error *err)
{
    struct gathering g = {why, story};

    if (reader_inputs(why->reader, word, in_row, add_input, &g, err))
        return true;
    return err->text[0] ? false : error_memory(err);
}

/* What became no release of an item: rows that name it, have the name of its
 * row, or have it in a field. */
static bool add_inputs_of(
    struct why *why, struct why_story *story, struct error *err)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%lld", (long long)story->item);
    return add_inputs(why, story, digits, false, err) &&
           (!story->name[0] ||
               add_inputs(why, story, story->name, false, err)) &&
           (strlen(digits) < DIGITS_LEAST ||
               add_inputs(why, story, digits, true, err));
}

static int by_number(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static bool add_runs(
    struct why *why, struct why_story *story, struct error *err)
{
    if (story->runs.len)
        qsort(story->runs.data, story->runs.len / sizeof(int64_t),
            sizeof(int64_t), by_number);
    for (size_t at = 0; at < story->runs.len; at += sizeof(int64_t)) {
        int64_t run;
        memcpy(&run, story->runs.data + at, sizeof run);
        if (!reader_run(why->reader, run, why_story_run, story, err) &&
            err->text[0])
            return false;
    }
    return true;
}

static bool put_blank(struct why *why)
{
    return why->json || why->out.len == 0 || buf_putc(&why->out, '\n');
}

/* All of a story, and what can be done about it. */
static bool tell(struct why *why, struct why_story *story, struct error *err)
{
    if (!add_runs(why, story, err))
        return false;
    bool ok = put_blank(why) && why_story_tell(story, &why->out);
    if (ok && story->has_row && !story->json)
        ok = journal_put_advice(&why->out, story->state, story->has_conflict,
            story->alive, &why->place, story->host, story->item);
    return ok || error_memory(err);
}

static bool gather(
    struct why *why, struct why_story *story, int64_t item, struct error *err)
{
    const struct reader_story ears = {why_story_row, why_story_attempt,
        why_story_audit, why_story_conflict, story};

    err->text[0] = '\0';
    if (reader_show(why->reader, item, &ears, err))
        return why->many || add_inputs_of(why, story, err);
    if (!err->text[0] && story->has_row)
        error_memory(err);
    return false;
}

/* False with err->text "": there is no such item. */
static bool tell_item(
    struct why *why, int64_t item, bool brief, struct error *err)
{
    struct why_story story = new_story(why);
    bool ok = gather(why, &story, item, err);

    if (ok && brief)
        ok = wrap_put(&why->out, "  ", story.head.data, story.head.len) ||
             error_memory(err);
    else
        ok = ok && tell(why, &story, err);
    why_story_fini(&story);
    return ok;
}

/* The first line of a list of items that are not told whole. */
static bool put_count(struct why *why, size_t n)
{
    struct buf line = {0};
    bool ok = buf_printf(&line, "%s stands for %zu%s items:", why->word, n,
                  n == READER_FOUND_MAX ? " or more" : "") &&
              wrap_put(&why->out, "", line.data, line.len);

    buf_free(&line);
    return ok;
}

static bool tell_items(struct why *why, struct error *err)
{
    size_t n = why->items.len / sizeof(int64_t);
    bool brief = n > WHOLE_MAX && !why->json;

    why->many = n > WHOLE_MAX;
    if (brief && !put_count(why, n))
        return error_memory(err);
    for (size_t i = 0; i < n && (!brief || i < BRIEF_MAX); i++) {
        int64_t item;
        memcpy(&item, why->items.data + i * sizeof item, sizeof item);
        if (!tell_item(why, item, brief, err) && err->text[0])
            return false;
    }
    if (brief && n > BRIEF_MAX &&
        !buf_printf(&why->out, "  … and %zu more: --json\n", n - BRIEF_MAX))
        return error_memory(err);
    return !brief || buf_puts(&why->out, "One of them: omnitron why ITEM\n") ||
           error_memory(err);
}

/* Rows that are about no item, each a story of its own. */
struct own_stories {
    struct why *why;
    struct buf list; // struct why_story
};

static bool begin_own(const struct reader_input *input, void *arg)
{
    struct own_stories *own = arg;
    struct why_story story = new_story(own->why);

    if (was_told(own->why, input))
        return true;
    if (why_story_input(input, &story) &&
        buf_add(&own->list, &story, sizeof story))
        return true;
    why_story_fini(&story);
    return false;
}

static bool tell_own(struct own_stories *own, struct error *err)
{
    struct why_story *story = (void *)own->list.data;
    size_t n = own->list.len / sizeof *story;
    size_t most = own->why->json || n < WHOLE_MAX ? n : WHOLE_MAX;

    for (size_t i = 0; i < most; i++)
        if (!tell(own->why, &story[i], err))
            return false;
    return most == n ||
           buf_printf(
               &own->why->out, "… and %zu rows more: --json\n", n - most) ||
           error_memory(err);
}

static bool tell_inputs(struct why *why, bool in_row, struct error *err)
{
    struct own_stories own = {.why = why};
    bool ok =
        reader_inputs(why->reader, why->word, in_row, begin_own, &own, err);

    if (!ok && !err->text[0])
        error_memory(err);
    ok = ok && tell_own(&own, err);
    for (size_t at = 0; at < own.list.len; at += sizeof(struct why_story))
        why_story_fini((void *)(own.list.data + at));
    buf_free(&own.list);
    return ok;
}

/* An item is meant before a code or a name that looks like one. */
static bool find(struct why *why, struct error *err)
{
    struct error ignored;
    int64_t item;

    if (valid_item_text(why->word, strlen(why->word), &item, &ignored)) {
        if (tell_item(why, item, false, err))
            return true;
        if (err->text[0])
            return false;
    }
    return reader_find(why->reader, why->word, &why->items, err) &&
           tell_items(why, err);
}

/* What the latest run saw and did not keep. */
static bool add_not_kept(const struct reader_run *run, void *arg)
{
    static const char *const kinds[] = {
        "failed", "invalid", "later", "skipped"};
    struct json_value summary, value;
    struct buf *out = arg;
    struct error ignored;
    bool ok = true;

    if (!json_parse(run->summary, strlen(run->summary), &summary, &ignored))
        return true;
    for (size_t i = 0; ok && i < sizeof kinds / sizeof *kinds; i++) {
        int64_t n;
        if (json_member(&summary, kinds[i], &value) &&
            json_integer(&value, &n) && n > INPUTS_KEPT)
            ok = buf_printf(out,
                " Of the %lld %s rows of run %lld %d are kept.", (long long)n,
                kinds[i], (long long)run->id, (int)INPUTS_KEPT);
    }
    return ok;
}

static bool not_found(struct why *why, struct error *err)
{
    struct buf more = {0};

    if (!reader_run(why->reader, 0, add_not_kept, &more, err) && err->text[0]) {
        buf_free(&more);
        return false;
    }
    error_set(err, ERROR_USAGE,
        "%s knows no item, code, name or line \"%s\". It is exact: "
        "46761, SO-1201/10, lines.csv:118. What there is: "
        "omnitron journal list%s.%s",
        why->place.path, why->word, why->place.named, buf_text(&more));
    buf_free(&more);
    return false;
}

static bool answer(struct why *why, struct error *err)
{
    if (!journal_read_host(why->reader, &why->host, err) || !find(why, err) ||
        !tell_inputs(why, false, err))
        return false;
    if (why->out.len == 0 && !tell_inputs(why, true, err))
        return false;
    return why->out.len > 0 || not_found(why, err);
}

static bool ask(const struct arguments *args, struct error *err)
{
    struct why why = {.json = arguments_given(args, "json")};

    if (args->plain_count != 1 || !args->plain[0][0])
        return error_set(err, ERROR_USAGE,
            "why needs one item, code or name: omnitron why 46761");
    why.word = args->plain[0];
    if (!journal_init(err) || !journal_place_find(args, NULL, &why.place, err))
        return false;
    why.reader = reader_open(why.place.path, err);
    if (!why.reader)
        return false;
    bool ok = answer(&why, err);
    if (ok && why.json)
        ok = command_print_json(&why.out) || error_memory(err);
    else if (ok)
        command_print(&why.out);
    reader_close(why.reader);
    buf_free(&why.out);
    buf_free(&why.host);
    buf_free(&why.items);
    buf_free(&why.told);
    return ok;
}

static int run(const struct arguments *args)
{
    struct error err;

    return ask(args, &err) ? 0 : command_fail(&err);
}

static const struct option_row options[] = {
    {"json", 0, NULL, false, true, "a line for each item or row"},
    {"profile", 0, "FILE", false, true, "the profile whose journal it is"},
    {"journal", 0, "FILE", false, true, "another journal than the profile's"},
    {0},
};

const struct command command_why = {
    .name = "why",
    .usage = "why ITEM|CODE|NAME [OPTION...]",
    .summary = "the whole story of one item",
    .details =
        "What a rule made of a row, every attempt and the host's answer, and "
        "what\n"
        "people decided since. ITEM is a number, CODE what was sent, NAME what "
        "the\n"
        "script calls the row, or its line, such as lines.csv:118; each of "
        "them whole.\n"
        "Also tells of rows that failed, waited, were skipped or not valid: "
        "the first\n"
        "1,000 of each kind of a run are kept.\n"
        "\n"
        "It reads the journal of the current folder, or the one named, and "
        "works\n"
        "beside a run.\n",
    .options = options,
    .run = run,
};
