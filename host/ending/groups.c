#include "ending/groups.h"

#include "base/mem.h"
#include "ending/problems.h"
#include "terminal/colour.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_SHOWN = 20, GROUPS_SHOWN = 20 };

/* Lines that are alike; in the order of the first of each. */
struct group {
    const struct problem *first;
    size_t count, shown;
    bool same; // to the end of their messages
    struct buf lines;
};

struct groups { // groups_fini
    struct group *list;
    size_t len;
    const struct ending_run *run;
};

static bool is_alike(const struct problem *a, const struct problem *b)
{
    if (strcmp(a->what, b->what) != 0)
        return false;
    if (strcmp(a->message, b->message) == 0)
        return true;
    return a->place[0] && strcmp(a->place, b->place) == 0;
}

static struct group *find(struct groups *g, const struct problem *line)
{
    for (size_t i = 0; i < g->len; i++)
        if (is_alike(g->list[i].first, line))
            return &g->list[i];
    g->list[g->len] = (struct group){.first = line, .same = true};
    return &g->list[g->len++];
}

static bool put_place(
    struct buf *out, const struct problem *line, const char *indent)
{
    const char *between = line->at[0] ? "  " : "";
    bool ok = buf_printf(out, "%s%s", indent, line->at);

    if (ok && line->name[0]) {
        ok = buf_printf(out, "%s%s", between, line->name);
        between = "  ";
    }
    if (ok && line->item[0])
        ok = buf_printf(out, "%sitem %s", between, line->item);
    return ok;
}

/* Its row is in no input of this run. */
static bool put_kept(struct buf *out, const struct problem *line)
{
    return !line->kept_by ||
           buf_printf(out, "  (kept by run %lld)", (long long)line->kept_by);
}

static bool put_what(struct buf *out, const struct problem *line, bool colour)
{
    return colour_put(out, colour ? COLOUR_RED : COLOUR_NONE, line->what) &&
           buf_puts(out, ": ");
}

static bool put_row(
    struct groups *g, struct group *group, const struct problem *line)
{
    if (!g->run->everything && group->shown >= LINES_SHOWN)
        return true;
    group->shown++;
    return put_place(&group->lines, line, "    ") &&
           (group->same ||
               buf_printf(&group->lines, ": %s",
                   script_behind_place(line->message, line->place))) &&
           put_kept(&group->lines, line) && buf_putc(&group->lines, '\n');
}

static bool is_shown(const struct problem *line)
{
    return problem_needs_person(line) && !line->told;
}

/* Counts first: whether a group's messages are the same is then known. */
static bool gather(struct groups *g, const struct problems *problems)
{
    bool ok = true;

    for (size_t i = 0; i < problems->len; i++)
        if (is_shown(&problems->lines[i])) {
            struct group *group = find(g, &problems->lines[i]);
            group->count++;
            if (strcmp(group->first->message, problems->lines[i].message) != 0)
                group->same = false;
        }
    for (size_t i = 0; ok && i < problems->len; i++)
        if (is_shown(&problems->lines[i]))
            ok = put_row(g, find(g, &problems->lines[i]), &problems->lines[i]);
    return ok;
}

static bool put_more(
    struct buf *out, const char *indent, size_t n, const struct ending_run *run)
{
    return n == 0 || buf_printf(out, "%s… and %zu more%s%s\n", indent, n,
                         run->open ? ": " : "", run->open ? run->open : "");
}

/* One row with its own message, or a heading with the rows it is about. */
static bool put_group(
    const struct groups *g, const struct group *group, struct buf *out)
{
    const struct problem *line = group->first;
    if (group->count == 1)
        return put_place(out, line, "  ") && buf_puts(out, "  ") &&
               put_what(out, line, g->run->colour) &&
               buf_puts(out, line->message) && put_kept(out, line) &&
               buf_putc(out, '\n');
    bool ok = buf_puts(out, "  ") && put_what(out, line, g->run->colour);
    if (ok && group->same)
        ok = buf_puts(out, line->message);
    else if (ok)
        ok = buf_puts(out, line->place);
    return ok && buf_printf(out, " (%zu)\n", group->count) &&
           buf_puts(out, buf_text(&group->lines)) &&
           put_more(out, "    ", group->count - group->shown, g->run);
}

static bool put_all(
    const struct groups *g, const struct problems *problems, struct buf *out)
{
    size_t left = problems->more;
    bool ok = true;

    for (size_t i = 0; ok && i < g->len; i++)
        if (i < GROUPS_SHOWN || g->run->everything)
            ok = put_group(g, &g->list[i], out);
        else
            left += g->list[i].count;
    return ok && put_more(out, "  ", left, g->run);
}

bool groups_put(const struct problems *problems, const struct ending_run *run,
    struct buf *out)
{
    struct groups g = {.run = run};

    g.list = mem_calloc(problems->len ? problems->len : 1, sizeof *g.list);
    bool ok = g.list && gather(&g, problems) && put_all(&g, problems, out);
    for (size_t i = 0; i < g.len; i++)
        buf_free(&g.list[i].lines);
    mem_free(g.list);
    return ok;
}
