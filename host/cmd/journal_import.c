/* omnitron journal import: what is done already, by somebody else. */
#include "history/import.h"

#include "base/json_put.h"
#include "cli/operator.h"
#include "cli/show.h"
#include "ending/lock_wait.h"
#include "inspect/import_file.h"
#include "inspect/journal_own.h"

#include <string.h>

enum {
    WAIT_MS = 10000,
    SHOWN = 20 // contradictions that are told one by one
};

struct importing {
    const char *path; // of the file
    char who[OPERATOR_MAX];
    struct import_file *file;
    struct import *import;
    struct show *show; // scripts/cmd/journal_import.lua
    struct buf out;
};

static bool give(
    struct importing *i, struct buf *record, bool ok, struct error *err)
{
    ok = (ok || error_memory(err)) && show_record(i->show, record, err);
    buf_free(record);
    return ok;
}

/* The first ones; all of them are counted. */
static bool show_refused(struct importing *i, const struct import_row *row,
    const struct journal_row *there, struct error *err)
{
    struct buf record = {0};

    if (import_result(i->import)->refused > SHOWN)
        return true;
    bool ok =
        buf_putc(&record, '{') &&
        json_put_member_text(&record, "at", row->source) &&
        json_put_member_int(&record, "order_item_id", row->order_item_id) &&
        json_put_member_text(&record, "code", row->code) &&
        json_put_member_bool(&record, "update_stock", row->update_stock) &&
        json_put_member_text(&record, "there_code", there->code) &&
        json_put_member_bool(&record, "there_stock", there->update_stock) &&
        json_put_member_text(
            &record, "there_state", journal_state_name(there->state)) &&
        buf_putc(&record, '}');
    return give(i, &record, ok, err);
}

static bool show_result(struct importing *i, bool kept, struct error *err)
{
    const struct import_result *r = import_result(i->import);
    struct buf record = {0};
    bool ok = buf_putc(&record, '{') &&
              json_put_member_int(&record, "rows", r->rows) &&
              json_put_member_int(&record, "changed", r->changed) &&
              json_put_member_int(&record, "already", r->already) &&
              json_put_member_int(&record, "refused", r->refused) &&
              json_put_member_int(
                  &record, "passed_over", import_file_passed_over(i->file)) &&
              json_put_member_bool(&record, "kept", kept) &&
              buf_putc(&record, '}');

    return give(i, &record, ok, err);
}

static bool take_all(struct importing *i, struct error *err)
{
    struct import_row row;
    struct journal_row there;
    enum import_got got;
    bool refused = false, ok = true;

    while (ok && (got = import_file_next(i->file, &row, err)) != IMPORT_END) {
        ok = got == IMPORT_ROW &&
             import_add(i->import, &row, &refused, &there, err);
        if (ok && refused)
            ok = show_refused(i, &row, &there, err);
    }
    return ok;
}

static bool keep(struct importing *i, struct error *err)
{
    bool refused = import_result(i->import)->refused > 0;

    if (!refused && !import_keep(i->import, err))
        return false;
    return show_result(i, !refused, err) && show_end(i->show, err) &&
           (!refused || error_set(err, ERROR_USAGE,
                            "%s contradicts the journal. Nothing was changed.",
                            i->path));
}

static struct import *open_journal(
    struct importing *i, const char *path, const char *note, struct error *err)
{
    struct import_order order = {
        .who = i->who, .note = note, .script = "omnitron journal import"};

    operator_name(i->who);
    struct import *import = import_open(path, &order, err);
    if (!import && err->kind == ERROR_HELD) {
        lock_wait_say_waiting(path);
        order.wait_ms = WAIT_MS;
        import = import_open(path, &order, err);
    }
    return import;
}

static bool carry_out(
    const char *journal, const char *file, const char *note, struct error *err)
{
    struct importing i = {.path = file};
    struct buf view = {0};
    bool ok = buf_puts(&view, "{}") || error_memory(err);

    i.show = ok ? show_open("journal_import", &view, &i.out, err) : NULL;
    i.file = i.show ? import_file_open(file, err) : NULL;
    i.import = i.file ? open_journal(&i, journal, note, err) : NULL;
    ok = i.import && take_all(&i, err) && keep(&i, err);
    import_close(i.import);
    import_file_close(i.file);
    show_close(i.show);
    command_print(&i.out);
    buf_free(&view);
    return ok;
}

bool journal_word_import(
    const struct arguments *args, int count, char **words, struct error *err)
{
    const char *note = arguments_text(args, "note");
    struct journal_place place;

    if (count != 1)
        return error_set(err, ERROR_USAGE, "import takes one file");
    return journal_check_note(
               "import", note, "released by the old script", err) &&
           journal_place_find(args, NULL, &place, err) &&
           carry_out(place.path, words[0], note, err);
}
