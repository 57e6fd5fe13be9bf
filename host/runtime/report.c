#include "runtime/report.h"

#include "base/exit_code.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "runtime/advice.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 1000, COLUMNS = 80 };

/* Adds a line, broken at its spaces to fit a terminal; what follows its first
 * part is indented. */
static bool put_wrapped(
    struct buf *out, const char *line, size_t len, size_t indent)
{
    size_t column = 0;
    bool ok = true;

    for (size_t at = 0; ok && at < len;) {
        size_t lead = strspn(line + at, " ");
        size_t end = at + lead + strcspn(line + at + lead, " \n");
        size_t width = utf8_count(line + at, end - at);
        if (column > indent && column + width > COLUMNS) {
            ok = buf_printf(out, "\n%*s", (int)indent, "");
            column = indent;
            at += lead;
            width -= lead;
        }
        ok = ok && buf_add(out, line + at, end - at);
        column += width;
        at = end;
    }
    return ok && buf_putc(out, '\n');
}

static bool put_wrapped_all(struct buf *out, const char *text)
{
    bool ok = true;

    while (ok && *text) {
        size_t len = strcspn(text, "\n"), lead = strspn(text, " ");
        ok = put_wrapped(out, text, len, lead ? lead + 6 : 0);
        text += len + 1;
    }
    return ok;
}

static void free_line(struct report_line *line)
{
    mem_free(line->what);
    mem_free(line->at);
    mem_free(line->name);
    mem_free(line->item);
    mem_free(line->message);
}

static bool make_room(struct report *report)
{
    if (report->len < report->cap)
        return true;
    size_t cap = report->cap ? report->cap * 2 : 16;
    struct report_line *lines = mem_realloc(report->lines, cap * sizeof *lines);
    if (!lines)
        return false;
    report->lines = lines;
    report->cap = cap;
    return true;
}

void report_add(struct report *report, const struct host_problem *problem)
{
    if (report->len >= LINES_MAX || !make_room(report)) {
        report->more++;
        return;
    }
    struct report_line line = {.what = mem_strdup(problem->what),
        .at = mem_strdup(problem->at),
        .name = mem_strdup(problem->name),
        .item = mem_strdup(problem->item),
        .message = mem_strdup(problem->message)};
    if (line.what && line.at && line.name && line.item && line.message) {
        report->lines[report->len++] = line;
        return;
    }
    free_line(&line);
    report->more++;
}

void report_fini(struct report *report)
{
    for (size_t i = 0; i < report->len; i++)
        free_line(&report->lines[i]);
    mem_free(report->lines);
    *report = (struct report){0};
}

bool report_counts(const struct host_rows *rows,
    const struct delivery_tally *tally, struct buf *out)
{
    const int64_t *verdicts = tally->by_verdict;
    const struct {
        const char *word;
        int64_t n;
    } parts[] = {
        {"released", verdicts[VERDICT_CONFIRMED]},
        {"already released", verdicts[VERDICT_ALREADY]},
        {"rejected", verdicts[VERDICT_REJECTED]},
        {"in conflict", verdicts[VERDICT_CONFLICT]},
        {"unknown", verdicts[VERDICT_UNKNOWN]},
        {"kept for the next run", verdicts[VERDICT_PENDING]},
        {"lost from sight", verdicts[VERDICT_LOST]},
        {"waiting", rows->later},
        {"skipped", rows->skipped},
        {"failed", rows->failed},
        {"invalid", rows->invalid},
    };
    bool ok = true;

    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++)
        if (parts[i].n || i == 0) {
            ok = i == 0 || buf_puts(out, ", ");
            ok = ok && buf_printf(out, "%lld %s", (long long)parts[i].n,
                           parts[i].word);
        }
    return ok;
}

/* The words before a message: whose turn it is. */
static bool needs_person(const struct report_line *line)
{
    return strcmp(line->what, "later") != 0 &&
           strcmp(line->what, "pending") != 0 &&
           strcmp(line->what, "unknown") != 0;
}

static size_t count(const struct report *report, const char *what)
{
    size_t n = 0;

    for (size_t i = 0; i < report->len; i++)
        if (what ? strcmp(report->lines[i].what, what) == 0
                 : needs_person(&report->lines[i]))
            n++;
    return n;
}

static bool is_same(const struct report_line *a, const struct report_line *b)
{
    return strcmp(a->what, b->what) == 0 && strcmp(a->message, b->message) == 0;
}

static bool is_first(const struct report *report, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (is_same(&report->lines[k], &report->lines[i]))
            return false;
    return true;
}

static bool put_place(
    struct buf *out, const struct report_line *line, const char *indent)
{
    bool ok = buf_printf(out, "%s%s", indent, line->at);

    if (ok && line->name[0])
        ok = buf_printf(out, "  %s", line->name);
    if (ok && line->item[0])
        ok = buf_printf(out, "  item %s", line->item);
    return ok;
}

/* One row with its own message, or a message with the rows it is about. */
static bool put_group(
    const struct report *report, size_t first, struct buf *out)
{
    const struct report_line *line = &report->lines[first];
    size_t same = 0;

    for (size_t i = first; i < report->len; i++)
        same += is_same(line, &report->lines[i]);
    if (same == 1)
        return put_place(out, line, "  ") &&
               buf_printf(out, "  %s: %s\n", line->what, line->message);
    bool ok =
        buf_printf(out, "  %s: %s (%zu)\n", line->what, line->message, same);
    for (size_t i = first; ok && i < report->len; i++)
        if (is_same(line, &report->lines[i]))
            ok = put_place(out, &report->lines[i], "    ") &&
                 buf_putc(out, '\n');
    return ok;
}

