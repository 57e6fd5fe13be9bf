/* omnitron journal list: a line for each row. */
#include "base/clock.h"
#include "cli/show.h"
#include "inspect/journal_own.h"
#include "terminal/terminal.h"
#include "json/json.h"

#include <unistd.h>

enum { COLUMNS_LEAST = 30 };

bool journal_put_time(struct buf *out, const char *name, int64_t ms)
{
    char text[CLOCK_TEXT_MAX];

    return json_put_member_text(out, name, clock_rfc3339(ms, text));
}

bool journal_put_or_null(
    struct buf *out, const char *name, bool known, int64_t value)
{
    return known ? json_put_member_int(out, name, value)
                 : json_put_member_null(out, name);
}

bool journal_put_row(struct buf *out, const struct reader_row *r)
{
    const struct journal_row *row = &r->row;

    return json_put_member_int(out, "order_item_id", row->order_item_id) &&
           json_put_member_text(out, "code", row->code) &&
           json_put_member_bool(out, "update_stock", row->update_stock) &&
           json_put_member_text(out, "state", journal_state_name(row->state)) &&
           json_put_member_int(out, "attempts", row->attempts) &&
           journal_put_or_null(
               out, "http_status", row->http_status > 0, row->http_status) &&
           journal_put_or_null(
               out, "mapping_pk", row->mapping.known, row->mapping.pk) &&
           json_put_member_text(out, "message", row->message) &&
           json_put_member_text(out, "source", r->source) &&
           json_put_member_text(out, "name", r->name) &&
           json_put_member_int(out, "run", row->run) &&
           json_put_member_text(out, "script", r->script) &&
           journal_put_time(out, "first_at", row->first_at) &&
           journal_put_time(out, "last_at", row->last_at);
}

int journal_columns(void)
{
    int columns = terminal_columns(STDOUT_FILENO);

    if (!isatty(STDOUT_FILENO))
        return 0;
    return columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns;
}

/* A list while it is read. */
struct list {
    struct show *show; // scripts/cmd/journal_list.lua; NULL: JSON
    struct buf record, out;
    struct error *err;
};

static bool list_text(struct list *list)
{
    bool ok = show_record(list->show, &list->record, list->err);

    command_print(&list->out);
    return ok;
}

static bool list_row(const struct reader_row *row, void *arg)
{
    struct list *list = arg;

    buf_clear(&list->record);
    if (!buf_putc(&list->record, '{') || !journal_put_row(&list->record, row) ||
        !buf_putc(&list->record, '}'))
        return error_memory(list->err);
    if (list->show)
        return list_text(list);
    return (buf_putc(&list->record, '\n') &&
               command_print_json(&list->record)) ||
           error_memory(list->err);
}

static bool list_all(struct reader *reader, const struct journal_place *place,
    const enum journal_state *state, bool json, struct error *err)
{
    struct error own = {0}, reading;
    struct list list = {.err = &own};
    struct buf view = {0};
    bool ok = json || journal_put_view(&view, place, "", NULL);

    if (ok && !json)
        list.show = show_open("journal_list", &view, &list.out, &own);
    else if (!ok)
        error_memory(&own);
    ok = ok && (json || list.show) &&
         reader_list(reader, state, list_row, &list, &reading);
    if (!ok)
        *err = own.text[0] ? own : reading;
    show_close(list.show);
    buf_free(&view);
    buf_free(&list.record);
    buf_free(&list.out);
    return ok;
}

bool journal_read_state(const struct arguments *args, enum journal_state *state,
    bool *given, struct error *err)
{
    const char *name = arguments_text(args, "state");

    *given = name != NULL;
    return !name || journal_state_read(name, state) ||
           error_set(err, ERROR_USAGE,
               "--state is pending, sending, confirmed, rejected, unknown or "
               "cancelled, not \"%s\"",
               name);
}

bool journal_word_list(
    const struct arguments *args, int count, char **words, struct error *err)
{
    struct journal_place place;
    enum journal_state state;
    bool some;

    if (count > 1)
        return error_set(err, ERROR_USAGE, "list takes one folder");
    if (!journal_read_state(args, &state, &some, err) ||
        !journal_place_find(args, count ? words[0] : NULL, &place, err))
        return false;
    struct reader *reader = reader_open(place.path, err);
    if (!reader)
        return false;
    bool ok = list_all(reader, &place, some ? &state : NULL,
        arguments_given(args, "json"), err);
    reader_close(reader);
    return ok;
}
