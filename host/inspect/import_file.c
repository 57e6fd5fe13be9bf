#include "inspect/import_file.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "csv/csv.h"
#include "delivery/valid.h"
#include "json/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum field { ITEM, CODE, STOCK, MAPPING, FIELDS };

/* Each has two names at most. */
static const char *const names[FIELDS][2] = {
    [ITEM] = {"order_item_id", "item"},
    [CODE] = {"code", NULL},
    [STOCK] = {"update_stock", NULL},
    [MAPPING] = {"mapping_pk", "mapping"},
};

static const char marker[] = "not in the journal, keep this line: item ";

enum { NONE = -1 };

struct import_file {
    const char *path; // borrowed
    struct csv_reader *csv;
    int columns[FIELDS]; // of the CSV file; NONE: it has none
    FILE *other;         // any other
    struct buf text;     // its present line
    char *line;          // in it, without its end
    long number;
    int64_t passed_over;
    struct buf code, source;
};

static bool fail(
    const struct import_file *f, const char *what, struct error *err)
{
    return error_set(err, ERROR_USAGE, "%s:%ld: %s. Nothing was changed.",
        f->path, f->number, what);
}

/* --- what a field says */

static bool read_item(const struct import_file *f, const char *text, size_t len,
    int64_t *item, struct error *err)
{
    struct error why;

    return valid_item_text(text, len, item, &why) || fail(f, why.text, err);
}

static bool read_code(
    struct import_file *f, const char *text, size_t len, struct error *err)
{
    struct error why;

    buf_clear(&f->code);
    if (!valid_code(text, len, &why))
        return fail(f, why.text, err);
    return buf_add(&f->code, text, len) || error_memory(err);
}

static bool is_word(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(text, word, len) == 0;
}

/* Let go, unless it is said. */
static bool read_stock(const struct import_file *f, const char *text,
    size_t len, bool *stock, struct error *err)
{
    *stock = len == 0 || is_word(text, len, "true") || is_word(text, len, "1");
    return *stock || is_word(text, len, "false") || is_word(text, len, "0") ||
           fail(f, "update_stock is true or false", err);
}

static bool read_mapping(const struct import_file *f, const char *text,
    size_t len, int64_t *pk, struct error *err)
{
    struct error why;

    *pk = 0;
    return len == 0 || is_word(text, len, "0") ||
           valid_item_text(text, len, pk, &why) ||
           fail(f, "the mapping is no whole number", err);
}

/* --- a CSV file */

static int column_of(
    const struct csv_cell *columns, size_t n, const char *const *called)
{
    for (int i = 0; i < 2 && called[i]; i++)
        for (size_t at = 0; at < n; at++)
            if (is_word(columns[at].text, columns[at].len, called[i]))
                return (int)at;
    return NONE;
}

/* Whether the file has such a header. */
static bool find_columns(struct import_file *f)
{
    size_t n;
    const struct csv_cell *columns = csv_columns(f->csv, &n);

    for (int i = 0; i < FIELDS; i++)
        f->columns[i] = column_of(columns, n, names[i]);
    return f->columns[ITEM] != NONE && f->columns[CODE] != NONE;
}

static struct csv_cell cell_of(
    const struct import_file *f, const struct csv_cell *cells, enum field field)
{
    static const struct csv_cell empty = {"", 0};

    return f->columns[field] == NONE ? empty : cells[f->columns[field]];
}

static enum import_got next_csv(
    struct import_file *f, struct import_row *row, struct error *err)
{
    struct csv_record record;
    enum csv_got got = csv_next(f->csv, &record, err);

    if (got == CSV_END)
        return IMPORT_END;
    if (got == CSV_FAILED)
        return IMPORT_FAILED;
    f->number = record.line;
    if (got == CSV_BAD)
        return fail(f, record.message, err) ? IMPORT_ROW : IMPORT_FAILED;
    struct csv_cell item = cell_of(f, record.cells, ITEM);
    struct csv_cell code = cell_of(f, record.cells, CODE);
    struct csv_cell stock = cell_of(f, record.cells, STOCK);
    struct csv_cell pk = cell_of(f, record.cells, MAPPING);
    bool ok = read_item(f, item.text, item.len, &row->order_item_id, err) &&
              read_code(f, code.text, code.len, err) &&
              read_stock(f, stock.text, stock.len, &row->update_stock, err) &&
              read_mapping(f, pk.text, pk.len, &row->mapping_pk, err);
    return ok ? IMPORT_ROW : IMPORT_FAILED;
}

