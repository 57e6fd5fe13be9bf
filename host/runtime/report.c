#include "runtime/report.h"

#include "base/clock.h"
#include "base/exit_code.h"
#include "base/mem.h"
#include "base/plain.h"
#include "runtime/advice.h"
#include "runtime/colour.h"
#include "runtime/groups.h"
#include "runtime/news.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINES_MAX = 1000,
    WAITING_MAX = 8, // of those that only wait
    COLUMNS = 80,
    PLACE_MOST = 200, // bytes
    MESSAGE_MOST = 1000
};

/* What the bytes take on a terminal. */
static size_t width_of(const char *text, size_t len)
{
    size_t width = 0;

    for (size_t i = 0; i < len;) {
        size_t skip = colour_length(text + i);
        size_t end = i + skip;
        while (end < len && (end == i || text[end] != '\x1B'))
            end++;
        width += plain_width(text + i + skip, end - i - skip);
        i = end;
    }
    return width;
}

/* Where the word that begins there ends. One in quotes is a shell's: with a
 * line end in it, it would be another one. */
static size_t word_end(const char *line, size_t at)
{
    size_t end = at + strcspn(line + at, " \n");
    const char *close = line[at] == '\'' ? strpbrk(line + at + 1, "'\n") : NULL;

    if (close && *close == '\'') {
        size_t behind = (size_t)(close - line) + 1;
        behind += strcspn(line + behind, " \n");
        end = behind > end ? behind : end;
    }
    return end;
}

/* Adds a line, broken at its spaces to fit a terminal; what follows its first
 * part is indented. */
static bool put_wrapped(
    struct buf *out, const char *line, size_t len, size_t indent, size_t most)
{
    size_t column = 0;
    bool ok = true;

