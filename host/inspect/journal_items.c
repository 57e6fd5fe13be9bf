#include "inspect/journal_items.h"

#include "base/file.h"
#include "delivery/valid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20 };

/* `line` of the command line is the place there. */
struct named {
    int64_t item;
    size_t line;
};

static bool add(struct buf *found, int64_t item, size_t line, struct error *err)
{
    struct named named = {item, line};

    return buf_add(found, &named, sizeof named) || error_memory(err);
}

static int by_item(const void *left, const void *right)
{
    const struct named *a = left, *b = right;

    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static int by_line(const void *left, const void *right)
{
    const struct named *a = left, *b = right;

    return a->line < b->line ? -1 : a->line > b->line;
}

/* Leaves the first of each item, in the order they were named. */
static size_t sort(struct named *named, size_t n)
{
    size_t i, kept = 0;

    if (n == 0)
        return 0;
    qsort(named, n, sizeof *named, by_item);
    for (i = 0; i < n; i++)
        if (kept == 0 || named[i].item != named[kept - 1].item)
            named[kept++] = named[i];
    qsort(named, kept, sizeof *named, by_line);
    return kept;
}

static bool keep(struct journal_items *list, struct buf *found)
{
    struct named *named = (void *)found->data;
    size_t i, n = sort(named, found->len / sizeof *named);

    for (i = 0; i < n; i++)
        if (!buf_add(&list->items, &named[i].item, sizeof named[i].item) ||
            !buf_add(&list->lines, &named[i].line, sizeof named[i].line))
            return false;
    list->count = n;
    return true;
}

/* Takes what was found, or only frees it. */
static bool finish(
    struct journal_items *list, struct buf *found, bool ok, struct error *err)
{
    if (ok && !keep(list, found))
        ok = error_memory(err);
    buf_free(found);
    return ok;
}

bool journal_items_take(
    struct journal_items *list, int count, char **words, struct error *err)
{
    struct buf found = {0};
    bool ok = true;
    int i;

    for (i = 0; ok && i < count; i++) {
        int64_t item;

        ok = valid_item_text(words[i], strlen(words[i]), &item, err) &&
             add(&found, item, (size_t)i, err);
    }
    return finish(list, &found, ok, err);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool blame(const char *file, size_t line, struct error *err)
{
    struct error what = *err;

    return error_set(err, what.kind, "%s:%zu: %s",
        strcmp(file, "-") == 0 ? "stdin" : file, line, what.text);
}

static bool read_line(struct buf *found, const char *file, size_t line,
    const char *text, size_t len, struct error *err)
{
    const char *comment = memchr(text, '#', len);
    int64_t item;

    if (comment)
        len = (size_t)(comment - text);
    while (len > 0 && is_blank(text[len - 1]))
        len--;
    while (len > 0 && is_blank(*text)) {
        text++;
        len--;
    }
    if (len == 0)
        return true;
    if (!valid_item_text(text, len, &item, err))
        return blame(file, line, err);
    return add(found, item, line, err);
}

static bool read_lines(struct buf *found, const char *file,
    const struct buf *text, struct error *err)
{
    const char *at = buf_text(text), *end = at + text->len;
    size_t line = 0;

    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (!stop)
            stop = end;
        if (!read_line(found, file, ++line, at, (size_t)(stop - at), err))
            return false;
        at = stop + 1;
    }
    if (found->len == 0)
        return error_set(err, ERROR_USAGE, "%s names no item", file);
    return true;
}

/* What a pipe has to say comes by "-". */
static bool read_all(struct buf *text, const char *name, struct error *err)
{
    int fd = strcmp(name, "-") == 0 ? dup(STDIN_FILENO) : -1;

    if (fd >= 0)
        return file_read_fd(fd, name, FILE_MAX, text, ERROR_USAGE, err);
    return file_read(name, FILE_MAX, text, ERROR_USAGE, err);
}

bool journal_items_read(
    struct journal_items *list, const char *file, struct error *err)
{
    struct buf text = {0}, found = {0};
    bool ok;

    list->file = file;
    ok = read_all(&text, file, err) && read_lines(&found, file, &text, err);
    buf_free(&text);
    return finish(list, &found, ok, err);
}

void journal_items_blame(
    const struct journal_items *list, size_t place, struct error *err)
{
    size_t line;

    if (!list->file || place >= list->count)
        return;
    memcpy(&line, list->lines.data + place * sizeof line, sizeof line);
    blame(list->file, line, err);
}

void journal_items_fini(struct journal_items *list)
{
    buf_free(&list->items);
    buf_free(&list->lines);
    list->count = 0;
}
