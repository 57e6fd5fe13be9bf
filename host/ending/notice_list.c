#include "ending/notice_list.h"

#include "base/exit_code.h"
#include "ending/notice_over.h"
#include "ending/problems.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Of NOTICE_OTHER, beside the exit codes. */
enum { ABOUT_DEADLINE = 1000 };

/* Of NOTICE_CROWD, with scope 0: more items than are told apart. Lines have a
 * scope, and 0. */
enum { ABOUT_UNKNOWN = 1 };

/* What a run is judged with. */
struct judging {
    struct notice_list *news;
    struct problems *problems;
    struct ending_run *run;
    struct notices *t;
    uint32_t scope;
    int64_t now;    // the run's start: cron's beat
    bool rows_over; // and said so
    bool ok;
};

static bool see(struct judging *j, enum notice_kind kind, uint32_t scope,
    uint64_t about, struct notice **which)
{
    return notices_see(j->t, kind, scope, about, j->now, which) !=
           NOTICE_SILENT;
}

/* The row, to the letter; what is wrong with it, loosely. One without name
 * and item is known by its place and its fields: another file may have the
 * place tomorrow. Without those, only its message tells which it is. */
static uint64_t about_line(const struct problem *line)
{
    bool named = line->name[0] || line->item[0];
    const char *row[] = {
        line->what, line->name, line->item, named ? "" : line->at, NULL};
    const char *message[] = {line->message, NULL};
    uint64_t words = notice_about(
        named || line->seen ? FINGERPRINT_BUT_NUMBERS : FINGERPRINT_BUT_TIMES,
        message);

    return (notice_about(FINGERPRINT_TO_THE_LETTER, row) * 31 + words) * 31 +
           line->seen;
}

static void tell_all_lines(struct judging *j, bool told)
{
    for (size_t i = 0; i < j->problems->len; i++)
        j->problems->lines[i].told = told;
}

static size_t count_people(const struct problems *problems)
{
    size_t n = 0;

    for (size_t i = 0; i < problems->len; i++)
        n += problem_needs_person(&problems->lines[i]);
    return n;
}

/* Too many to be told apart, or lines that could not be kept. */
static bool is_crowd(const struct problems *problems)
{
    return problems->more > 0 || problems->len > NOTICES_ROWS_MOST;
}

/* They are one trouble. */
static void judge_crowd(struct judging *j)
{
    j->news->rows = see(j, NOTICE_CROWD, j->scope, 0, NULL);
    tell_all_lines(j, !j->news->rows);
    j->news->notice_rows =
        j->news->rows ? 0 : count_people(j->problems) + j->problems->more;
}

static void judge_rows(struct judging *j)
{
    if (is_crowd(j->problems)) {
        judge_crowd(j);
        return;
    }
    for (size_t i = 0; i < j->problems->len; i++) {
        struct problem *line = &j->problems->lines[i];
        if (!problem_needs_person(line))
            continue;
        line->told = !see(j, line->kept_by ? NOTICE_KEPT : NOTICE_ROW,
            line->kept_by ? 0 : j->scope, about_line(line), NULL);
        j->news->notice_rows += line->told;
        j->news->rows = j->news->rows || !line->told;
    }
}

static bool is_unknown_crowd(const struct ending_run *run)
{
    return run->open_unknown > NOTICE_LIST_ITEMS_MOST;
}

/* They are one trouble, and new when they have become more. */
static void judge_unknown_crowd(struct judging *j)
{
    struct notice *which;
    bool said = see(j, NOTICE_CROWD, 0, ABOUT_UNKNOWN, &which);

    j->news->unknown = said || !which || j->run->open_unknown > which->count;
    if (which)
        which->count = j->run->open_unknown;
}

static void judge_unknown(struct judging *j)
{
    if (is_unknown_crowd(j->run)) {
        judge_unknown_crowd(j);
        return;
    }
    for (size_t i = 0; i < j->run->unknown_count; i++) {
        struct ending_item *item = &j->run->unknown[i];
        item->told =
            !see(j, NOTICE_UNKNOWN, 0, (uint64_t)item->order_item_id, NULL);
        j->news->unknown = j->news->unknown || !item->told;
    }
}