    for (size_t at = 0; ok && at < len;) {
        size_t lead = strspn(line + at, " ");
        size_t end = word_end(line, at + lead);
        size_t width = width_of(line + at, end - at);
        if (column > indent && column + width > most) {
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

static bool put_wrapped_all(struct buf *out, const char *text, size_t most)
{
    bool ok = true;

    while (ok && *text) {
        size_t len = strcspn(text, "\n"), lead = strspn(text, " ");
        ok = put_wrapped(out, text, len, lead ? lead + 6 : 0, most);
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

/* Of those that only wait, what they have to say: a few different messages.
 */
static bool is_known(
    const struct report *report, const struct host_problem *problem)
{
    size_t n = 0;

    if (strcmp(problem->what, "later") != 0 &&
        strcmp(problem->what, "pending") != 0)
        return false;
    for (size_t i = 0; i < report->len; i++) {
        const struct report_line *line = &report->lines[i];
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

    return seen ? trouble_about(TROUBLE_BUT_TIMES, parts) : 0;
}

/* NULL: no memory. */
static char *copy(const char *text, size_t most)
{
    struct buf out = {0};
    char *plain =
        plain_put_masked(&out, text, most) ? mem_strdup(buf_text(&out)) : NULL;

    buf_free(&out);
    return plain;
}

void report_add(struct report *report, const struct host_problem *problem)
{
    if (is_known(report, problem))
        return;
    if (report->len >= LINES_MAX || !make_room(report)) {
        report->more++;
        return;
    }
    struct report_line line = {.seen = digest(problem->seen),
        .what = mem_strdup(problem->what),
        .at = copy(problem->at, PLACE_MOST),
        .name = copy(problem->name, PLACE_MOST),
        .item = copy(problem->item, PLACE_MOST),
        .message = copy(problem->message, MESSAGE_MOST)};
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
    const struct delivery_tally *tally, bool colour, struct buf *out)
{
    const int64_t *verdicts = tally->by_verdict;
    const struct {
        const char *word;
        int64_t n;
        enum colour colour;
    } parts[] = {
        {"released", verdicts[VERDICT_CONFIRMED], COLOUR_GREEN},
        {"already released", verdicts[VERDICT_ALREADY], COLOUR_NONE},
        {"rejected", verdicts[VERDICT_REJECTED], COLOUR_RED},
        {"in conflict", verdicts[VERDICT_CONFLICT], COLOUR_RED},
        {"unknown", verdicts[VERDICT_UNKNOWN], COLOUR_RED},
        {"kept for the next run", verdicts[VERDICT_PENDING], COLOUR_YELLOW},
        {"lost from sight", verdicts[VERDICT_LOST], COLOUR_RED},
        {"waiting", rows->later, COLOUR_YELLOW},
        {"skipped", rows->skipped, COLOUR_NONE},
        {"failed", rows->failed, COLOUR_RED},
        {"invalid", rows->invalid, COLOUR_RED},
    };
    bool ok = true;

    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++)
        if (parts[i].n || i == 0) {
            ok = buf_printf(
                     out, "%s%lld ", i ? ", " : "", (long long)parts[i].n) &&
                 colour_put(out,
                     colour && parts[i].n ? parts[i].colour : COLOUR_NONE,
                     parts[i].word);
        }
    return ok;
}

bool report_needs_person(const struct report_line *line)
{
    return strcmp(line->what, "later") != 0 &&
           strcmp(line->what, "pending") != 0 &&
           strcmp(line->what, "unknown") != 0;
}

/* Those that are said now. */
static size_t count(const struct report *report)
{
    size_t n = report->more;

    for (size_t i = 0; i < report->len; i++)
        n += report_needs_person(&report->lines[i]) && !report->lines[i].told;
    return n;
}

static const char *plural(size_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

/* "02:00:07" of "2025-11-22 02:00:07 +0300". */
static const char *hour(int64_t wall_ms, char *out)
{
    clock_local(wall_ms, out);
    out[strcspn(out, " ") + strlen(" hh:mm:ss")] = '\0';
    return out + strcspn(out, " ") + 1;
}

/* Which run it was: who reads his mail later wants to know. */
static bool put_run(const struct report_run *run, struct buf *out)
{
    char begun[CLOCK_TEXT_MAX], ended[CLOCK_TEXT_MAX];

    return !run->news ||
           buf_printf(out, " (run %lld, %s to %s)", (long long)run->run,
               hour(run->started_at, begun), hour(run->ended_at, ended));
}

static bool put_told(const struct report_run *run, struct buf *out)
{
    size_t n = run->news ? run->news->told_rows : 0;

    return n == 0 || buf_printf(out, "  %zu %s said before and still %s one.\n",
                         n, plural(n, "other was", "others were"),
                         plural(n, "needs", "need"));
}

static bool put_people(
    const struct report *report, const struct report_run *run, struct buf *out)
{
    size_t n = count(report);
    bool ok = true;

    if (n == 0 || (run->news && !run->news->rows))
        return true;
    if (run->terminal)
        ok = buf_printf(out, "\n%zu %s a person:\n", n,
            plural(n, "line needs", "lines need"));
    else
        ok = buf_printf(out, "%s: %zu of %lld %s a person", run->label, n,
                 (long long)run->rows->rows,
                 plural(n, "lines needs", "lines need")) &&
             put_run(run, out) && buf_putc(out, '\n');
    return ok && groups_put(report, run, out) && put_told(run, out);
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
    int64_t ms = run->ended_at - run->started_at;
    bool ok = buf_printf(out, "%lld %s: ", (long long)run->rows->rows,
                  plural((size_t)run->rows->rows, "line", "lines")) &&
              report_counts(run->rows, run->tally, run->colour, out) &&
              buf_printf(out, ". %lld.%lld s.", (long long)ms / 1000,
                  (long long)ms / 100 % 10);

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

static bool put_fault(const struct report_run *run, struct buf *out)
{
    return buf_printf(out, "%s: ", run->label) &&
           plain_put_masked(out, run->fault, MESSAGE_MOST) &&
           buf_putc(out, '\n');
}

/* What is wrong, and what to do about it; of cron's, what is news. */
static bool put_troubles(
    const struct report *report, const struct report_run *run, struct buf *out)
{
    const struct news *news = run->news;

    return (!run->fault || (news && !news->fault) || put_fault(run, out)) &&
           put_people(report, run, out) &&
           ((news && !news->stop) || advice_stop(run, out)) &&
           advice_kept(report, run, out) &&
           ((news && !news->unknown) || advice_unknown(report, run, out));
}

static bool put_all(
    const struct report *report, const struct report_run *run, struct buf *out)
{
    return (!run->terminal || put_totals(run, out)) &&
           put_troubles(report, run, out) &&
           (run->terminal || put_totals(run, out)) && put_exit(run, out);
}

static bool put_again(const struct report_run *run, struct buf *out)
{
    return buf_printf(out,
        "This is said again in 24 h at the earliest; to see it at any time:\n"
        "  %s\n",
        run->open);
}

/* What cron mails. What is over comes first: it is why the rest is short. */
static bool put_news(
    const struct report *report, const struct report_run *run, struct buf *out)
{
    const struct news *news = run->news;
    bool wrong =
        news->rows || news->stop || news->unknown || news->fault || news->other;

    return buf_puts(out, buf_text(&news->over)) &&
           (!wrong || (put_all(report, run, out) && put_again(run, out)));
}

/* As a person reads a file, "lines.csv:9" before "lines.csv:10": rows that
 * wait end in any order. */
static int by_place(const void *a, const void *b)
{
    const struct report_line *left = a, *right = b;

    return strverscmp(left->at, right->at);
}

bool report_write(
    struct report *report, const struct report_run *run, struct buf *out)
{
    struct buf text = {0};

    if (run->news
            ? !news_any(run->news)
            : run->exit_code == EXIT_DONE && !run->fault && !run->terminal)
        return true;
    if (report->len)
        qsort(report->lines, report->len, sizeof *report->lines, by_place);
    bool ok = (run->news ? put_news(report, run, &text)
                         : put_all(report, run, &text)) &&
              put_wrapped_all(out, buf_text(&text),
                  run->columns ? (size_t)run->columns : COLUMNS);
    buf_free(&text);
    return ok;
}
