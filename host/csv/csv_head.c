#include "csv/csv_head.h"

#include <string.h>

static const char separators[CSV_HEAD_SEPARATORS + 1] = ",;\t|";

static void scan(struct csv_head *h, char c, char separator)
{
    const char *known = c ? strchr(separators, c) : NULL;

    if (h->where == HEAD_QUOTED) {
        h->where = c == '"' ? HEAD_QUOTE : HEAD_QUOTED;
    } else if (c == '"' && h->where != HEAD_CELL) {
        h->where = HEAD_QUOTED;
    } else if (known || (separator && c == separator)) {
        h->where = HEAD_START;
        if (known)
            h->counts[known - separators]++;
    } else if (c != ' ' || h->where != HEAD_START) {
        h->where = HEAD_CELL;
    }
}

bool csv_head_add(
    struct csv_head *h, const char *text, size_t len, char separator)
{
    for (size_t i = 0; i < len; i++)
        scan(h, text[i], separator);
    return buf_add(&h->text, text, len);
}

bool csv_head_quoted(const struct csv_head *h)
{
    return h->where == HEAD_QUOTED;
}

bool csv_head_blank(const struct csv_head *h)
{
    return strspn(buf_text(&h->text), " \t\r\n") == h->text.len;
}

char csv_head_separator(const struct csv_head *h)
{
    size_t best = 0;

    for (size_t i = 1; i < CSV_HEAD_SEPARATORS; i++) {
        if (h->counts[i] > h->counts[best])
            best = i;
    }
    for (size_t i = best + 1; i < CSV_HEAD_SEPARATORS; i++) {
        if (h->counts[i] && h->counts[i] == h->counts[best])
            return '\0';
    }
    return separators[best];
}

void csv_head_clear(struct csv_head *h)
{
    buf_clear(&h->text);
    *h = (struct csv_head){.text = h->text};
}

void csv_head_free(struct csv_head *h)
{
    buf_free(&h->text);
}