/* With an item of its own, that no item is, where they are too many. */
static void judge_refused_crowd(struct judging *j)
{
    struct notice *which;
    bool said = see(j, NOTICE_REFUSED, 0, 0, &which);

    j->news->refused = said || !which || j->run->open_refused > which->count;
    if (which)
        which->count = j->run->open_refused;
}

/* What a line of this run says is told with it, and known from then on. */
static void judge_refused(struct judging *j)
{
    if (j->run->open_refused > NOTICE_LIST_ITEMS_MOST)
        judge_refused_crowd(j);
    else
        for (size_t i = 0; i < j->run->refused_count; i++) {
            struct ending_item *item = &j->run->refused[i];
            item->told =
                !see(j, NOTICE_REFUSED, 0, (uint64_t)item->order_item_id, NULL);
            if (!item->told && !item->in_line)
                j->news->refused = true;
        }
    j->news->refused = j->news->refused && j->run->refused_left > 0;
}

/* An outage that caught a run in the middle is the same as the one that the
 * next run meets. */
static enum stop_reason same_stop(enum stop_reason why)
{
    return why == STOP_UNKNOWN ? STOP_NO_ANSWER : why;
}

static bool is_stopped(const struct ending_run *run)
{
    return run->stop->why != STOP_NONE && run->stop->why != STOP_LEAVE;
}

static void judge_stop(struct judging *j)
{
    struct notice *which;

    if (!is_stopped(j->run))
        return;
    j->news->stop =
        see(j, NOTICE_STOP, 0, same_stop(j->run->stop->why), &which);
    if (!which)
        return;
    which->count = j->run->open_pending;
    if (which->since != j->now)
        j->news->stop_since = which->since;
    if (!which->text[0])
        stop_reason_say(
            j->run->stop, j->run->host, which->text, sizeof which->text);
}

static void judge_fault(struct judging *j)
{
    const char *parts[] = {j->run->fault, NULL};
    struct notice *which;

    if (!j->run->fault || j->run->away->ended)
        return;
    j->news->fault = see(j, NOTICE_FAULT, j->scope,
        notice_about(FINGERPRINT_BUT_NUMBERS, parts), &which);
    if (which)
        notice_name(which, j->run->fault);
}

static uint64_t about_host(const char *host)
{
    const char *parts[] = {host, NULL};

    return notice_about(FINGERPRINT_TO_THE_LETTER, parts);
}

/* An outage that the next run gets over is nobody's business. */
static void judge_host(struct judging *j, const struct away_host *host)
{
    struct notice *which;
    bool said = see(j, NOTICE_AWAY, 0, about_host(host->name), &which);

    if (which) {
        which->count++;
        notice_name(which, host->name);
        if (which->count <= j->run->quiet_runs)
            said = false;
        else if (which->count == j->run->quiet_runs + 1)
            said = true;
        which->said = said ? j->now : which->said;
    }
    j->news->away = j->news->away || said;
}

static void judge_away(struct judging *j)
{
    const struct away *away = j->run->away;

    for (size_t i = 0; i < away->n; i++)
        if (away_counts(&away->list[i]) && !away->list[i].answers)
            judge_host(j, &away->list[i]);
}

static bool is_signal(int code)
{
    return code == EXIT_SIGINT || code == EXIT_SIGTERM;
}

/* The deadline came before the end of the input. */
static bool is_cut(const struct ending_run *run)
{
    return run->stop->why == STOP_LEAVE && !is_signal(run->exit_code);
}

/* A stop says that itself. */
static bool has_kept(const struct ending_run *run)
{
    return run->stop->why == STOP_NONE && run->open_pending > 0;
}

/* Whether what is judged by itself is why the run has this exit code, which
 * is that of the worst cause alone. */
