#include "ending/ending.h"

#include "base/clock.h"
#include "base/escape.h"
#include "base/exit_code.h"
#include "ending/advice.h"
#include "ending/counts.h"
#include "ending/groups.h"
#include "ending/notice_list.h"
#include "ending/problems.h"
#include "terminal/wrapped.h"

#include <stdlib.h>
#include <string.h>

enum {
    COLUMNS = 80,
    PLACE_MOST = 200, // bytes
    MESSAGE_MOST = 1000
};

static const char *plural(size_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

static size_t count_kept(const struct problems *problems)
{
    size_t n = 0;

    for (size_t i = 0; i < problems->len; i++)
        n += problems->lines[i].kept_by != 0;
    return n;
}

/* "1 of 12 lines needs a person"; of those that earlier runs left there is no
 * line in this one. */
static bool put_need(const struct problems *problems,
    const struct ending_run *run, size_t n, struct buf *out)
{
    long long of = (long long)run->rows->rows;

    if (count_kept(problems))
        return buf_printf(out, "%zu %s", n,
            plural(n, "release or line needs", "releases or lines need"));
    return buf_printf(out, "%zu of %lld %s %s", n, of,
        plural((size_t)of, "line", "lines"), plural(n, "needs", "need"));
}

/* Those that are said now. */
static size_t count(const struct problems *problems)
{
    size_t n = problems->more;

    for (size_t i = 0; i < problems->len; i++)
        n += problem_needs_person(&problems->lines[i]) &&
             !problems->lines[i].told;
    return n;
}

/* "02:00:07" of "2025-11-22 02:00:07 +0300". */
static const char *hour(int64_t wall_ms, char *out)
{
    clock_local(wall_ms, out);
    out[strcspn(out, " ") + strlen(" hh:mm:ss")] = '\0';
    return out + strcspn(out, " ") + 1;
}

/* Which run it was: who reads his mail later wants to know. */
static bool put_run(const struct ending_run *run, struct buf *out)
{
    char begun[CLOCK_TEXT_MAX], ended[CLOCK_TEXT_MAX];

    return !run->news ||
           buf_printf(out, " (run %lld, %s to %s)", (long long)run->run,
               hour(run->started_at, begun), hour(run->ended_at, ended));
}

static bool put_told(const struct ending_run *run, struct buf *out)
{
    size_t n = run->news ? run->news->notice_rows : 0;

    return n == 0 || buf_printf(out, "  %zu %s said before and still %s one.\n",
                         n, plural(n, "other was", "others were"),
                         plural(n, "needs", "need"));
}

static bool put_people(const struct problems *problems,
    const struct ending_run *run, struct buf *out)
{
    size_t n = count(problems);
    bool ok = true;

    if (n == 0 || (run->news && !run->news->rows))
        return true;
    if (run->terminal)
        ok = buf_printf(out, "\n%zu %s a person:\n", n,
            plural(n, "line needs", "lines need"));
    else
        ok = buf_printf(out, "%s: ", run->label) &&
             put_need(problems, run, n, out) && buf_puts(out, " a person") &&
             put_run(run, out) && buf_putc(out, '\n');
    return ok && groups_put(problems, run, out) && put_told(run, out);
}

/* Which of the words for no it was. */
static bool put_exit_rows(
    const struct ending_run *run, long long done, struct buf *out)
{
    static const int order[] = {
        VERDICT_REJECTED, COUNTS_INVALID, COUNTS_FAILED, VERDICT_CONFLICT};
    long long missed = (long long)only_missed(run->only);
    const char *between = "";
    bool ok = buf_printf(out, "Exit code %d: ", run->exit_code);

    for (size_t i = 0; ok && i < sizeof order / sizeof *order; i++) {
        long long n =
            (long long)counts_of(order[i], run->rows, run->tally->by_verdict);
        if (n == 0)
            continue;
        ok = buf_printf(
            out, "%s%lld %s", between, n, counts_ends[order[i]].words);
        between = ", ";
    }
    if (ok && missed) {
        ok = buf_printf(out, "%s%lld not found", between, missed);
        between = ", ";
    }
    if (ok && run->refused_left && !between[0])
        ok = buf_printf(out, "%lld rejected or in conflict in the journal",
            (long long)run->refused_left);
    return ok && buf_printf(out, ". %lld %s done.\n", done,
                     plural((size_t)done, "is", "are"));
}

static bool put_exit(const struct ending_run *run, struct buf *out)
{
    long long done = (long long)(run->tally->by_verdict[VERDICT_CONFIRMED] +
                                 run->tally->by_verdict[VERDICT_ALREADY]);

    const struct exit_row *row = exit_row_of(run->exit_code);

    if (run->exit_code == EXIT_ROWS)
        return put_exit_rows(run, done, out);
    // Of EXIT_SETUP and EXIT_HELD the error has said everything.
    if (!row || row->code == EXIT_DONE || row->code == EXIT_SETUP ||
        row->code == EXIT_HELD)
        return true;
    return buf_printf(out, "Exit code %d: %s. %lld %s done.\n", run->exit_code,
        row->ending ? row->ending : row->meaning, done,
        plural((size_t)done, "is", "are"));
}

static bool put_totals(const struct ending_run *run, struct buf *out)
{
    int64_t ms = run->ended_at - run->started_at;
    bool mock = strcmp(run->host, "mock") == 0;
    bool ok = counts_put_totals(run->rows, run->tally, run->colour, out) &&
              buf_printf(out, ". %lld.%lld s.", (long long)ms / 1000,
                  (long long)ms / 100 % 10);

    if (ok && run->tally->attempts == 0)
        ok = buf_puts(out, run->tally->by_verdict[VERDICT_ALREADY]
                               ? " Nothing was sent twice."
                               : " Nothing was sent.");
    if (ok && run->left_alone)
        ok = buf_puts(out, " Other lines were left alone.");
    if (ok && mock)
        ok = buf_puts(out, " (mock)");
    return ok && buf_putc(out, '\n');
}

/* The one release that was asked for. */
static bool put_released(const struct ending_run *run, struct buf *out)
{
    const struct only *only = run->only;

    if (!only || only->released != 1)
        return true;
    bool ok = buf_printf(out, "%s: released %lld as ", run->host,
                  (long long)only->order_item_id) &&
              escape_put(out, only->code, PLACE_MOST);
    if (ok && only->pk)
        ok = buf_printf(out, ", mapping %lld", (long long)only->pk);
    return ok && buf_puts(out, ".\n");
}

static bool put_fault(const struct ending_run *run, struct buf *out)
{
    return buf_printf(out, "%s: ", run->label) &&
           escape_put_masked(out, run->fault, MESSAGE_MOST) &&
           buf_putc(out, '\n');
}

/* What is wrong, and what to do about it; of cron's, what is news. */
static bool put_troubles(const struct problems *problems,
    const struct ending_run *run, struct buf *out)
{
    const struct notice_list *news = run->news;

    return (!run->fault || run->away->ended || (news && !news->fault) ||
               put_fault(run, out)) &&
           ((news && !news->away) || advice_away(run, out)) &&
           put_people(problems, run, out) &&
           ((news && !news->stop) || advice_stop(run, out)) &&
           advice_kept(problems, run, out) &&
           ((news && !news->refused) || advice_refused(run, out)) &&
           ((news && !news->unknown) || advice_unknown(problems, run, out));
}

/* What was released, and should perhaps not have been. */
static bool put_doubts(const struct ending_run *run, struct buf *out)
{
    const struct ruin_doubts *doubts = &run->tally->doubts;

    if (!doubts->n)
        return true;
    return buf_puts(out, "Look at: ") &&
           escape_put(out, doubts->code, PLACE_MOST) &&
           buf_printf(out, " (item %lld)", (long long)doubts->order_item_id) &&
           (doubts->n == 1 ||
               buf_printf(out, " and %lld more", (long long)doubts->n - 1)) &&
           buf_printf(out,
               " %s released, and hardly %s of the ERP's. For "
               "what is empty a rule gives nil and a reason.\n",
               plural((size_t)doubts->n, "was", "were"),
               plural((size_t)doubts->n, "is a code", "are codes"));
}

static bool put_all(const struct problems *problems,
    const struct ending_run *run, struct buf *out)
{
    return (!run->terminal ||
               (put_released(run, out) && put_totals(run, out))) &&
           put_troubles(problems, run, out) && put_doubts(run, out) &&
           (run->terminal || put_totals(run, out)) && put_exit(run, out);
}

static bool put_again(const struct ending_run *run, struct buf *out)
{
    return buf_printf(out,
        "This is said again in 24 h at the earliest; to see it at any time:\n"
        "  %s\n",
        run->open);
}

/* What cron mails. What is over comes first: it is why the rest is short. */
static bool put_news(const struct problems *problems,
    const struct ending_run *run, struct buf *out)
{
    const struct notice_list *news = run->news;
    bool wrong = news->rows || news->stop || news->unknown || news->refused ||
                 news->fault || news->away || news->other;

    return buf_puts(out, buf_text(&news->over)) &&
           (wrong ? put_all(problems, run, out) && put_again(run, out)
                  : put_doubts(run, out));
}

/* As a person reads a file, "lines.csv:9" before "lines.csv:10": rows that
 * wait end in any order. */
static int by_place(const void *a, const void *b)
{
    const struct problem *left = a, *right = b;

    return strverscmp(left->at, right->at);
}

bool ending_write(
    struct problems *problems, const struct ending_run *run, struct buf *out)
{
    struct buf text = {0};

    bool any = run->news
                   ? notice_list_any(run->news)
                   : run->exit_code != EXIT_DONE || run->fault || run->terminal;

    if (!any && !run->tally->doubts.n)
        return true;
    if (problems->len)
        qsort(
            problems->lines, problems->len, sizeof *problems->lines, by_place);
    bool ok = (run->news ? put_news(problems, run, &text)
                         : put_all(problems, run, &text)) &&
              wrapped_put(out, buf_text(&text),
                  run->columns ? (size_t)run->columns : COLUMNS);
    buf_free(&text);
    return ok;
}
