#include "cmd/notify.h"

#include "base/escape.h"
#include "base/file_path.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/say.h"
#include "cmd/missed.h"
#include "ending/counts.h"
#include "ending/ending_log.h"
#include "ending/notice_audience.h"
#include "ending/notice_list.h"
#include "history/reader.h"
#include "session/script_path.h"
#include "terminal/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Items that wait for a person, the first of them. */
struct items {
    struct ending_item *list;
    size_t len;
};

/* NULL: there is room for no more. */
static struct ending_item *add_item(struct items *items, int64_t item)
{
    if (items->len == NOTICE_LIST_ITEMS_MOST)
        return NULL;
    items->list[items->len] = (struct ending_item){.order_item_id = item};
    return &items->list[items->len++];
}

static bool add_row(const struct reader_row *row, void *arg)
{
    return add_item(arg, row->row.order_item_id) != NULL;
}

/* An item is named once. */
static bool add_conflict(const struct reader_conflict *conflict, void *arg)
{
    struct items *items = arg;
    bool before = false;

    for (size_t i = 0; i < items->len && !before; i++)
        before = items->list[i].order_item_id == conflict->order_item_id;
    struct ending_item *item = add_item(items, conflict->order_item_id);
    if (item)
        item->in_line = before;
    return item != NULL;
}

static bool make_list(struct items *items)
{
    items->list = mem_calloc(NOTICE_LIST_ITEMS_MOST, sizeof *items->list);
    return items->list != NULL;
}

/* Best effort: their numbers are known without the journal. */
static void list_items(
    const struct notify *e, struct items *unknown, struct items *refused)
{
    static const enum journal_state states[] = {
        JOURNAL_UNKNOWN, JOURNAL_REJECTED};
    const struct journal_counts *counts = &e->result->counts;
    int64_t n = counts->by_state[JOURNAL_REJECTED] + counts->conflicts;
    struct error ignored;

    if (!e->session->journal || (!counts->by_state[JOURNAL_UNKNOWN] && !n))
        return;
    struct reader *reader = reader_open(e->session->journal, &ignored);
    if (reader && make_list(unknown))
        (void)reader_list(reader, &states[0], add_row, unknown, &ignored);
    if (reader && make_list(refused) &&
        reader_list(reader, &states[1], add_row, refused, &ignored))
        (void)reader_conflicts(reader, add_conflict, refused, &ignored);
    reader_close(reader);
}

static bool is_refused(const struct problem *line)
{
    int end = counts_read(line->what);

    return end == VERDICT_REJECTED || end == VERDICT_CONFLICT;
}

static bool has_line(const struct problems *problems, int64_t item)
{
    for (size_t i = 0; i < problems->len; i++) {
        const struct problem *line = &problems->lines[i];
        if (is_refused(line) && strtoll(line->item, NULL, 10) == item)
            return true;
    }
    return false;
}

/* How many of them no line of this run tells; of lines that were only counted
 * nobody knows, and of a journal in memory all are this run's. */
static int64_t count_left(
    const struct notify *e, struct items *items, int64_t refused)
{
    const struct problems *problems = &e->result->problems;
    int64_t left = refused - (int64_t)problems->more;

    for (size_t i = 0; i < items->len; i++) {
        struct ending_item *item = &items->list[i];
        item->in_line =
            item->in_line || has_line(problems, item->order_item_id);
        left -= item->in_line;
    }
    return left > 0 && items->len ? left : 0;
}

/* A status that the profile could call not done, and does not. */
static int not_done_of(const struct notify *e)
{
    int64_t status = e->result->counts.unknown_status;

    return profile_may_be_not_done(status) &&
                   !e->session->profile->not_done[status]
               ? (int)status
               : 0;
}