static bool is_explained(
    const struct problems *problems, const struct ending_run *run)
{
    switch (run->exit_code) {
    case EXIT_DONE:
        return true;
    case EXIT_ROWS:
        return count_people(problems) || problems->more || run->open_refused;
    case EXIT_UNKNOWN:
        return run->unknown_count || is_unknown_crowd(run);
    case EXIT_PENDING:
        return is_stopped(run) || is_cut(run) || has_kept(run) ||
               run->away->any;
    case EXIT_STOPPED:
        return is_stopped(run);
    default:
        return run->fault != NULL;
    }
}

static bool see_other(struct judging *j, bool there, int about)
{
    return there && see(j, NOTICE_OTHER, j->scope, (uint64_t)about, NULL);
}

/* What has no line and no item: each whatever else is wrong, and known. */
static void judge_other(struct judging *j)
{
    struct notice_list *news = j->news;

    if (is_signal(j->run->exit_code)) {
        news->other = true;
        return;
    }
    if (see_other(j, is_cut(j->run), ABOUT_DEADLINE))
        news->stop = news->other = true;
    if (see_other(j, has_kept(j->run), EXIT_PENDING))
        news->other = true;
    if (see_other(j, !is_explained(j->problems, j->run), j->run->exit_code))
        news->other = true;
}

static void on_end(const struct notice *trouble, void *arg)
{
    struct judging *j = arg;

    j->ok = j->ok && notice_over_put(&j->news->over, trouble, j->run);
}

static void on_end_of_many(const struct notice *trouble, void *arg)
{
    const struct notice **last = arg;

    *last = trouble;
}

/* The last one of many alone is said. */
static void end_many(struct judging *j, enum notice_kind kind, uint32_t scope)
{
    const struct notice *last = NULL;

    notices_end(j->t, kind, scope, j->now, on_end_of_many, &last);
    if (last && notices_lasting(j->t, kind, scope) == 0)
        on_end(last, j);
}

/* Whether every row of the input was judged. */
static bool is_whole(const struct ending_run *run)
{
    return !run->fault && !run->left_alone && !run->away->any &&
           run->stop->why == STOP_NONE && !is_signal(run->exit_code);
}

/* A line that is gone has taken nothing along that the journal has still. */
static void end_rows(struct judging *j)
{
    bool lasts = j->run->open_refused > 0;
    bool crowd = notices_lasting(j->t, NOTICE_CROWD, j->scope) > 0 &&
                 count_people(j->problems) > 0;
    size_t said = j->news->over.len;

    if (!is_whole(j->run))
        return;
    notices_end(j->t, NOTICE_KEPT, 0, j->now, NULL, NULL);
    if (lasts && !is_crowd(j->problems))
        notices_end(j->t, NOTICE_ROW, j->scope, j->now, NULL, NULL);
    else if (!is_crowd(j->problems))
        end_many(j, NOTICE_ROW, j->scope);
    notices_end(j->t, NOTICE_CROWD, j->scope, j->now,
        crowd || lasts ? NULL : on_end, j);
    j->rows_over = j->news->over.len > said;
}

/* "No line needs a person any more" has said it, too. */
static void end_refused(struct judging *j)
{
    const struct ending_run *run = j->run;

    if (run->open_refused <= NOTICE_LIST_ITEMS_MOST &&
        (int64_t)run->refused_count != run->open_refused)
        return; // they could not be read
    if (j->rows_over)
        notices_end(j->t, NOTICE_REFUSED, 0, j->now, NULL, NULL);
    else
        end_many(j, NOTICE_REFUSED, 0);
}

/* Whether the host takes releases shows when it has judged one. Nothing left
 * to send: it is no trouble any more. Another stop: that is the news. */
