/* omnitron journal open: what a person has to look at, and what to do. */
#include "inspect/journal_own.h"
#include "json/json.h"

struct look {
    struct reader *reader;
    struct journal_place place;
    struct show *show; // scripts/cmd/journal_open.lua
    struct buf record, out;
    struct error err; // of the show
};

/* Hands over {"group":…,…} as one of its records. */
static bool show_one(struct look *look, bool made)
{
    bool ok = made && buf_putc(&look->record, '}');

    return ok ? show_record(look->show, &look->record, &look->err)
              : error_memory(&look->err);
}

static bool begin(struct look *look, const char *group)
{
    buf_clear(&look->record);
    return buf_putc(&look->record, '{') &&
           json_put_member_text(&look->record, "group", group);
}

static bool add_row(const struct reader_row *row, void *arg)
{
    struct look *look = arg;

    return show_one(look, begin(look, journal_state_name(row->row.state)) &&
                              journal_put_row(&look->record, row));
}

static bool add_conflict(const struct reader_conflict *c, void *arg)
{
    struct look *look = arg;
    struct buf *out = &look->record;

    return show_one(
        look, begin(look, "conflict") &&
                  json_put_member_int(out, "order_item_id", c->order_item_id) &&
                  json_put_member_text(out, "code", c->code) &&
                  json_put_member_bool(out, "update_stock", c->update_stock) &&
                  json_put_member_text(out, "source", c->source) &&
                  json_put_member_int(out, "run", c->run) &&
                  journal_put_time(out, "first_at", c->first_at));
}

static bool add_input(const struct reader_input *in, void *arg)
{
    struct look *look = arg;
    struct buf *out = &look->record;

    return show_one(
        look, begin(look, "input") &&
                  json_put_member_text(out, "source", in->source) &&
                  json_put_member_text(out, "name", in->name) &&
                  json_put_member_text(out, "what", in->what) &&
                  json_put_member_text(out, "place", in->place) &&
                  json_put_member_text(out, "message", in->message) &&
                  journal_put_time(out, "first_at", in->first_at));
}

/* What is `sending` under a run is on its way, and no person's. */
static bool gather(struct look *look, struct error *err)
{
    static const enum journal_state states[] = {
        JOURNAL_SENDING, JOURNAL_UNKNOWN, JOURNAL_REJECTED, JOURNAL_PENDING};
    size_t first = reader_run_alive(look->reader) ? 1 : 0;
    bool ok = true;

    for (size_t i = first; ok && i < sizeof states / sizeof *states; i++)
        ok = reader_list(look->reader, &states[i], add_row, look, err);
    return ok && reader_conflicts(look->reader, add_conflict, look, err) &&
           reader_inputs_open(look->reader, add_input, look, err);
}

static bool open_show(struct look *look, struct error *err)
{
    struct buf host = {0}, view = {0};
    bool ok = journal_read_host(look->reader, &host, err) &&
              (journal_put_view(&view, &look->place, buf_text(&host), NULL) ||
                  error_memory(err));

    if (ok)
        look->show = show_open("journal_open", &view, &look->out, err);
    buf_free(&host);
    buf_free(&view);
    return look->show != NULL;
}

static bool tell(struct look *look, struct error *err)
{
    bool ok = open_show(look, err) && gather(look, err);

    if (!ok && look->err.text[0])
        *err = look->err;
    ok = ok && journal_show_lasting(look->show, look->place.path, err) &&
         show_end(look->show, err);
    if (ok)
        command_print(&look->out);
    show_close(look->show);
    buf_free(&look->record);
    buf_free(&look->out);
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
