/* omnitron journal list: a line for each row. */
#include "base/clock.h"
#include "base/escape.h"
#include "inspect/journal_own.h"
#include "terminal/column.h"
#include "terminal/terminal.h"
#include "terminal/wrapped.h"
#include "json/json.h"

#include <string.h>
#include <unistd.h>

enum { COLUMNS_LEAST = 30, INDENT_MOST = 20 };

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

const struct journal_shown *journal_show(struct journal_shown *shown,
    const char *code, const char *source, const char *name, const char *message)
{
    escape_copy(code ? code : "", shown->code, sizeof shown->code);
    escape_copy(source ? source : "", shown->source, sizeof shown->source);
    escape_copy(name ? name : "", shown->name, sizeof shown->name);
    escape_copy(message ? message : "", shown->message, sizeof shown->message);
    return shown;
}

int journal_columns(void)
{
    int columns = terminal_columns(STDOUT_FILENO);

    if (!isatty(STDOUT_FILENO))
        return 0;
    return columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns;
}

/* A cut text is shorter, also in bytes: what goes is more than an ellipsis,
 * or stays. */
static void cut(char *text, int columns)
{
    struct buf out = {0};

    if (column_width(text) > columns &&
        column_put(&out, text, columns, false) && out.len <= strlen(text))
        memcpy(text, out.data, out.len + 1);
    buf_free(&out);
}

void journal_fit(struct journal_shown *shown, int columns)
{
    if (columns == 0)
        return;
    cut(shown->code, columns - INDENT_MOST);
    cut(shown->source, columns - INDENT_MOST);
    cut(shown->name, columns - INDENT_MOST);
}

/* A command stays in one line: it is copied from there. */
static bool put_fitted_line(struct buf *out, const char *line, int columns)
{
    return strstr(line, "  omnitron ") == line || strstr(line, "  cd ") == line
               ? buf_printf(out, "%s\n", line)
               : wrapped_put(out, line, (size_t)columns);
}

bool journal_put_fitted(struct buf *out, struct buf *lines, int columns)
{
    char *at = lines->data, *end;
    bool ok = true;

    if (columns == 0)
        return buf_puts(out, buf_text(lines));
    for (; ok && at && (end = strchr(at, '\n')); at = end + 1) {
        *end = '\0';
        ok = put_fitted_line(out, at, columns);
    }
    return ok;
}

static bool put_line(struct buf *out, const struct reader_row *row)
{
    char at[CLOCK_TEXT_MAX];
    struct journal_shown shown;

    journal_show(
        &shown, row->row.code, row->source, row->name, row->row.message);
    journal_fit(&shown, journal_columns());
    return buf_printf(out, "%10lld  %-24s %-6s  %-9s  %s  %s%s%s\n",
        (long long)row->row.order_item_id, shown.code,
        row->row.update_stock ? "let go" : "keep",
        journal_state_name(row->row.state), clock_local(row->row.last_at, at),
        shown.source, shown.message[0] ? "  " : "", shown.message);
}

static bool list_json(const struct reader_row *row, void *arg)
{
    struct buf out = {0};
    bool ok = buf_putc(&out, '{') && journal_put_row(&out, row) &&
              buf_puts(&out, "}\n") && command_print_json(&out);

    (void)arg;
    buf_free(&out);
    return ok;
}

static bool list_text(const struct reader_row *row, void *arg)
{
    struct buf out = {0}, line = {0};
    bool ok = put_line(&line, row) &&
              journal_put_fitted(&out, &line, journal_columns());

    (void)arg;
    buf_free(&line);
    command_print(&out);
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
    bool ok = reader_list(reader, some ? &state : NULL,
        arguments_given(args, "json") ? list_json : list_text, NULL, err);
    if (!ok && !err->text[0])
        error_memory(err);
    reader_close(reader);
    return ok;
}
