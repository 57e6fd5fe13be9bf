/* The runs, in the order in which they began. What a run wrote about itself
 * is its summary: JSON, which a hand may have changed, so a key that is
 * missing counts as nothing. */
#include "base/exit_code.h"
#include "base/utf8.h"
#include "history/tally_own.h"
#include "history/tally_read.h"
#include "journal/row.h"
#include "json/json.h"

#include <stdlib.h>
#include <string.h>

struct one_run {
    int64_t id, started_at, ended_at;
    int exit;
    int64_t attempts;
    char stopped[sizeof((struct tally_stop *)0)->why];
};

struct work {
    struct tally *tally;
    int64_t last_id; // of all runs: the one that may be alive
};

int tally_exit_first(int a, int b)
{
    int other = a == TALLY_KILLED ? b : a;

    if (a == TALLY_NO_RUN || b == TALLY_NO_RUN)
        return a == TALLY_NO_RUN ? b : a;
    if (a != TALLY_KILLED && b != TALLY_KILLED)
        return (int)exit_first((enum exit_code)a, (enum exit_code)b);
    return other == EXIT_FAULT || other == EXIT_DISK ? other : TALLY_KILLED;
}

/* The word between its quotes; those that this program writes have no
 * escapes. */
static void read_stopped(const struct json_value *summary, struct one_run *run)
{
    struct json_value value;

    if (!json_member(summary, "stopped", &value) || value.type != JSON_STRING)
        return;
    size_t len =
        utf8_cut(value.text + 1, value.len - 2, sizeof run->stopped - 1);
    memcpy(run->stopped, value.text + 1, len);
}

static void read_summary(const char *text, struct one_run *run)
{
    struct json_value summary, value;
    struct error ignored;

    if (!json_parse(text, strlen(text), &summary, &ignored))
        return;
    if (json_member(&summary, "attempts", &value))
        (void)json_integer(&value, &run->attempts);
    read_stopped(&summary, run);
}

static void count_exit(struct tally_runs *runs, const struct one_run *run)
{
    size_t most = sizeof runs->exits / sizeof *runs->exits, i = 0;

    while (i < runs->exit_count && runs->exits[i].code != run->exit)
        i++;
    if (i == most)
        return;
    if (i == runs->exit_count)
        runs->exits[runs->exit_count++].code = run->exit;
    runs->exits[i].runs++;
    runs->exits[i].last_at = run->started_at;
}

static struct tally_stop *new_stop(struct tally_runs *runs)
{
    if (runs->stop_count == TALLY_STOPS) {
        runs->stops_before++;
        runs->stop_count--;
        memmove(runs->stops, runs->stops + 1,
            runs->stop_count * sizeof *runs->stops);
    }
    return memset(
        &runs->stops[runs->stop_count++], 0, sizeof(struct tally_stop));
}

/* Runs that were stopped for one reason, one after the other, are one stop. */
static void follow_stops(struct tally_runs *runs, const struct one_run *run)
{
    struct tally_stop *stop =
        runs->stop_count ? &runs->stops[runs->stop_count - 1] : NULL;
    bool is_on = stop && !stop->over;

    if (is_on && strcmp(stop->why, run->stopped) != 0) {
        stop->over = true;
        stop->to = run->started_at;
        is_on = false;
    }
    if (!run->stopped[0])
        return;
    if (!is_on) {
        stop = new_stop(runs);
        memcpy(stop->why, run->stopped, sizeof stop->why);
        stop->from = run->started_at;
    }
    stop->runs++;
    stop->to = run->ended_at;
}

static void count_run(struct tally *tally, const struct one_run *run)
{
    struct tally_runs *runs = &tally->runs;
    int64_t ms = run->ended_at - run->started_at;

    count_exit(runs, run);
    if (run->exit == TALLY_KILLED)
        return;
    follow_stops(runs, run);
    runs->idle += run->exit == EXIT_DONE && run->attempts == 0;
    runs->longest_ms = ms > runs->longest_ms ? ms : runs->longest_ms;
    runs->last = run->id;
    runs->last_at = run->started_at;
    runs->last_ms = ms;
    runs->last_exit = run->exit;
}

static int count_script(
    struct tally *tally, sqlite3_stmt *stmt, const struct one_run *run)
{
    enum { SCRIPT = 5, VERSION };
    const struct tally_one one = {.kind = row_text(stmt, VERSION),
        .words = row_text(stmt, SCRIPT),
        .example = "",
        .count = 1,
        .last_at = run->started_at};

    return one.kind && one.words && tally_groups_add(&tally->runs.scripts, &one)
               ? SQLITE_OK
               : SQLITE_NOMEM;
}

static int take_run(sqlite3_stmt *stmt, void *arg)
{
    enum { ID, STARTED_AT, ENDED_AT, EXIT, SUMMARY };
    struct work *work = arg;
    struct tally *tally = work->tally;
    const char *summary = row_text(stmt, SUMMARY);
    struct one_run run = {.id = sqlite3_column_int64(stmt, ID),
        .started_at = sqlite3_column_int64(stmt, STARTED_AT),
        .ended_at = sqlite3_column_int64(stmt, ENDED_AT),
        .exit = sqlite3_column_int(stmt, EXIT)};
    struct tally_cell *cell =
        &tally->cells[calendar_find(&tally->calendar, run.started_at)];
    bool ended = sqlite3_column_type(stmt, ENDED_AT) != SQLITE_NULL;

    if (!summary)
        return SQLITE_NOMEM;
    tally->runs.count++;
    cell->runs++;
    if (!ended && tally->run_alive && run.id == work->last_id)
        return count_script(tally, stmt, &run);
    if (ended)
        read_summary(summary, &run);
    else
        run.exit = TALLY_KILLED;
    cell->exit = tally_exit_first(cell->exit, run.exit);
    count_run(tally, &run);
    return count_script(tally, stmt, &run);
}

static int compare_exits(const void *a, const void *b)
{
    const struct tally_exit *x = a, *y = b;

    return tally_exit_first(x->code, y->code) == x->code ? -1 : 1;
}

bool tally_runs_take(struct store *store, struct tally *tally,
    int64_t first_run, struct error *err)
{
    struct work work = {tally, 0};
    const struct tally_question question = {
        "SELECT id, started_at, ended_at, exit, summary, script,"
        " substr(script_hash, 1, 8) FROM run"
        " WHERE id >= ? AND started_at >= ? ORDER BY id",
        {first_run, tally->calendar.from}, 2, take_run, &work};

    if (!store_number(store, "SELECT coalesce(max(id), 0) FROM run",
            &work.last_id, err) ||
        !tally_ask(store, &question, err))
        return false;
    qsort(tally->runs.exits, tally->runs.exit_count, sizeof *tally->runs.exits,
        compare_exits);
    tally_groups_sort(&tally->runs.scripts);
    return true;
}
