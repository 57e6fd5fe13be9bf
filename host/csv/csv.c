#include "csv/csv.h"

#include "base/mem.h"
#include "csv/csv_check.h"
#include "csv/csv_names.h"
#include "csv/csv_scan.h"
#include "csv/csv_text.h"

#include <stdio.h>
#include <string.h>

/* The reader, what it reads a file by, and iconv's own. */
enum { READER_BYTES = 192 * 1024 };

struct csv_reader {
    struct csv_scan scan;
    struct csv_names names;
    enum csv_got state;   // CSV_ROW while there is something to read
    bool any;             // row has come
    struct error failure; // of CSV_FAILED
};

static enum csv_got finish(struct csv_reader *r, enum csv_got state)
{
    r->state = state;
    csv_scan_finish(&r->scan);
    return state;
}

static enum csv_got fail(struct csv_reader *r, struct error *err)
{
    r->failure = *err;
    return finish(r, CSV_FAILED);
}

/* The first row may have been read with the header. */
static enum csv_step next_record(struct csv_reader *r, struct error *err)
{
    enum csv_step first = r->names.first;

    if (r->names.young)
        return CSV_STEP_BAD;
    if (first == CSV_STEP_MORE)
        return csv_scan_record(&r->scan, err);
    r->names.first = CSV_STEP_MORE;
    return first;
}

/* Whether the record is something that a writer puts between the rows. */
static bool is_none(struct csv_reader *r, enum csv_step step)
{
    bool none = step == CSV_STEP_ROW &&
                csv_check_none(&r->scan, r->names.n, !r->any) &&
                !csv_scan_young(&r->scan);

    r->any |= !none;
    return none;
}

/* What its quotes took is lost with a record that cannot be used. */
static void tell_quote(struct csv_scan *scan)
{
    const struct csv_quote *quote = &scan->split.quote;
    size_t len = strlen(scan->bad.text);
    long to = scan->split.line - (scan->unended ? 0 : 1); // the last one read

    if (quote->line + quote->ends < to)
        to = quote->line + quote->ends;
    if (quote->line && to > quote->line)
        snprintf(scan->bad.text + len, sizeof(scan->bad.text) - len,
            "; a quoted cell goes from line %ld to line %ld", quote->line, to);
}

/* ="0012" and '0012 are how a writer keeps a spreadsheet from reading a number:
 * 0012 is what was meant. */
static void take_guards_off(struct csv_reader *r)
{
    struct csv_cell *cells = r->scan.split.cells;

    for (size_t i = 0; i < r->names.n && !r->scan.options.no_quotes; i++)
        if (cells[i].len && (*cells[i].text == '=' || *cells[i].text == '\''))
            csv_text_unguard(&cells[i].text, &cells[i].len);
}

static enum csv_got hand_out(
    struct csv_reader *r, enum csv_step step, struct csv_record *out)
{
    if (step == CSV_STEP_ROW)
        step = csv_check_row(&r->scan, r->names.cells, r->names.n);
    out->line = r->scan.begin;
    out->quote = r->scan.split.quote;
    out->later = r->names.young || csv_scan_young(&r->scan);
    if (r->scan.at_end || step == CSV_STEP_CUT)
        finish(r, CSV_END);
    if (step == CSV_STEP_ROW && !out->later) {
        take_guards_off(r);
        out->cells = r->scan.split.cells;
        return CSV_ROW;
    }
    if (step == CSV_STEP_BAD)
        tell_quote(&r->scan);
    out->message = r->scan.bad.text;
    return CSV_BAD;
}

enum csv_got csv_next(
    struct csv_reader *r, struct csv_record *out, struct error *err)
{
    *out = (struct csv_record){0};
    if (r->state == CSV_FAILED)
        *err = r->failure;
    if (r->state != CSV_ROW)
        return r->state;
    enum csv_step step = next_record(r, err);
    while (is_none(r, step)) {
        if (r->scan.at_end)
            return finish(r, CSV_END);
        step = next_record(r, err);
    }
    if (step == CSV_STEP_END)
        return finish(r, CSV_END);
    if (step == CSV_STEP_FAILED)
        return fail(r, err);
    return hand_out(r, step, out);
}

const struct csv_cell *csv_columns(const struct csv_reader *r, size_t *n)
{
    *n = r->names.n;
    return r->names.cells;
}

bool csv_unchanged(const struct csv_reader *r, struct error *err)
{
    return csv_scan_unchanged(&r->scan, err);
}

static void refuse(const struct csv_options *options, struct error *err)
{
    account_refuse(
        options->account, err, "%s: reading it needs", options->path);
}

struct csv_reader *csv_open(
    const struct csv_options *options, struct error *err)
{
    struct csv_reader *r = NULL;

    if (!account_take(options->account, READER_BYTES)) {
        refuse(options, err);
        return NULL;
    }
    r = mem_calloc(1, sizeof(*r));
    if (!r) {
        account_give(options->account, READER_BYTES);
        error_memory(err);
        return NULL;
    }
    if (csv_scan_open(&r->scan, options, err) &&
        csv_names_read(&r->names, &r->scan, err))
        return r;
    csv_close(r);
    return NULL;
}

void csv_close(struct csv_reader *r)
{
    if (!r)
        return;
    struct account *account = r->scan.options.account;
    csv_scan_close(&r->scan);
    csv_names_free(&r->names, account);
    account_give(account, READER_BYTES);
    mem_free(r);
}