/* --- any other */

static enum import_got next_line(struct import_file *f, struct error *err)
{
    char piece[4096];
    bool ok = true;

    buf_clear(&f->text);
    while (ok && fgets(piece, sizeof piece, f->other)) {
        ok = buf_puts(&f->text, piece);
        if (strchr(piece, '\n'))
            break;
    }
    if (!ok || ferror(f->other)) {
        error_set(err, ok ? ERROR_OTHER : ERROR_MEMORY, "cannot read %s: %s",
            f->path, strerror(ok ? errno : ENOMEM));
        return IMPORT_FAILED;
    }
    if (f->text.len == 0)
        return IMPORT_END;
    f->number++;
    f->line = f->text.data;
    f->line[strcspn(f->line, "\r\n")] = '\0';
    return IMPORT_ROW;
}

/* The text of a value as it stands; that of a string unescaped. */
static bool text_of(
    const struct json_value *value, struct buf *out, struct error *err)
{
    buf_clear(out);
    if (value->type == JSON_STRING)
        return json_string(value, out) || error_memory(err);
    if (value->type == JSON_NONE || value->type == JSON_NULL)
        return true;
    return buf_add(out, value->text, value->len) || error_memory(err);
}

/* From the marker on: `item 7, code "A/1", update_stock true: applied, mapping
 * 9`. A code may have quotes in it, so its end is looked for from behind. */
static bool read_kept(struct import_file *f, const char *text,
    struct import_row *row, struct error *err)
{
    static const char stock_is[] = "\", update_stock ", pk_is[] = ", mapping ";
    static const char code_is[] = ", code \"", applied[] = ": applied";
    const char *item = text + strlen(marker), *code = strstr(item, code_is);
    const char *stock = NULL;

    for (const char *at = code; at && (at = strstr(at, stock_is)); at++)
        stock = at;
    const char *end = stock ? strstr(stock, applied) : NULL;
    const char *pk = end ? strstr(end, pk_is) : NULL;
    if (!pk)
        return fail(f, "says to keep what was not applied, or is cut", err);
    const char *from = code + strlen(code_is);
    const char *word = stock + strlen(stock_is);
    pk += strlen(pk_is);
    return read_item(
               f, item, (size_t)(code - item), &row->order_item_id, err) &&
           read_code(f, from, (size_t)(stock - from), err) &&
           read_stock(f, word, (size_t)(end - word), &row->update_stock, err) &&
           read_mapping(f, pk, strspn(pk, "0123456789"), &row->mapping_pk, err);
}

static bool read_values(struct import_file *f, const struct json_value *values,
    struct import_row *row, struct error *err)
{
    struct buf text = {0};
    bool ok =
        text_of(&values[ITEM], &text, err) &&
        read_item(f, buf_text(&text), text.len, &row->order_item_id, err) &&
        text_of(&values[CODE], &text, err) &&
        read_code(f, buf_text(&text), text.len, err) &&
        text_of(&values[STOCK], &text, err) &&
        read_stock(f, buf_text(&text), text.len, &row->update_stock, err) &&
        text_of(&values[MAPPING], &text, err) &&
        read_mapping(f, buf_text(&text), text.len, &row->mapping_pk, err);

    buf_free(&text);
    return ok;
}

/* A line of the log, {"text": "not in the journal …"}, or of any other. */
static enum import_got read_logged(struct import_file *f,
    const struct json_value *said, struct import_row *row, struct error *err)
{
    struct buf text = {0};
    enum import_got got = IMPORT_END;
    bool ok = text_of(said, &text, err);
    const char *kept = ok ? strstr(buf_text(&text), marker) : NULL;

    if (!ok)
        got = IMPORT_FAILED;
    else if (kept)
        got = read_kept(f, kept, row, err) ? IMPORT_ROW : IMPORT_FAILED;
    else if (said->type != JSON_STRING)
        got = fail(f, "has no order_item_id", err) ? IMPORT_ROW : IMPORT_FAILED;
    buf_free(&text);
    return got;
}

static enum import_got read_object(
    struct import_file *f, struct import_row *row, struct error *err)
{
    static const char *const members[] = {"order_item_id", "code",
        "update_stock", "mapping_pk", "item", "mapping", "text"};
    struct json_value values[7];
    enum json_type type;
    struct error why;

