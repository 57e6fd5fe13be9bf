/* omnitron journal open: what a person has to look at, and what to do. */
#include "base/clock.h"
#include "inspect/journal_own.h"

enum { LINES_SHOWN = 20 };

/* What is alike: the first ones as lines, all of them counted. */
struct group {
    struct buf lines;
    int64_t count;
    int64_t item;   // the first one
    int64_t oldest; // first_at
};

struct look {
    struct reader *reader;
    struct journal_place place;
    struct buf host, out;
};

static bool put_line(
    struct buf *out, const struct journal_row *row, const char *source)
{
    struct journal_shown shown;

    journal_show(&shown, row->code, source, NULL, row->message);
    journal_fit(&shown, journal_columns());
    return buf_printf(out, "%10lld  %-20s  %-6s  %s%s%s\n",
        (long long)row->order_item_id, shown.code,
        row->update_stock ? "let go" : "keep", shown.source,
        shown.message[0] ? "  " : "", shown.message);
}

static bool add_row(const struct reader_row *row, void *arg)
{
    struct group *group = arg;

    if (group->count == 0)
        group->item = row->row.order_item_id;
    if (group->count == 0 || row->row.first_at < group->oldest)
        group->oldest = row->row.first_at;
    return ++group->count > LINES_SHOWN ||
           put_line(&group->lines, &row->row, row->source);
}

static bool add_conflict(const struct reader_conflict *c, void *arg)
{
    struct group *group = arg;
    struct journal_shown shown;

    journal_show(&shown, c->code, c->source, NULL, NULL);
    journal_fit(&shown, journal_columns());
    if (group->count == 0)
        group->item = c->order_item_id;
    if (group->count == 0 || c->first_at < group->oldest)
        group->oldest = c->first_at;
    return ++group->count > LINES_SHOWN ||
           buf_printf(&group->lines, "%10lld  %-20s  %-6s  %s, run %lld\n",
               (long long)c->order_item_id, shown.code,
               c->update_stock ? "let go" : "keep", shown.source,
               (long long)c->run);
}

static bool add_input(const struct reader_input *in, void *arg)
{
    struct group *group = arg;
    struct journal_shown shown;

    /* The place in the rule has no field of its own there. */
    journal_show(&shown, in->place, in->source, in->name, in->message);
    journal_fit(&shown, journal_columns());
    if (group->count == 0 || in->first_at < group->oldest)
        group->oldest = in->first_at;
    return ++group->count > LINES_SHOWN ||
           buf_printf(&group->lines, "  %s%s%s  %s: %s%s%s\n", shown.source,
               shown.name[0] ? "  " : "", shown.name, in->what, shown.code,
               shown.code[0] ? ": " : "", shown.message);
}

static bool gather(struct look *look, enum journal_state state,
    struct group *group, struct error *err)
{
    return reader_list(look->reader, &state, add_row, group, err) ||
           (!err->text[0] && error_memory(err));
}

static bool put_lines(struct look *look, const struct group *group)
{
    return buf_puts(&look->out, buf_text(&group->lines)) &&
           (group->count <= LINES_SHOWN ||
               buf_printf(&look->out, "           … and %lld more\n",
                   (long long)group->count - LINES_SHOWN));
}

/* "  omnitron journal WORD 46761 REST"; item 0: the rest alone. */
static bool put_command(
    struct look *look, const char *word, int64_t item, const char *rest)
{
    bool ok = buf_puts(&look->out, "  ") &&
              journal_place_put(&look->place, word, &look->out);

    if (ok && item)
        ok = buf_printf(&look->out, " %lld", (long long)item);
    return ok && buf_printf(&look->out, "%s%s\n", rest[0] ? " " : "", rest);
}

static bool put_unknown(struct look *look, const struct group *group)
{
    char at[CLOCK_TEXT_MAX];

    return buf_printf(&look->out,
               "%lld unknown, since %s:\nsent, and %s may have done %s.\n",
               (long long)group->count, clock_local(group->oldest, at),
               look->host.data, group->count == 1 ? "it" : "them") &&
           put_lines(look, group) &&
           buf_puts(
               &look->out, "  Look there, then say of one, or of all:\n") &&
           put_command(
               look, "settle", group->item, "--done|--not-done --note \"…\"") &&
           put_command(look, "settle", 0,
               "--all-unknown --done|--not-done --note \"…\"");
}

