#include "ending/advice.h"

#include "base/clock.h"
#include "base/escape.h"
#include "base/exit_code.h"
#include "ending/cure.h"
#include "ending/notice_list.h"
#include "ending/problems.h"

#include <stdio.h>
#include <string.h>

enum { SENTENCE_MAX = 600, ITEMS_SHOWN = 8 };

static const char *plural(int64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

/* What a person does about it; its place comes behind. */
static const char *const cures[] = {
    [STOP_TOKEN] = "Put a valid token into",
    [STOP_PASSWORD] = "Put the right password into",
    [STOP_LOG_IN] = "The first run after that goes on.",
    [STOP_PREFIX] = "Look at url and prefix in",
    [STOP_FORBIDDEN] = "The token's user must be allowed to release.",
    [STOP_NO_ANSWER] = "", // cure.h has it
    [STOP_UNKNOWN] = "The next run looks whether it answers again.",
    [STOP_REJECTED] = "Look at the first of them: is it the right code, the "
                      "right kind of item? The next run goes on.",
    [STOP_REDIRECT] = "Look at url in",
    [STOP_LEAVE] = "",
};

static const char *place_of(const struct ending_run *run)
{
    if (run->stop->why == STOP_TOKEN || run->stop->why == STOP_PASSWORD)
        return run->token_place;
    if (run->stop->why == STOP_PREFIX || run->stop->why == STOP_REDIRECT)
        return run->profile ? run->profile : "profile.lua";
    return "";
}

static bool put_unsent(const struct ending_run *run, struct buf *out)
{
    return run->tally->attempts || buf_puts(out, " Nothing was sent.");
}

static bool put_kept(const struct ending_run *run, struct buf *out)
{
    long long kept = (long long)run->open_pending;

    if (kept == 0)
        return true;
    return buf_printf(out, " %lld %s kept in the journal and %s out by %s.",
        kept, plural(kept, "release is", "releases are"),
        plural(kept, "goes", "go"), plural(kept, "itself", "themselves"));
}

/* A signal's code comes before those of what became of the rows; the deadline
 * has none of its own. */
static bool is_signal(const struct ending_run *run)
{
    return run->exit_code == EXIT_SIGINT || run->exit_code == EXIT_SIGTERM;
}

static bool put_reason(const struct ending_run *run, struct buf *out)
{
    char sentence[SENTENCE_MAX], at[CLOCK_TEXT_MAX];
    int64_t since = run->news ? run->news->stop_since : 0;

    if (run->stop->why == STOP_LEAVE)
        return buf_printf(out, "%s: %s.", run->label,
            is_signal(run) ? "the run was ended by a signal"
                           : "the deadline has come");
    stop_reason_say(run->stop, run->host, sentence, sizeof sentence);
    return buf_printf(out, "%s: ", run->label) &&
           escape_put(out, sentence, SENTENCE_MAX) &&
           (!since || buf_printf(out, ", since %s", clock_local(since, at))) &&
           buf_putc(out, '.');
}

/* "Put a valid token into acme/token, then see: omnitron doctor acme. The 5
 * releases that are kept go out with the run after that." */
static bool put_waits(const struct ending_run *run, struct buf *out)
{
    const char *place = place_of(run);
    long long kept = (long long)run->open_pending;
    bool ok = buf_printf(out, " %s", cures[run->stop->why]);

    if (ok && place[0])
        ok = buf_printf(out, " %s%s%s.", place,
            run->doctor ? ", then see: " : "", run->doctor ? run->doctor : "");
    if (ok && kept == 1)
        ok = buf_puts(
            out, " The release that is kept goes out with the run after that.");
    else if (ok && kept)
        ok = buf_printf(out,
            " The %lld releases that are kept go out with the run after that.",
            kept);
    return ok;
}

static bool put_cure(const struct ending_run *run, struct buf *out)
{
    const char *says = cures[run->stop->why];

    if (run->stop->why == STOP_NO_ANSWER)
        return put_kept(run, out) && cure_no_answer(run, out);
    if (stop_reason_waits(run->stop->why))
        return put_waits(run, out);
    return put_kept(run, out) && (!says[0] || buf_printf(out, " %s", says));
}

bool advice_stop(const struct ending_run *run, struct buf *out)
{
    if (run->stop->why == STOP_NONE)
        return true;
    return put_reason(run, out) && put_unsent(run, out) && put_cure(run, out) &&
           buf_putc(out, '\n');
}

/* "acme: http://erp:8080 is away (GET … timed out, 3 tries). 12 lines wait for
 * it, and the next run asks again." */
static bool put_host_away(
    const struct ending_run *run, const struct away_host *host, struct buf *out)
{
    long long rows = (long long)host->rows;

    return buf_printf(out, "%s: ", run->label) &&
           escape_put(out, host->name, SENTENCE_MAX) &&
           buf_puts(out, host->answers ? " was away" : " is away") &&
           buf_puts(out, " (") &&
           escape_put_masked(out, host->words, SENTENCE_MAX) &&
           buf_puts(out, ").") &&
           (!host->ended || buf_puts(out, " The script ended there.")) &&
           (!rows || buf_printf(out, " %lld %s for it.", rows,
                         plural(rows, "line waits", "lines wait"))) &&
           buf_puts(out, " The next run asks again.\n");
}

bool advice_away(const struct ending_run *run, struct buf *out)
{
    const struct away *away = run->away;
    bool ok = true;

    for (size_t i = 0; ok && i < away->n; i++)
        if (away_counts(&away->list[i]))
            ok = put_host_away(run, &away->list[i], out);
    return ok;
}

static const char *first_message(
    const struct problems *problems, const char *what)
{
    for (size_t i = 0; i < problems->len; i++)
        if (strcmp(problems->lines[i].what, what) == 0)
            return problems->lines[i].message;
    return "";
}

/* Whether one of a kind has another message than the first. */
static bool has_others(const struct problems *problems, const char *what)
{
    const char *first = first_message(problems, what);

    for (size_t i = 0; i < problems->len; i++)
        if (strcmp(problems->lines[i].what, what) == 0 &&
            strcmp(problems->lines[i].message, first) != 0)
            return true;
    return false;
}

bool advice_kept(const struct problems *problems, const struct ending_run *run,
    struct buf *out)
{
    long long later = (long long)run->rows->later;
    long long pending = (long long)run->open_pending;
    const char *why = first_message(problems, "pending");
    bool ok = true;

    if (later)
        ok = buf_printf(out,
            "%lld %s (%s%s), so the input has to be read again.\n", later,
            plural(later, "line waits", "lines wait"),
            first_message(problems, "later"),
            has_others(problems, "later") ? ", or for another reason" : "");
    if (!ok || !pending || run->stop->why != STOP_NONE)
        return ok;
    return buf_printf(out, "%lld %s kept in the journal%s%s\n", pending,
        plural(pending, "release is", "releases are"), why[0] ? "; " : ".",
        strncmp(why, "kept; ", 6) == 0 ? why + 6 : why);
}

/* One item behind the others, of the first few. */
static bool put_item(const char *item, size_t *shown, struct buf *out)
{
    if (*shown > ITEMS_SHOWN)
        return true;
    if ((*shown)++ == ITEMS_SHOWN)
        return buf_puts(out, " …");
    return buf_printf(out, "%s%s", *shown > 1 ? " " : "\n  ", item);
}

/* Those of the journal, of cron's the ones that are news; those of this run
 * where the journal was not asked. */
static bool put_items(const struct problems *problems,
    const struct ending_run *run, struct buf *out)
{
    size_t shown = 0;
    char digits[24];
    bool ok = true;

    for (size_t i = 0; ok && i < run->unknown_count; i++)
        if (!run->unknown[i].told) {
            snprintf(digits, sizeof digits, "%lld",
                (long long)run->unknown[i].order_item_id);
            ok = put_item(digits, &shown, out);
        }
    for (size_t i = 0; ok && !run->unknown_count && i < problems->len; i++)
        if (strcmp(problems->lines[i].what, "unknown") == 0)
            ok = put_item(problems->lines[i].item, &shown, out);
    return ok;
}

static bool put_refused_items(const struct ending_run *run, struct buf *out)
{
    size_t shown = 0;
    char digits[24];
    bool ok = true;

    for (size_t i = 0; ok && i < run->refused_count; i++)
        if (!run->refused[i].told && !run->refused[i].in_line) {
            snprintf(digits, sizeof digits, "%lld",
                (long long)run->refused[i].order_item_id);
            ok = put_item(digits, &shown, out);
        }
    return ok;
}

/* "acme: 2 releases are rejected or in conflict, the oldest since 2025-11-22
 * 02:00:07 +0300:" */
bool advice_refused(const struct ending_run *run, struct buf *out)
{
    long long n = (long long)run->refused_left;
    char since[CLOCK_TEXT_MAX];

    if (n == 0)
        return true;
    return buf_printf(out,
               "%s: %lld %s rejected or in conflict, %ssince %s:", run->label,
               n, plural(n, "release is", "releases are"),
               n == 1 ? "" : "the oldest ",
               clock_local(run->refused_since, since)) &&
           put_refused_items(run, out) &&
           buf_printf(out, "\n%s not released. What to do about %s:\n  %s\n",
               plural(n, "It was", "They were"), plural(n, "it", "them"),
               run->open);
}

static bool put_profile(const struct ending_run *run, struct buf *out)
{
    return !run->profile ||
           (buf_puts(out, " --profile ") && escape_put_word(out, run->profile));
}

/* Whoever knows the host can settle it for ever. */
static bool put_not_done(const struct ending_run *run, struct buf *out)
{
    return !run->not_done ||
           buf_printf(out,
               "Each was answered with %d. If %s means \"not applied\" by "
               "that, say not_done = { %d } in %s, and --not-done of these.\n",
               run->not_done, run->host, run->not_done,
               run->profile ? run->profile : "profile.lua");
}

bool advice_unknown(const struct problems *problems,
    const struct ending_run *run, struct buf *out)
{
    long long n = (long long)run->open_unknown;
    const char *them = plural(n, "it", "them");

    if (n == 0)
        return true;
    return (!run->news || buf_printf(out, "%s: ", run->label)) &&
           buf_printf(out,
               "%lld %s unknown: sent, and %s may have done %s. Look into "
               "its panel:",
               n, plural(n, "release is", "releases are"), run->host, them) &&
           put_items(problems, run, out) &&
           buf_puts(out, "\n  (all: omnitron journal list --state unknown") &&
           put_profile(run, out) &&
           buf_puts(out, ")\nThen say: omnitron journal settle") &&
           put_profile(run, out) &&
           buf_puts(out, " --all-unknown --done|--not-done --note \"…\"\n") &&
           put_not_done(run, out);
}
