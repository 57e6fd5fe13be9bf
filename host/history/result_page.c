#include "history/result_page.h"

#include <string.h>

static int keep_text(struct page *page, sqlite3_stmt *stmt, int column)
{
    const char *text = row_text(stmt, column);

    return text && buf_add(&page->texts, text, strlen(text) + 1) ? SQLITE_OK
                                                                 : SQLITE_NOMEM;
}

static int keep_texts(
    struct page *page, sqlite3_stmt *stmt, const int *columns, size_t n)
{
    int rc = SQLITE_OK;
    size_t i;

    for (i = 0; i < n && rc == SQLITE_OK; i++)
        rc = keep_text(page, stmt, columns[i]);
    return rc;
}

static int keep_bytes(
    struct page *page, sqlite3_stmt *stmt, int column, size_t *len)
{
    const void *bytes = sqlite3_column_blob(stmt, column);

    *len = bytes ? (size_t)sqlite3_column_bytes(stmt, column) : 0;
    if (!bytes && sqlite3_errcode(sqlite3_db_handle(stmt)) == SQLITE_NOMEM)
        return SQLITE_NOMEM;
    if (*len > 0 && !buf_add(&page->texts, bytes, *len))
        return SQLITE_NOMEM;
    return buf_putc(&page->texts, '\0') ? SQLITE_OK : SQLITE_NOMEM;
}

static int keep_entry(struct page *page, const void *entry, size_t size)
{
    if (!buf_add(&page->entries, entry, size))
        return SQLITE_NOMEM;
    page->count++;
    return SQLITE_OK;
}

int page_keep_row(struct page *page, sqlite3_stmt *stmt)
{
    enum {
        STARTED_AT = ROW_COLUMN_COUNT,
        MS,
        SENT,
        CURL,
        REPLY,
        SOURCE,
        NAME,
        ORDER_NUMBER,
        SCRIPT,
        OUTCOME,
        WHY,
        SEEN,
        HASH
    };
    static const int texts[] = {
        SOURCE, NAME, ORDER_NUMBER, SCRIPT, OUTCOME, WHY, SEEN, HASH};
    struct reader_row entry = {0};
    int rc = row_read(stmt, &entry.row);

    if (rc != SQLITE_OK)
        return rc;
    entry.started_at = sqlite3_column_int64(stmt, STARTED_AT);
    entry.ms = sqlite3_column_int64(stmt, MS);
    entry.sent = sqlite3_column_int(stmt, SENT) != 0;
    entry.curl = sqlite3_column_int(stmt, CURL);
    rc = keep_bytes(page, stmt, REPLY, &entry.reply_len);
    if (rc == SQLITE_OK)
        rc = keep_texts(page, stmt, texts, sizeof texts / sizeof texts[0]);
    return rc == SQLITE_OK ? keep_entry(page, &entry, sizeof entry) : rc;
}

int page_keep_attempt(struct page *page, sqlite3_stmt *stmt)
{
    enum {
        N,
        UPDATE_STOCK,
        RUN,
        STARTED_AT,
        MS,
        CODE,
        SENT,
        CURL,
        HTTP_STATUS,
        REPLY,
        OUTCOME,
        WHY
    };
    static const int texts[] = {CODE, OUTCOME, WHY};
    struct reader_attempt entry = {0};
    int rc;

    entry.n = sqlite3_column_int(stmt, N);
    entry.update_stock = sqlite3_column_int(stmt, UPDATE_STOCK) != 0;
    entry.run = sqlite3_column_int64(stmt, RUN);
    entry.started_at = sqlite3_column_int64(stmt, STARTED_AT);
    entry.ms = sqlite3_column_int64(stmt, MS);
    entry.sent = sqlite3_column_int(stmt, SENT) != 0;
    entry.curl = sqlite3_column_int(stmt, CURL);
    entry.http_status = sqlite3_column_int(stmt, HTTP_STATUS);
    rc = keep_bytes(page, stmt, REPLY, &entry.reply_len);
    if (rc == SQLITE_OK)
        rc = keep_texts(page, stmt, texts, sizeof texts / sizeof texts[0]);
    return rc == SQLITE_OK ? keep_entry(page, &entry, sizeof entry) : rc;
}

int page_keep_audit(struct page *page, sqlite3_stmt *stmt)
{
    static const int texts[] = {1, 2, 3};
    struct reader_audit entry = {0};
    int rc = keep_texts(page, stmt, texts, sizeof texts / sizeof texts[0]);

    entry.at = sqlite3_column_int64(stmt, 0);
    return rc == SQLITE_OK ? keep_entry(page, &entry, sizeof entry) : rc;
}

int page_keep_conflict(struct page *page, sqlite3_stmt *stmt)
{
    static const int texts[] = {5, 6, 7};
    struct reader_conflict entry = {0};
    int rc = keep_texts(page, stmt, texts, sizeof texts / sizeof texts[0]);

    entry.order_item_id = sqlite3_column_int64(stmt, 0);
    entry.update_stock = sqlite3_column_int(stmt, 1) != 0;
    entry.run = sqlite3_column_int64(stmt, 2);
    entry.first_at = sqlite3_column_int64(stmt, 3);
    entry.last_at = sqlite3_column_int64(stmt, 4);
    return rc == SQLITE_OK ? keep_entry(page, &entry, sizeof entry) : rc;
}

