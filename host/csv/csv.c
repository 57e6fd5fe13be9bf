#include "csv/csv.h"

#include "base/mem.h"
#include "csv/csv_check.h"
#include "csv/csv_names.h"
#include "csv/csv_scan.h"

#include <stdio.h>

/* The reader, what it reads a file by, and iconv's own. */
enum { READER_BYTES = 192 * 1024 };

struct csv_reader {
    struct csv_scan scan;
    struct csv_names names;
    enum csv_got state;   // CSV_ROW while there is something to read
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
        out->cells = r->scan.split.cells;
        return CSV_ROW;
    }
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
    enum csv_step step =
        r->names.young ? CSV_STEP_BAD : csv_scan_record(&r->scan, err);
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
    char what[sizeof(err->text)];

    snprintf(what, sizeof(what), "%s: reading it", options->path);
    account_refuse(options->account, what, err);
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