static bool put_rejected(struct look *look, const struct group *group)
{
    char at[CLOCK_TEXT_MAX];

    return buf_printf(&look->out, "%lld rejected, since %s: %s said no.\n",
               (long long)group->count, clock_local(group->oldest, at),
               look->host.data) &&
           put_lines(look, group) &&
           buf_puts(&look->out, "  Mend the rule and run it again. Or to send "
                                "one as it is, or to give it up:\n") &&
           put_command(look, "retry", group->item, "") &&
           put_command(look, "cancel", group->item, "--note \"…\"");
}

static bool put_conflicts(struct look *look, const struct group *group)
{
    char at[CLOCK_TEXT_MAX];

    return buf_printf(&look->out,
               "%lld in conflict, since %s:\nthe item has another code "
               "already, or has let its stock go.\n",
               (long long)group->count, clock_local(group->oldest, at)) &&
           put_lines(look, group) &&
           buf_puts(&look->out, "  Mend the rule, or it is asked again. If "
                                "what stands is right:\n") &&
           put_command(look, "show", group->item, "") &&
           put_command(look, "settle", group->item, "--done --note \"…\"");
}

static bool put_pending(struct look *look, const struct group *group)
{
    char at[CLOCK_TEXT_MAX];

    return buf_printf(&look->out,
        "%lld pending, since %s: the next run sends %s.\n",
        (long long)group->count, clock_local(group->oldest, at),
        group->count == 1 ? "it" : "them");
}

static bool put_inputs(struct look *look, const struct group *group)
{
    char at[CLOCK_TEXT_MAX];

    return buf_printf(&look->out,
               "%lld failed or invalid in the last run, since %s:\n",
               (long long)group->count, clock_local(group->oldest, at)) &&
           put_lines(look, group) &&
           buf_puts(&look->out,
               "  Mend the rule or the input. They were not released.\n");
}

/* What there may be, in the order of its weight. */
enum { UNKNOWN, REJECTED, CONFLICTS, INPUTS, PENDING, GROUPS };

static bool (*const sections[GROUPS])(
    struct look *look, const struct group *group) = {
    [UNKNOWN] = put_unknown,
    [REJECTED] = put_rejected,
    [CONFLICTS] = put_conflicts,
    [INPUTS] = put_inputs,
    [PENDING] = put_pending,
};

/* What is `sending` and has no run any more is unknown. */
static bool gather_all(
    struct look *look, struct group groups[GROUPS], struct error *err)
{
    struct group sending = {0};
    bool ok = gather(look, JOURNAL_SENDING, &sending, err);

    if (ok && sending.count > 0 && !reader_run_alive(look->reader)) {
        groups[UNKNOWN] = sending;
        sending = (struct group){0};
    }
    buf_free(&sending.lines);
    return ok && gather(look, JOURNAL_UNKNOWN, &groups[UNKNOWN], err) &&
           gather(look, JOURNAL_REJECTED, &groups[REJECTED], err) &&
           (reader_conflicts(
                look->reader, add_conflict, &groups[CONFLICTS], err) ||
               (!err->text[0] && error_memory(err))) &&
           (reader_inputs_open(look->reader, add_input, &groups[INPUTS], err) ||
               (!err->text[0] && error_memory(err))) &&
           gather(look, JOURNAL_PENDING, &groups[PENDING], err);
}

static bool put_all(struct look *look, const struct group groups[GROUPS])
{
    bool ok = true;

    for (int i = 0; ok && i < GROUPS; i++)
        if (groups[i].count > 0)
            ok = sections[i](look, &groups[i]);
    ok = ok && journal_put_lasting(&look->out, look->place.path);
    return ok && (look->out.len ||
                     buf_printf(&look->out, "%s: nothing waits for a person.\n",
                         look->place.path));
}

static bool tell(struct look *look, struct error *err)
{
    struct group groups[GROUPS] = {0};
    bool ok = journal_read_host(look->reader, &look->host, err) &&
              gather_all(look, groups, err) &&
              (put_all(look, groups) || error_memory(err));

    struct buf fitted = {0};
    ok = ok && (journal_put_fitted(&fitted, &look->out, journal_columns()) ||
                   error_memory(err));
    if (ok)
        command_print(&fitted);
    buf_free(&fitted);
    for (int i = 0; i < GROUPS; i++)
        buf_free(&groups[i].lines);
    buf_free(&look->out);
    buf_free(&look->host);
    return ok;
}

bool journal_word_open(
    const struct arguments *args, int count, char **words, struct error *err)
{
    struct look look = {0};

    if (count > 1)
        return error_set(err, ERROR_USAGE, "open takes one folder");
    if (!journal_place_find(args, count ? words[0] : NULL, &look.place, err))
        return false;
    look.reader = reader_open(look.place.path, err);
    if (!look.reader)
        return false;
    bool ok = tell(&look, err);
    reader_close(look.reader);
    return ok;
}