int page_keep_input(struct page *page, sqlite3_stmt *stmt)
{
    static const int texts[] = {5, 6, 7, 8, 9, 10, 11, 12, 13};
    struct reader_input entry = {0};
    int rc = keep_texts(page, stmt, texts, sizeof texts / sizeof texts[0]);

    entry.first_run = sqlite3_column_int64(stmt, 0);
    entry.run = sqlite3_column_int64(stmt, 1);
    entry.first_at = sqlite3_column_int64(stmt, 2);
    entry.last_at = sqlite3_column_int64(stmt, 3);
    entry.times = sqlite3_column_int64(stmt, 4);
    return rc == SQLITE_OK ? keep_entry(page, &entry, sizeof entry) : rc;
}

int page_keep_run(struct page *page, sqlite3_stmt *stmt)
{
    static const int texts[] = {2, 3, 4};
    struct reader_run entry = {0};
    int rc = keep_texts(page, stmt, texts, sizeof texts / sizeof texts[0]);

    entry.id = sqlite3_column_int64(stmt, 0);
    entry.started_at = sqlite3_column_int64(stmt, 1);
    return rc == SQLITE_OK ? keep_entry(page, &entry, sizeof entry) : rc;
}

static const char *next_text(const char **at)
{
    const char *text = *at;

    *at += strlen(text) + 1;
    return text;
}

static const char *next_bytes(const char **at, size_t len)
{
    const char *bytes = *at;

    *at += len + 1;
    return bytes;
}

bool page_give_rows(const struct page *page,
    bool (*each)(const struct reader_row *row, void *arg), void *arg)
{
    const char *at = page->texts.data;
    size_t i;

    for (i = 0; i < page->count; i++) {
        struct reader_row row;

        memcpy(&row, page->entries.data + i * sizeof row, sizeof row);
        row.reply = next_bytes(&at, row.reply_len);
        row.source = next_text(&at);
        row.name = next_text(&at);
        row.order_number = next_text(&at);
        row.script = next_text(&at);
        row.outcome = next_text(&at);
        row.why = next_text(&at);
        row.seen = next_text(&at);
        row.script_hash = next_text(&at);
        if (!each(&row, arg))
            return false;
    }
    return true;
}

bool page_give_attempts(const struct page *page,
    bool (*each)(const struct reader_attempt *attempt, void *arg), void *arg)
{
    const char *at = page->texts.data;
    size_t i;

    for (i = 0; i < page->count; i++) {
        struct reader_attempt attempt;

        memcpy(
            &attempt, page->entries.data + i * sizeof attempt, sizeof attempt);
        attempt.reply = next_bytes(&at, attempt.reply_len);
        attempt.code = next_text(&at);
        attempt.outcome = next_text(&at);
        attempt.why = next_text(&at);
        if (!each(&attempt, arg))
            return false;
    }
    return true;
}

bool page_give_audits(const struct page *page,
    bool (*each)(const struct reader_audit *audit, void *arg), void *arg)
{
    const char *at = page->texts.data;
    size_t i;

    for (i = 0; i < page->count; i++) {
        struct reader_audit audit;

        memcpy(&audit, page->entries.data + i * sizeof audit, sizeof audit);
        audit.who = next_text(&at);
        audit.what = next_text(&at);
        audit.note = next_text(&at);
        if (!each(&audit, arg))
            return false;
    }
    return true;
}

bool page_give_conflicts(const struct page *page,
    bool (*each)(const struct reader_conflict *conflict, void *arg), void *arg)
{
    const char *at = page->texts.data;
    size_t i;

    for (i = 0; i < page->count; i++) {
        struct reader_conflict conflict;

        memcpy(&conflict, page->entries.data + i * sizeof conflict,
            sizeof conflict);
        conflict.code = next_text(&at);
        conflict.source = next_text(&at);
        conflict.name = next_text(&at);
        if (!each(&conflict, arg))
            return false;
    }
    return true;
}

bool page_give_inputs(const struct page *page,
    bool (*each)(const struct reader_input *input, void *arg), void *arg)
{
    const char *at = page->texts.data;
    size_t i;

    for (i = 0; i < page->count; i++) {
        struct reader_input input;

        memcpy(&input, page->entries.data + i * sizeof input, sizeof input);
        input.source = next_text(&at);
        input.name = next_text(&at);
        input.item = next_text(&at);
        input.what = next_text(&at);
        input.message = next_text(&at);
        input.place = next_text(&at);
        input.seen = next_text(&at);
        input.script = next_text(&at);
        input.script_hash = next_text(&at);
        if (!each(&input, arg))
            return false;
    }
    return true;
}

bool page_give_runs(const struct page *page,
    bool (*each)(const struct reader_run *run, void *arg), void *arg)
{
    const char *at = page->texts.data;
    size_t i;

    for (i = 0; i < page->count; i++) {
        struct reader_run run;

        memcpy(&run, page->entries.data + i * sizeof run, sizeof run);
        run.script = next_text(&at);
        run.script_hash = next_text(&at);
        run.summary = next_text(&at);
        if (!each(&run, arg))
            return false;
    }
    return true;
}

void page_clear(struct page *page)
{
    buf_clear(&page->entries);
    buf_clear(&page->texts);
    page->count = 0;
}

void page_free(struct page *page)
{
    buf_free(&page->entries);
    buf_free(&page->texts);
    page->count = 0;
}
