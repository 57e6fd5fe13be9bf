#include "ending/problems.h"

#include "base/escape.h"
#include "base/mem.h"
#include "ending/counts.h"
#include "ending/notice.h"
#include "history/reader.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEPT_MAX = 1000,
    WAITING_MAX = 8,  // of those that only wait
    PLACE_MOST = 200, // bytes
    MESSAGE_MOST = 1000
};

static void free_line(struct problem *line)
{
    mem_free(line->what);
    mem_free(line->at);
    mem_free(line->name);
    mem_free(line->item);
    mem_free(line->message);
    mem_free(line->place);
}

static bool make_room(struct problems *problems)
{
    if (problems->len < problems->cap)
        return true;
    size_t cap = problems->cap ? problems->cap * 2 : 16;
    struct problem *lines = mem_realloc(problems->lines, cap * sizeof *lines);
    if (!lines)
        return false;
    problems->lines = lines;
    problems->cap = cap;
    return true;
}

/* Of those that only wait, what they have to say: a few different messages.
 */
static bool is_known(
    const struct problems *problems, const struct script_problem *problem)
{
    size_t n = 0;

    if (strcmp(problem->what, "later") != 0 &&
        strcmp(problem->what, "pending") != 0)
        return false;
    for (size_t i = 0; i < problems->len; i++) {
        const struct problem *line = &problems->lines[i];
        if (strcmp(line->what, problem->what) != 0)
            continue;
        if (strncmp(line->message, problem->message, MESSAGE_MOST) == 0 ||
            ++n >= WAITING_MAX)
            return true;
    }
    return false;
}

static uint64_t digest(const char *seen)
{
    const char *parts[] = {seen, NULL};

    return seen ? notice_about(FINGERPRINT_BUT_TIMES, parts) : 0;
}

/* NULL: no memory. */
static char *copy(const char *text, size_t most)
{
    struct buf out = {0};
    char *plain =
        escape_put_masked(&out, text, most) ? mem_strdup(buf_text(&out)) : NULL;

    buf_free(&out);
    return plain;
}

void problems_add(
    struct problems *problems, const struct script_problem *problem)
{
    if (is_known(problems, problem))
        return;
    if (problems->len >= KEPT_MAX || !make_room(problems)) {
        problems->more++;
        return;
    }
    struct problem line = {.seen = digest(problem->seen),
        .what = mem_strdup(problem->what),
        .at = copy(problem->at, PLACE_MOST),
        .name = copy(problem->name, PLACE_MOST),
        .item = copy(problem->item, PLACE_MOST),
        .message = copy(problem->message, MESSAGE_MOST),
        .place = copy(problem->place, PLACE_MOST),
        .kept_by = problem->kept_by};
    if (line.what && line.at && line.name && line.item && line.message &&
        line.place) {
        problems->lines[problems->len++] = line;
        return;
    }
    free_line(&line);
    problems->more++;
}

static bool take_place(const struct reader_row *row, void *arg)
{
    struct problem *line = arg;
    char *at = copy(row->source, PLACE_MOST);
    char *name = copy(row->name, PLACE_MOST);

    if (at && name) {
        mem_free(line->at);
        mem_free(line->name);
        line->at = at;
        line->name = name;
        return false; // its attempts are not asked for
    }
    mem_free(at);
    mem_free(name);
    return false;
}

static void name_kept(struct reader *reader, struct problem *line)
{
    const struct reader_story story = {.row = take_place, .arg = line};
    struct error ignored;

    (void)reader_show(reader, strtoll(line->item, NULL, 10), &story, &ignored);
}

void problems_name_kept(struct problems *problems, const char *path)
{
    struct reader *reader = NULL;
    struct error ignored;

    for (size_t i = 0; path && i < problems->len; i++) {
        if (!problems->lines[i].kept_by)
            continue;
        if (!reader && !(reader = reader_open(path, &ignored)))
            return;
        name_kept(reader, &problems->lines[i]);
    }
    reader_close(reader);
}

void problems_fini(struct problems *problems)
{
    for (size_t i = 0; i < problems->len; i++)
        free_line(&problems->lines[i]);
    mem_free(problems->lines);
    *problems = (struct problems){0};
}

bool problem_needs_person(const struct problem *line)
{
    int end = counts_read(line->what);

    return end < 0 || counts_needs_person(end);
}
