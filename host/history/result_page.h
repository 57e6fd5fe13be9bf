/* result_page.h: what a statement answered, kept until it is over.
 *
 * The rows are copied and the statement ends before anybody is called: a slow
 * listener (a pager, a pipe) must not keep the WAL from being reused. */
#ifndef HISTORY_RESULT_PAGE_H
#define HISTORY_RESULT_PAGE_H

#include "base/buf.h"
#include "history/reader.h"
#include "journal/row.h"

#include <sqlite3.h>

struct page {
    struct buf entries; // structs of one kind, their texts not set
    struct buf texts;   // in order, each followed by a NUL
    size_t count;
};

/* The columns that the page_keep_ functions read. */
#define PAGE_ROW_COLUMNS                                                       \
    ROW_COLUMNS                                                                \
    ", started_at, ms, sent, curl, reply, source, name, order_number,"         \
    " (SELECT script FROM run WHERE run.id = release.run), outcome, why, "     \
    "seen,"                                                                    \
    " (SELECT script_hash FROM run WHERE run.id = release.run)"
#define PAGE_ATTEMPT_COLUMNS                                                   \
    "started_at, ms, code, sent, curl, http_status, reply, outcome, why"
#define PAGE_AUDIT_COLUMNS "at, who, what, note"
#define PAGE_INPUT_COLUMNS                                                     \
    "first_run, run, first_at, last_at, times, " PAGE_INPUT_TEXTS
#define PAGE_INPUT_TEXTS                                                       \
    "source, name, item, what, message, place, seen,"                          \
    " (SELECT script FROM run WHERE run.id = input.run),"                      \
    " (SELECT script_hash FROM run WHERE run.id = input.run)"
#define PAGE_RUN_COLUMNS "id, started_at, script, script_hash, summary"
#define PAGE_CONFLICT_COLUMNS                                                  \
    "order_item_id, update_stock, run, first_at, last_at, code, source, name"

/* SQLITE_OK, SQLITE_NOMEM, or SQLITE_CORRUPT. An attempt's statement gives n,
 * update_stock and the run first. */
int page_keep_row(struct page *page, sqlite3_stmt *stmt);
int page_keep_attempt(struct page *page, sqlite3_stmt *stmt);
int page_keep_audit(struct page *page, sqlite3_stmt *stmt);
int page_keep_conflict(struct page *page, sqlite3_stmt *stmt);
int page_keep_input(struct page *page, sqlite3_stmt *stmt);
int page_keep_run(struct page *page, sqlite3_stmt *stmt);

/* Calls for each; false as soon as one returns false. */
bool page_give_rows(const struct page *page,
    bool (*each)(const struct reader_row *row, void *arg), void *arg);
bool page_give_attempts(const struct page *page,
    bool (*each)(const struct reader_attempt *attempt, void *arg), void *arg);
bool page_give_audits(const struct page *page,
    bool (*each)(const struct reader_audit *audit, void *arg), void *arg);
bool page_give_conflicts(const struct page *page,
    bool (*each)(const struct reader_conflict *conflict, void *arg), void *arg);
bool page_give_inputs(const struct page *page,
    bool (*each)(const struct reader_input *input, void *arg), void *arg);
bool page_give_runs(const struct page *page,
    bool (*each)(const struct reader_run *run, void *arg), void *arg);

/* Forgets what was kept; the memory stays for the next. */
void page_clear(struct page *page);
void page_free(struct page *page);

#endif
