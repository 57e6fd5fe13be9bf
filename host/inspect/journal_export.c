/* omnitron journal export: every row, for another program.
 *
 * CSV is read by spreadsheets above all. What such a one would run as a
 * formula gets an apostrophe in front, and so does a text that has one there
 * already: who takes one off has the text again. The byte order mark is what
 * Excel knows UTF-8 by. */
#include "base/clock.h"
#include "base/escape.h"
#include "base/say.h"
#include "inspect/journal_own.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char csv_head[] =
    "\xef\xbb\xbf"
    "order_item_id,code,update_stock,state,attempts,http_status,mapping_pk,"
    "message,source,name,run,script,first_at,last_at\r\n";

struct export
{
    bool (*put)(struct buf * out, const struct reader_row *row);
    int64_t since; // wall clock, ms
    struct buf line;
    int cause; // errno of a write that failed; 0: none
};

/* Writes what `line` holds. */
static bool flush_line(struct export *export)
{
    struct buf *line = &export->line;

    if (!say_ready(stdout, line))
        export->cause = errno ? errno : EIO;
    buf_clear(line);
    return !export->cause;
}

static bool put_char(struct buf *out, char c)
{
    if (c == '\n')
        return buf_puts(out, "\\n");
    return (c != '"' || buf_putc(out, '"')) && buf_putc(out, c);
}

/* On one line, tabs as they are, as it may be shown: --json has it exactly. */
static bool put_text(struct buf *out, const char *text)
{
    struct buf plain = {0};
    bool ok = buf_puts(&plain, text) && escape_lines(&plain, 0, ESCAPE_TABS);

    for (size_t i = 0; ok && i < plain.len; i++)
        ok = put_char(out, plain.data[i]);
    buf_free(&plain);
    return ok;
}

/* Quoted always: no reader trims it then, or takes a bar for a comma. */
static bool put_cell(struct buf *out, const char *text)
{
    bool runs = text[0] && strchr("=+-@\t\r\n'", text[0]);

    return buf_puts(out, runs ? ",\"'" : ",\"") && put_text(out, text) &&
           buf_putc(out, '"');
}

static bool put_number(struct buf *out, bool known, int64_t number)
{
    return known ? buf_printf(out, ",%lld", (long long)number)
                 : buf_putc(out, ',');
}

static bool put_time(struct buf *out, int64_t ms)
{
    char text[CLOCK_TEXT_MAX];

    return buf_printf(out, ",%s", clock_rfc3339(ms, text));
}

static bool put_csv(struct buf *out, const struct reader_row *r)
{
    const struct journal_row *row = &r->row;

    return buf_printf(out, "%lld", (long long)row->order_item_id) &&
           put_cell(out, row->code) &&
           buf_printf(out, ",%s,%s", row->update_stock ? "true" : "false",
               journal_state_name(row->state)) &&
           put_number(out, true, row->attempts) &&
           put_number(out, row->http_status > 0, row->http_status) &&
           put_number(out, row->mapping.known, row->mapping.pk) &&
           put_cell(out, row->message) && put_cell(out, r->source) &&
           put_cell(out, r->name) && put_number(out, true, row->run) &&
           put_cell(out, r->script) && put_time(out, row->first_at) &&
           put_time(out, row->last_at) && buf_puts(out, "\r\n");
}

static bool put_json(struct buf *out, const struct reader_row *row)
{
    return buf_putc(out, '{') && journal_put_row(out, row) &&
           buf_puts(out, "}\n") && escape_json(out, 0);
}

static bool each(const struct reader_row *row, void *arg)
{
    struct export *export = arg;

    return row->row.last_at < export->since ||
           (export->put(&export->line, row) && flush_line(export));
}

/* A reader that has gone is his matter; any other failure is the disk's. */
static bool say_unwritten(int cause, struct error *err)
{
    if (cause == EPIPE)
        return error_set(err, ERROR_USAGE,
            "the export is not complete: its reader closed the pipe");
    return error_set(err, ERROR_DISK,
        "the export is not complete: it cannot be written: %s",
        strerror(cause));
}

/* Why it ended early: the reader of the journal has said so, or a write
 * failed, or there was no memory for a line. */
static bool fail(const struct export *export, struct error *err)
{
    if (export->cause)
        return say_unwritten(export->cause, err);
    return err->text[0] ? false : error_memory(err);
}

static bool write_rows(struct export *export, struct reader *reader,
    const enum journal_state *state, struct error *err)
{
    bool ok = export->put == put_json ||
              (buf_puts(&export->line, csv_head) && flush_line(export));

    err->text[0] = '\0';
    ok = ok && reader_list(reader, state, each, export, err);
    if (ok && fflush(stdout) != 0) {
        export->cause = errno;
        ok = false;
    }
    return ok || fail(export, err);
}

static bool read_options(const struct arguments *args, int count,
    struct export *export, struct error *err)
{
    bool csv = arguments_given(args, "csv");

    if (count > 0)
        return error_set(err, ERROR_USAGE,
            "export takes no item: --state and --since say which. "
            "--profile FILE names another customer.");
    if (csv == arguments_given(args, "json"))
        return error_set(err, ERROR_USAGE,
            "export needs --csv (for a spreadsheet) or --json (for a program)");
    export->put = csv ? put_csv : put_json;
    return arguments_since(
        args, clock_wall_ms(), INT64_MIN, &export->since, err);
}

bool journal_word_export(
    const struct arguments *args, int count, char **words, struct error *err)
{
    struct export export = {0};
    struct journal_place place;
    enum journal_state state;
    bool some;

    (void)words;
    if (!read_options(args, count, &export, err) ||
        !journal_read_state(args, &state, &some, err) ||
        !journal_place_find(args, NULL, &place, err))
        return false;
    struct reader *reader = reader_open(place.path, err);
    if (!reader)
        return false;
    bool ok = write_rows(&export, reader, some ? &state : NULL, err);
    buf_free(&export.line);
    reader_close(reader);
    return ok;
}
