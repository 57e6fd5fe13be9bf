/* omnitron journal moved: this is its home now. */
#include "history/moved.h"

#include "base/json_put.h"
#include "cli/operator.h"
#include "cli/show.h"
#include "ending/lock_wait.h"
#include "inspect/journal_own.h"

enum { WAIT_MS = 10000 };

static bool say(
    const char *path, const struct moved_result *r, struct error *err)
{
    struct buf record = {0}, out = {0};
    bool ok =
        (buf_putc(&record, '{') &&
            json_put_member_text(&record, "path", path) &&
            json_put_member_text(&record, "was", r->known ? r->was.path : "") &&
            json_put_member_bool(&record, "marked", r->marked) &&
            buf_putc(&record, '}')) ||
        error_memory(err);

    ok = ok && show_once("journal_moved", NULL, &record, &out, err);
    command_print(&out);
    buf_free(&record);
    return ok;
}

static bool carry_out(const char *path, const char *note, struct error *err)
{
    char who[OPERATOR_MAX];
    struct moved_order order = {
        .who = who, .note = note, .script = "omnitron journal moved"};
    struct moved_result result;

    operator_name(who);
    bool ok = moved(path, &order, &result, err);
    if (!ok && err->kind == ERROR_HELD) {
        lock_wait_say_waiting(path);
        order.wait_ms = WAIT_MS;
        ok = moved(path, &order, &result, err);
    }
    return ok && say(path, &result, err);
}

bool journal_word_moved(
    const struct arguments *args, int count, char **words, struct error *err)
{
    const char *note = arguments_text(args, "note");
    struct journal_place place;

    if (count > 1)
        return error_set(err, ERROR_USAGE, "moved takes one folder");
    return journal_check_note("moved", note, "to the new server", err) &&
           journal_place_find(args, count ? words[0] : NULL, &place, err) &&
           carry_out(place.path, note, err);
}
