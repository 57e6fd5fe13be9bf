#include "cmd/notify.h"

#include "base/escape.h"
#include "base/file_path.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/say.h"
#include "cmd/missed.h"
#include "ending/ending_log.h"
#include "ending/notice_audience.h"
#include "ending/notice_list.h"
#include "history/reader.h"
#include "session/script_path.h"
#include "terminal/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The items that are unknown, the first of them. */
struct items {
    struct ending_item *list;
    size_t len;
};

static bool add_item(const struct reader_row *row, void *arg)
{
    struct items *items = arg;

    if (items->len == NOTICE_LIST_UNKNOWN_MOST)
        return false;
    items->list[items->len++] =
        (struct ending_item){.order_item_id = row->row.order_item_id};
    return true;
}

/* Best effort: their number is known without the journal. */
static void list_unknown(const struct notify *e, struct items *items)
{
    enum journal_state state = JOURNAL_UNKNOWN;
    struct error ignored;

    if (!e->session->journal || !e->result->counts.by_state[state])
        return;
    struct reader *reader = reader_open(e->session->journal, &ignored);
    items->list = mem_calloc(NOTICE_LIST_UNKNOWN_MOST, sizeof *items->list);
    if (reader && items->list)
        (void)reader_list(reader, &state, add_item, items, &ignored);
    reader_close(reader);
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
    struct items items = {0};
    struct buf open = {0}, doctor = {0};
    bool verbose = arguments_given(e->args, "verbose");

    script_label(script, name);
    escape_copy(name, label, sizeof label);
    if (result->missed)
        missed_say(e->session->only, script);
    list_unknown(e, &items);
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
               .unknown = items.list,
               .unknown_count = items.len,
               .open_unknown = result->counts.by_state[JOURNAL_UNKNOWN],
               .open_pending = result->counts.by_state[JOURNAL_PENDING],
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
    mem_free(items.list);
    buf_free(&open);
    buf_free(&doctor);
}