    if (!json_parse_members(
            f->line, strlen(f->line), members, 7, values, &type, &why))
        return fail(f, why.text, err) ? IMPORT_ROW : IMPORT_FAILED;
    if (values[ITEM].type == JSON_NONE)
        values[ITEM] = values[4];
    if (values[MAPPING].type == JSON_NONE)
        values[MAPPING] = values[5];
    if (values[ITEM].type == JSON_NONE)
        return read_logged(f, &values[6], row, err);
    return read_values(f, values, row, err) ? IMPORT_ROW : IMPORT_FAILED;
}

static enum import_got read_line(
    struct import_file *f, struct import_row *row, struct error *err)
{
    const char *text = f->line, *kept = strstr(text, marker);

    if (text[strspn(text, " \t")] == '{')
        return read_object(f, row, err);
    if (kept)
        return read_kept(f, kept, row, err) ? IMPORT_ROW : IMPORT_FAILED;
    return IMPORT_END;
}

/* What says nothing is passed over. */
static enum import_got next_other(
    struct import_file *f, struct import_row *row, struct error *err)
{
    enum import_got got = IMPORT_END;

    while (got == IMPORT_END) {
        got = next_line(f, err);
        if (got != IMPORT_ROW)
            return got;
        got = read_line(f, row, err);
        f->passed_over += got == IMPORT_END && f->line[0];
    }
    return got;
}

/* --- the file */

/* A CSV file with other columns is no log. */
static bool refuse_columns(const struct import_file *f, struct error *err)
{
    return error_set(err, ERROR_USAGE,
        "%s has no columns order_item_id (or item) and code, no JSON objects, "
        "and no line that a run said to keep",
        f->path);
}

static bool open_other(struct import_file *f, struct error *err)
{
    const char *why;
    int fd = file_open(f->path, O_RDONLY, &why);

    if (fd < 0)
        return error_set(err, ERROR_USAGE, "cannot open %s: %s", f->path, why);
    f->other = fdopen(fd, "r");
    if (f->other)
        return true;
    close(fd);
    return error_memory(err);
}

/* Whether any line is of the other two kinds. */
static bool is_other(struct import_file *f, bool *is, struct error *err)
{
    enum import_got got = IMPORT_ROW;

    *is = false;
    while (!*is && (got = next_line(f, err)) == IMPORT_ROW)
        *is = f->line[strspn(f->line, " \t")] == '{' || strstr(f->line, marker);
    rewind(f->other);
    f->number = 0;
    return got != IMPORT_FAILED;
}

static bool open_as(struct import_file *f, struct error *err)
{
    struct error no_csv;
    bool other = false;

    f->csv = csv_open(
        &(struct csv_options){.path = f->path, .settle_ms = 1}, &no_csv);
    if (f->csv && find_columns(f))
        return true;
    csv_close(f->csv);
    f->csv = NULL;
    if (!open_other(f, err) || !is_other(f, &other, err))
        return false;
    return other || refuse_columns(f, err);
}

struct import_file *import_file_open(const char *path, struct error *err)
{
    struct import_file *f = mem_calloc(1, sizeof *f);

    if (!f) {
        error_memory(err);
        return NULL;
    }
    f->path = path;
    if (open_as(f, err))
        return f;
    import_file_close(f);
    return NULL;
}

enum import_got import_file_next(
    struct import_file *file, struct import_row *row, struct error *err)
{
    *row = (struct import_row){0};
    enum import_got got =
        file->csv ? next_csv(file, row, err) : next_other(file, row, err);
    if (got != IMPORT_ROW)
        return got;
    buf_clear(&file->source);
    if (!buf_printf(&file->source, "%s:%ld", file->path, file->number)) {
        error_memory(err);
        return IMPORT_FAILED;
    }
    row->code = buf_text(&file->code);
    row->source = buf_text(&file->source);
    return IMPORT_ROW;
}

int64_t import_file_passed_over(const struct import_file *file)
{
    return file->passed_over;
}

void import_file_close(struct import_file *file)
{
    if (!file)
        return;
    csv_close(file->csv);
    if (file->other)
        fclose(file->other);
    buf_free(&file->text);
    buf_free(&file->code);
    buf_free(&file->source);
    mem_free(file);
}
