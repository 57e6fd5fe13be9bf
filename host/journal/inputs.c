#include "journal/inputs.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/secret.h"

#include <string.h>

enum { GROUP = 250, TEXT_MAX = JOURNAL_MESSAGE_MAX };

static const struct {
    const char *name;
    bool needs_person;
} ends[INPUT_ENDS] = {
    [INPUT_RELEASED] = {"released", false},
    [INPUT_SKIPPED] = {"skipped", false},
    [INPUT_LATER] = {"later", false},
    [INPUT_FAILED] = {"failed", true},
    [INPUT_INVALID] = {"invalid", true},
};

/* The texts of a row; `seen` is masked and cut already. */
enum { SOURCE, NAME, ITEM, MESSAGE, PLACE, SEEN, TEXTS };

/* One operation and what it borrows. */
struct group {
    struct journal_op op;
    struct group *next;
    struct journal_input rows[GROUP];
    size_t starts[GROUP][TEXTS]; // in `texts`, which moves while it grows
    struct buf texts;            // each with its NUL
};

struct inputs {
    struct journal *journal;
    struct group *groups; // all; the first may be open
    bool open;            // it is being filled
    int64_t seen[INPUT_ENDS];
};

const char *input_end_name(enum input_end end)
{
    return ends[end].name;
}

bool input_end_read(const char *name, enum input_end *end)
{
    for (int i = 0; i < INPUT_ENDS; i++)
        if (strcmp(ends[i].name, name) == 0) {
            *end = (enum input_end)i;
            return true;
        }
    return false;
}

bool input_end_needs_person(enum input_end end)
{
    return ends[end].needs_person;
}

struct inputs *inputs_new(struct journal *journal)
{
    struct inputs *inputs = mem_calloc(1, sizeof *inputs);

    if (inputs)
        inputs->journal = journal;
    return inputs;
}

void inputs_free(struct inputs *inputs)
{
    if (!inputs)
        return;
    while (inputs->groups) {
        struct group *group = inputs->groups;
        inputs->groups = group->next;
        buf_free(&group->texts);
        mem_free(group);
    }
    mem_free(inputs);
}

bool inputs_wants(struct inputs *inputs, const char *what)
{
    enum input_end end;

    return input_end_read(what, &end) && inputs->seen[end]++ < INPUTS_KEPT;
}

/* The operation is over, and few runs have a second group. */
static void written(struct journal_op *op)
{
    struct group *group = op->owner;

    buf_free(&group->texts);
}

static bool open_group(struct inputs *inputs)
{
    struct group *group = mem_calloc(1, sizeof *group);

    if (!group)
        return false;
    group->op.kind = JOURNAL_INPUTS;
    group->op.owner = group;
    group->op.done = written;
    group->op.inputs = group->rows;
    group->next = inputs->groups;
    inputs->groups = group;
    inputs->open = true;
    return true;
}

static bool add_text(struct group *group, int which, const char *text)
{
    char kept[TEXT_MAX + 1];
    bool cut;

    group->starts[group->op.input_count][which] = group->texts.len;
    if (which == SEEN)
        return buf_add(
            &group->texts, text ? text : "", text ? strlen(text) + 1 : 1);
    size_t n = secret_copy(text, strlen(text), kept, TEXT_MAX, &cut);
    return buf_add(&group->texts, kept, n + 1);
}

static bool add_row(struct group *group, const struct journal_input *input)
{
    const char *const texts[TEXTS] = {
        [SOURCE] = input->source,
        [NAME] = input->name,
        [ITEM] = input->item,
        [MESSAGE] = input->message,
        [PLACE] = input->place,
        [SEEN] = input->seen,
    };
    size_t before = group->texts.len;
    enum input_end end;

    if (!input_end_read(input->what, &end))
        return false;
    for (int i = 0; i < TEXTS; i++)
        if (!add_text(group, i, texts[i]))
            return buf_cut(&group->texts, before);
    group->rows[group->op.input_count++].what = ends[end].name;
    return true;
}

void inputs_add(struct inputs *inputs, const struct journal_input *input)
{
    if (!inputs->open && !open_group(inputs))
        return;
    struct group *group = inputs->groups;
    if (add_row(group, input) && group->op.input_count == GROUP)
        inputs_submit(inputs);
}

static const char *text_at(const struct group *group, size_t row, int which)
{
    return group->texts.data + group->starts[row][which];
}

/* The texts stay where they are from now on. */
static void point(struct group *group)
{
    for (size_t i = 0; i < group->op.input_count; i++) {
        struct journal_input *row = &group->rows[i];
        const char *seen = text_at(group, i, SEEN);
        row->source = text_at(group, i, SOURCE);
        row->name = text_at(group, i, NAME);
        row->item = text_at(group, i, ITEM);
        row->message = text_at(group, i, MESSAGE);
        row->place = text_at(group, i, PLACE);
        row->seen = seen[0] ? seen : NULL;
    }
}

void inputs_submit(struct inputs *inputs)
{
    if (!inputs->open)
        return;
    inputs->open = false;
    if (inputs->groups->op.input_count == 0)
        return;
    point(inputs->groups);
    journal_submit(inputs->journal, &inputs->groups->op);
}