/* Cron's share of the run. False: no memory, then everything is said. */
static bool judge(
    const struct notify *e, struct ending_run *run, struct notice_list *news)
{
    struct problems *problems = &e->result->problems;
    const char *journal = e->session->journal;
    struct notices t = {0};
    bool ok = audience_read(journal, &t);

    bool any = t.len > 0; // to be kept, or to be taken away
    audience_logged(&t, run->started_at);
    ok = ok &&
         notice_list_gather(news, problems, run, &t, audience_scope(e->args));

    any = any || t.len > 0;
    if (ok && (!any || audience_keep(journal, &t, run->started_at)))
        run->news = news;
    else if (ok)
        notice_list_say_all(news, problems, run);
    notices_fini(&t);
    return ok;
}

static void print(struct buf *text)
{
    (void)say_coloured(stderr, text);
    buf_free(text);
}

static void say(const struct notify *e, struct ending_run *run)
{
    struct problems *problems = &e->result->problems;
    struct notice_list news = {0};
    struct buf text = {0};
    bool ok = true;

    if (audience_by_cron(e->args))
        (void)judge(e, run, &news);
    if (log_is_json())
        ok = ending_log(problems, run, false);
    else
        ok = ending_write(problems, run, &text) &&
             ending_log(problems, run, true);
    if (!ok)
        log_error("out of memory: the report of this run is not whole");
    print(&text);
    notice_list_fini(&news);
}

/* 80 at most, as elsewhere; a narrow terminal's own. */
static int text_columns(void)
{
    int columns = terminal_columns(STDERR_FILENO);

    return columns > 80 ? 80 : columns < 30 ? 30 : columns;
}

void notify_say(const struct notify *e)
{
    struct run_result *result = e->result;
    const struct profile *profile = e->session->profile;
    const char *script = e->session->script.path;
    char name[SCRIPT_LABEL_MAX], label[SCRIPT_LABEL_MAX];
    const struct journal_counts *counts = &result->counts;
    int64_t refused = counts->by_state[JOURNAL_REJECTED] + counts->conflicts;
    struct items unknown = {0}, items = {0};
    struct buf open = {0}, doctor = {0};
    bool verbose = arguments_given(e->args, "verbose");

    script_label(script, name);
    escape_copy(name, label, sizeof label);
    if (result->missed)
        missed_say(e->session->only, script);
    list_items(e, &unknown, &items);
    (void)script_command(e->args, "journal open", &open);
    (void)script_command(e->args, "doctor", &doctor);
    say(e, &(struct ending_run){
               .label = label,
               .script = file_path_name(script),
               .host = e->session->endpoint.name,
               .rows = &result->rows,
               .tally = &result->tally,
               .fault = result->fault[0] ? result->fault : NULL,
               .away = &result->away,
               .quiet_runs = profile->quiet_runs,
               .stop = &result->stop,
               .profile = profile->path,
               .has_proxy = profile->route.proxy != NULL,
               .token_place = profile_token_place(profile),
               .open = buf_text(&open),
               .doctor = buf_text(&doctor),
               .unknown = unknown.list,
               .unknown_count = unknown.len,
               .refused = items.list,
               .refused_count = items.len,
               .refused_left = count_left(e, &items, refused),
               .refused_since = counts->refused_since,
               .open_unknown = counts->by_state[JOURNAL_UNKNOWN],
               .open_refused = refused,
               .open_pending = counts->by_state[JOURNAL_PENDING],
               .not_done = not_done_of(e),
               .exit_code = (int)result->exit,
               .run = result->run,
               .started_at = result->started_at,
               .ended_at = result->ended_at,
               .terminal = verbose || (isatty(STDERR_FILENO) &&
                                          !arguments_given(e->args, "quiet")),
               .columns = text_columns(),
               .everything = verbose,
               .colour = terminal_has_colour(STDERR_FILENO),
               .left_alone = result->left_alone,
               .only = e->session->only,
           });
    mem_free(unknown.list);
    mem_free(items.list);
    buf_free(&open);
    buf_free(&doctor);
}
