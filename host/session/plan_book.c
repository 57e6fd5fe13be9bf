#include "session/plan_book.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINES_MAX = 2000000,
    NOTES_MAX = 50,
    LINE_BYTES = 256, // of a line beside its texts, with the blocks' heads
};

static void free_line(struct plan_line *line)
{
    mem_free(line->at);
    mem_free(line->name);
    mem_free(line->item);
    mem_free(line->code);
    mem_free(line->words);
    mem_free(line->where);
    mem_free(line->body);
}

static void count(struct plan_book *book, const struct plan_row *row)
{
    if (row->body) {
        book->writes++;
        return;
    }
    book->by_would[row->would]++;
    if (row->would == PLAN_RELEASE && !row->update_stock)
        book->keep_stock++;
    book->doubtful += row->doubtful;
    book->undone += row->would == PLAN_SKIP && row->code[0];
    if (row->would == PLAN_INVALID && strstr(row->words, "Export that column"))
        book->ruined++;
}

static bool make_room(struct plan_book *book)
{
    if (book->len < book->cap)
        return true;
    size_t cap = book->cap ? book->cap * 2 : 64;
    struct plan_line *lines =
        mem_realloc(book->lines, cap * sizeof *book->lines);
    if (!lines)
        return false;
    book->lines = lines;
    book->cap = cap;
    return true;
}

static bool copy(const struct plan_row *row, struct plan_line *line)
{
    *line = (struct plan_line){.would = row->would,
        .has_stock = row->has_stock,
        .update_stock = row->update_stock,
        .at = mem_strdup(row->at),
        .name = mem_strdup(row->name),
        .item = mem_strdup(row->item),
        .code = mem_strdup(row->code),
        .words = mem_strdup(row->words),
        .where = mem_strdup(row->where ? row->where : ""),
        .body = row->body ? mem_strdup(row->body) : NULL};
    return line->at && line->name && line->item && line->code && line->words &&
           line->where && (line->body || !row->body);
}

/* The script's memory is for the script first, and for the comparison of all
 * rows: the book has a quarter of it. What Lua has as garbage does not count
 * against that. */
static bool take(struct plan_book *book, const struct plan_row *row)
{
    struct account *account = book->account;
    size_t size = LINE_BYTES + strlen(row->at) + strlen(row->name) +
                  strlen(row->code) + strlen(row->words) +
                  (row->where ? strlen(row->where) : 0) +
                  (row->body ? strlen(row->body) : 0);

    if ((account && book->taken + size > account->most / 4) ||
        !account_take(account, size))
        return false;
    book->taken += size;
    return true;
}

void plan_book_add(struct plan_book *book, const struct plan_row *row)
{
    struct plan_line line;

    count(book, row);
    if (book->len >= LINES_MAX || !make_room(book)) {
        book->more++;
        return;
    }
    if (!take(book, row)) {
        book->more++;
        return;
    }
    if (!copy(row, &line)) {
        free_line(&line);
        book->short_of_memory = true;
        book->more++;
        return;
    }
    line.number = book->len;
    book->lines[book->len++] = line;
}

void plan_book_note(struct plan_book *book, const char *text)
{
    if (!book->notes)
        book->notes = mem_calloc(NOTES_MAX, sizeof *book->notes);
    char *copied =
        book->notes && book->note_count < NOTES_MAX ? mem_strdup(text) : NULL;
    if (copied)
        book->notes[book->note_count++] = copied;
    else
        book->short_of_memory = true;
}

/* Rows that wait come late; of one row its releases in their order. */
static int by_place(const void *a, const void *b)
{
    const struct plan_line *left = a, *right = b;
    int order = strverscmp(left->at, right->at);

    return order ? order
                 : (left->number > right->number) -
                       (left->number < right->number);
}

void plan_book_sort(struct plan_book *book)
{
    if (book->len)
        qsort(book->lines, book->len, sizeof *book->lines, by_place);
}

void plan_book_fini(struct plan_book *book)
{
    for (size_t i = 0; i < book->len; i++)
        free_line(&book->lines[i]);
    for (size_t i = 0; i < book->note_count; i++)
        mem_free(book->notes[i]);
    account_give(book->account, book->taken);
    mem_free(book->lines);
    mem_free(book->notes);
    *book = (struct plan_book){0};
}