static void end_stops(struct judging *j)
{
    const int64_t *n = j->run->tally->by_verdict;
    bool answered = n[VERDICT_CONFIRMED] || n[VERDICT_REJECTED];

    if (is_stopped(j->run) || (!answered && j->run->open_pending == 0))
        notices_end(j->t, NOTICE_STOP, 0, j->now, NULL, NULL);
    else if (answered)
        notices_end(j->t, NOTICE_STOP, 0, j->now, on_end, j);
}

/* What was one trouble is many now, or the other way round: no news. */
static void end_unknown(struct judging *j)
{
    if (is_unknown_crowd(j->run)) {
        notices_end(j->t, NOTICE_UNKNOWN, 0, j->now, NULL, NULL);
        return;
    }
    if ((int64_t)j->run->unknown_count != j->run->open_unknown)
        return;
    end_many(j, NOTICE_UNKNOWN, 0);
    notices_end(
        j->t, NOTICE_CROWD, 0, j->now, j->run->open_unknown ? NULL : on_end, j);
}

static bool has_answered(const struct judging *j, uint64_t about)
{
    const struct away *away = j->run->away;

    for (size_t i = 0; i < away->n; i++)
        if (away->list[i].answers && about_host(away->list[i].name) == about)
            return true;
    return false;
}

/* Who was not asked may be away still. */
static void end_away(struct judging *j)
{
    for (size_t i = 0; i < j->t->len; i++) {
        struct notice *one = &j->t->list[i];
        if (one->kind == NOTICE_AWAY && !has_answered(j, one->about))
            one->seen = true;
    }
    notices_end(j->t, NOTICE_AWAY, 0, j->now, on_end, j);
    notices_forget(j->t, NOTICE_AWAY, j->run->quiet_runs);
}

static void end_all(struct judging *j)
{
    uint32_t scope = j->scope;
    bool fault = j->run->fault || is_signal(j->run->exit_code);

    notices_end(j->t, NOTICE_SETUP, scope, j->now, on_end, j);
    notices_end(j->t, NOTICE_HELD, 0, j->now, on_end, j);
    notices_end(j->t, NOTICE_DISK, 0, j->now, on_end, j);
    end_stops(j);
    end_away(j);
    if (!is_signal(j->run->exit_code) && !j->run->away->ended)
        notices_end(
            j->t, NOTICE_FAULT, scope, j->now, fault ? NULL : on_end, j);
    end_rows(j);
    end_refused(j);
    end_unknown(j);
    notices_end(j->t, NOTICE_OTHER, scope, j->now, NULL, NULL);
}

bool notice_list_gather(struct notice_list *news, struct problems *problems,
    struct ending_run *run, struct notices *t, uint32_t scope)
{
    struct judging j = {.news = news,
        .problems = problems,
        .run = run,
        .t = t,
        .scope = scope,
        .now = run->started_at,
        .ok = true};

    judge_rows(&j);
    judge_unknown(&j);
    judge_refused(&j);
    judge_stop(&j);
    judge_fault(&j);
    judge_away(&j);
    judge_other(&j);
    end_all(&j);
    return j.ok;
}

void notice_list_say_all(
    struct notice_list *news, struct problems *problems, struct ending_run *run)
{
    for (size_t i = 0; i < problems->len; i++)
        problems->lines[i].told = false;
    for (size_t i = 0; i < run->unknown_count; i++)
        run->unknown[i].told = false;
    for (size_t i = 0; i < run->refused_count; i++)
        run->refused[i].told = false;
    buf_free(&news->over);
    news->rows = count_people(problems) || problems->more;
    news->unknown = run->open_unknown > 0;
    news->refused = run->refused_left > 0;
    news->stop = is_stopped(run) || is_cut(run);
    news->fault = run->fault != NULL;
    news->away = run->away->any;
    news->other = run->exit_code != EXIT_DONE;
    news->notice_rows = 0;
    news->stop_since = 0;
}

bool notice_list_any(const struct notice_list *news)
{
    return news->rows || news->stop || news->unknown || news->refused ||
           news->fault || news->away || news->other || news->over.len;
}

void notice_list_fini(struct notice_list *news)
{
    buf_free(&news->over);
}
