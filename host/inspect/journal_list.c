/* omnitron journal list: a line for each row. */
#include "cli/show.h"
#include "inspect/journal_own.h"
#include "json/json.h"

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