static const char *plural(size_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

static bool put_people(
    const struct report *report, const struct report_run *run, struct buf *out)
{
    size_t n = count(report, NULL);
    bool ok = true;

    if (n == 0)
        return true;
    if (run->terminal)
        ok = buf_printf(out, "\n%zu %s a person:\n", n,
            plural(n, "line needs", "lines need"));
    else
        ok = buf_printf(out, "%s: %zu of %lld %s a person\n", run->label, n,
            (long long)run->rows->rows, plural(n, "lines needs", "lines need"));
    for (size_t i = 0; ok && i < report->len; i++)
        if (needs_person(&report->lines[i]) && is_first(report, i))
            ok = put_group(report, i, out);
    if (ok && report->more)
        ok = buf_printf(out, "  … and %zu more\n", report->more);
    return ok;
}

static const struct {
    int code;
    const char *why;
} reasons[] = {
    {EXIT_SCRIPT, "the script did not come to its end"},
    {EXIT_SETUP, "the command line, the profile or the journal"},
    {EXIT_UNKNOWN, "the journal holds unknown releases; a person settles them"},
    {EXIT_PENDING, "some releases are kept for a later run"},
    {EXIT_STOPPED, "sending was stopped, and a person must act"},
    {EXIT_SIGINT, "ended by a signal"},
    {EXIT_SIGTERM, "ended by a signal"},
    {EXIT_DISK, "the journal or its disk failed"},
    {EXIT_FAULT, "a fault of this program"},
};

/* Which of the four words for no it was. */
static bool put_exit_rows(
    const struct report_run *run, long long done, struct buf *out)
{
    const int64_t *verdicts = run->tally->by_verdict;
    const struct {
        const char *word;
        int64_t n;
    } parts[] = {
        {"rejected", verdicts[VERDICT_REJECTED]},
        {"invalid", run->rows->invalid},
        {"failed", run->rows->failed},
        {"in conflict", verdicts[VERDICT_CONFLICT]},
    };
    const char *between = "";
    bool ok = buf_printf(out, "Exit code %d: ", run->exit_code);

    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++)
        if (parts[i].n) {
            ok = buf_printf(out, "%s%lld %s", between, (long long)parts[i].n,
                parts[i].word);
            between = ", ";
        }
    return ok && buf_printf(out, ". %lld %s done.\n", done,
                     plural((size_t)done, "is", "are"));
}

static bool put_exit(const struct report_run *run, struct buf *out)
{
    long long done = (long long)(run->tally->by_verdict[VERDICT_CONFIRMED] +
                                 run->tally->by_verdict[VERDICT_ALREADY]);

    if (run->exit_code == EXIT_ROWS)
        return put_exit_rows(run, done, out);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].code == run->exit_code)
            return buf_printf(out, "Exit code %d: %s. %lld %s done.\n",
                run->exit_code, reasons[i].why, done,
                plural((size_t)done, "is", "are"));
    return true;
}

static bool put_totals(const struct report_run *run, struct buf *out)
{
    bool ok = buf_printf(out, "%lld %s: ", (long long)run->rows->rows,
                  plural((size_t)run->rows->rows, "line", "lines")) &&
              report_counts(run->rows, run->tally, out) &&
              buf_printf(out, ". %lld.%lld s.", (long long)run->ms / 1000,
                  (long long)run->ms / 100 % 10);

    if (ok && run->tally->carried)
        ok = buf_printf(out, " %lld of them %s kept by earlier runs.",
            (long long)run->tally->carried,
            plural((size_t)run->tally->carried, "was", "were"));
    if (ok && run->tally->attempts == 0)
        ok = buf_puts(out, run->tally->by_verdict[VERDICT_ALREADY]
                               ? " Nothing was sent twice."
                               : " Nothing was sent.");
    if (ok && run->left_alone)
        ok = buf_puts(out, " Other lines were left alone.");
    return ok && buf_putc(out, '\n');
}

/* As a person reads a file, "lines.csv:9" before "lines.csv:10": rows that
 * wait end in any order. */
static int by_place(const void *a, const void *b)
{
    const struct report_line *left = a, *right = b;

    return strverscmp(left->at, right->at);
}

static bool put_all(
    const struct report *report, const struct report_run *run, struct buf *out)
{
    bool ok = !run->terminal || put_totals(run, out);

    if (ok && run->fault)
        ok = buf_printf(out, "%s: %s\n", run->label, run->fault);
    ok = ok && put_people(report, run, out) && advice_stop(run, out) &&
         advice_kept(report, run, out) && advice_unknown(report, run, out);
    if (ok && !run->terminal)
        ok = put_totals(run, out);
    return ok && put_exit(run, out);
}

bool report_write(
    struct report *report, const struct report_run *run, struct buf *out)
{
    struct buf text = {0};

    if (run->exit_code == EXIT_DONE && !run->fault && !run->terminal)
        return true;
    if (report->len)
        qsort(report->lines, report->len, sizeof *report->lines, by_place);
    bool ok =
        put_all(report, run, &text) && put_wrapped_all(out, buf_text(&text));
    buf_free(&text);
    return ok;
}
