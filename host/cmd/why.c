/* omnitron why: the whole story of one item. */
#include "cli/show.h"
#include "delivery/valid.h"
#include "inspect/journal_own.h"
#include "inspect/why_story.h"
#include "journal/inputs.h"
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
    bool begin; // those that only begin with the word
    bool many;  // items: of none is looked what else became of its row
    struct journal_place place;
    struct reader *reader;
    struct buf items;  // int64_t: those that the word means
    struct buf told;   // the keys of inputs that were, each with its NULs
    struct show *show; // scripts/cmd/why.lua; NULL: JSON
    struct buf out;
};

/* Whose inputs are being read. */
struct gathering {
    struct why *why;
    struct why_story *story;
};

static struct why_story new_story(const struct why *why)
{
    return (struct why_story){.for_people = !why->json};
}

/* One record for why.lua; frees it. */
static bool show(
    struct why *why, bool made, struct buf *record, struct error *err)
{
    bool ok = made ? show_record(why->show, record, err) : error_memory(err);

    buf_free(record);
    return ok;
}

/* Such a record of a single number. */
static bool show_number(
    struct why *why, const char *name, size_t n, struct error *err)
{
    struct buf record = {0};
    bool ok = buf_putc(&record, '{') &&
              json_put_member_int(&record, name, (int64_t)n) &&
              buf_putc(&record, '}');

    return show(why, ok, &record, err);
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

static bool tell(
    struct why *why, struct why_story *story, bool brief, struct error *err)
{
    struct buf record = {0};

    if (why->json)
        return (why_story_json(story, &why->out) &&
                   buf_putc(&why->out, '\n')) ||
               error_memory(err);
    if (!brief && !add_runs(why, story, err))
        return false;
    bool ok =
        why_story_record(story, reader_run_alive(why->reader), brief, &record);
    return show(why, ok, &record, err);
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
    bool ok = gather(why, &story, item, err) && tell(why, &story, brief, err);

    why_story_fini(&story);
    return ok;
}

static bool show_count(struct why *why, size_t n, struct error *err)
{
    struct buf record = {0};
    bool ok = buf_putc(&record, '{') &&
              json_put_member_int(&record, "items", (int64_t)n) &&
              json_put_member_bool(&record, "begin", why->begin) &&
              json_put_member_bool(&record, "or_more", n == READER_FOUND_MAX) &&
              buf_putc(&record, '}');

    return show(why, ok, &record, err);
}

static bool tell_items(struct why *why, struct error *err)
{
    size_t n = why->items.len / sizeof(int64_t);
    bool brief = n > (why->begin ? 1 : WHOLE_MAX) && !why->json;
    size_t most = brief && n > BRIEF_MAX ? BRIEF_MAX : n;

    why->many = n > WHOLE_MAX;
    if ((brief || (why->begin && n > 0 && !why->json)) &&
        !show_count(why, n, err))
        return false;
    for (size_t i = 0; i < most; i++) {
        int64_t item;
        memcpy(&item, why->items.data + i * sizeof item, sizeof item);
        if (!tell_item(why, item, brief, err) && err->text[0])
            return false;
    }
    return !brief || show_number(why, "more_items", n - most, err);
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
        if (!tell(own->why, &story[i], false, err))
            return false;
    return most == n || show_number(own->why, "more_rows", n - most, err);
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

/* Takes an item out of those that the word means. */
static void leave_out(struct why *why, int64_t item)
{
    size_t kept = 0;

    for (size_t at = 0; at < why->items.len; at += sizeof item) {
        int64_t other;
        memcpy(&other, why->items.data + at, sizeof other);
        if (other == item)
            continue;
        memcpy(why->items.data + kept, &other, sizeof other);
        kept += sizeof other;
    }
    buf_cut(&why->items, kept);
}

/* Behind an item that was told: the releases of an order that has the same
 * number, say. */
static bool tell_others(struct why *why, int64_t item, struct error *err)
{
    if (!reader_find(why->reader, why->word, READER_NAMED, &why->items, err))
        return false;
    leave_out(why, item);
    return why->items.len == 0 || tell_items(why, err);
}

static bool tell_found(struct why *why, enum reader_way way, struct error *err)
{
    return reader_find(why->reader, why->word, way, &why->items, err) &&
           tell_items(why, err);
}

/* An item is meant before a code or a name that looks like one. */
static bool tell_exact(struct why *why, struct error *err)
{
    struct error ignored;
    int64_t item;

    if (valid_item_text(why->word, strlen(why->word), &item, &ignored)) {
        if (tell_item(why, item, false, err))
            return tell_others(why, item, err) && tell_inputs(why, false, err);
        if (err->text[0])
            return false;
    }
    return tell_found(why, READER_WHOLE, err) && tell_inputs(why, false, err) &&
           tell_inputs(why, true, err);
}

/* What the latest run saw and did not keep. */
static bool add_not_kept(const struct reader_run *run, void *arg)
{
    static const enum input_end order[] = {
        INPUT_FAILED, INPUT_INVALID, INPUT_LATER, INPUT_SKIPPED};
    struct json_value summary, value;
    struct buf *out = arg;
    struct error ignored;
    bool ok = true;

    if (!json_parse(run->summary, strlen(run->summary), &summary, &ignored))
        return true;
    for (size_t i = 0; ok && i < sizeof order / sizeof *order; i++) {
        const char *name = input_end_name(order[i]);
        int64_t n;
        if (json_member(&summary, name, &value) && json_integer(&value, &n) &&
            n > INPUTS_KEPT)
            ok =
                buf_printf(out, " Of the %lld %s rows of run %lld %d are kept.",
                    (long long)n, name, (long long)run->id, (int)INPUTS_KEPT);
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
        "%s knows no item, code, order, name, line or field of a row that is "
        "\"%s\", and no release where one begins with it. What there is: "
        "omnitron journal list%s.%s",
        why->place.path, why->word, why->place.named, buf_text(&more));
    buf_free(&more);
    return false;
}

static bool open_show(struct why *why, struct error *err)
{
    struct buf host = {0}, view = {0};
    bool ok =
        journal_read_host(why->reader, &host, err) &&
        (journal_put_view(&view, &why->place, buf_text(&host), why->word) ||
            error_memory(err));

    if (ok)
        why->show = show_open("why", &view, &why->out, err);
    buf_free(&host);
    buf_free(&view);
    return why->show != NULL;
}

static bool answer(struct why *why, struct error *err)
{
    if ((!why->json && !open_show(why, err)) || !tell_exact(why, err))
        return false;
    why->begin = why->out.len == 0;
    if (why->begin && !tell_found(why, READER_BEGINS, err))
        return false;
    return why->out.len > 0 || not_found(why, err);
}

static bool ask(const struct arguments *args, struct error *err)
{
    struct why why = {.json = arguments_given(args, "json")};

    if (args->plain_count != 1 || !args->plain[0][0])
        return error_set(err, ERROR_USAGE,
            "why needs one item, code, order, name or field: omnitron why "
            "46761");
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
    show_close(why.show);
    reader_close(why.reader);
    buf_free(&why.out);
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
    .usage = "why TEXT [OPTION...]",
    .summary = "the whole story of one item",
    .details =
        "What a rule made of a row, every attempt and the host's answer, and "
        "what\n"
        "people decided since. TEXT is an item, a code that was sent, the "
        "number of an\n"
        "order, what the script calls the row, its line, such as "
        "lines.csv:118, or any\n"
        "field of the row; where nothing is it whole, what a code, an order, a "
        "name or a\n"
        "field begins with, of 3 letters or more. Capitals count as small "
        "letters; the\n"
        "latest run comes first.\n"
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
