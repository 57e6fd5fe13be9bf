#include "csv/file_kind.h"

#include "base/ascii.h"

#include <stdbool.h>
#include <string.h>

#define SAVE_AS_CSV ": save it as CSV"

enum { WIDE_MIN = 8 }; // bytes that are looked at before a text is called wide

static const struct kind {
    const char *begins;
    size_t len;
    const char *has; // that is in it, too; NULL: nothing
    const char *words;
} kinds[] = {
    {"PK\003\004", 4, "[Content_Types].xml", "a workbook (.xlsx)" SAVE_AS_CSV},
    {"PK\003\004", 4, "xl/", "a workbook (.xlsx)" SAVE_AS_CSV},
    {"PK\003\004", 4, "opendocument.spreadsheet",
        "a workbook (.ods)" SAVE_AS_CSV},
    {"PK\003\004", 4, NULL,
        "a zip archive or a workbook, not a CSV file: unpack it, or save it "
        "as CSV"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, NULL,
        "a workbook (.xls)" SAVE_AS_CSV},
    {"\x1F\x8B", 2, NULL, "packed by gzip: unpack it"},
    {"%PDF-", 5, NULL, "a PDF, not a CSV file"},
    {"{\\rtf", 5, NULL, "a text document (.rtf), not a CSV file"},
};

/* These may begin with white space, and in any case. */
static const struct kind markup[] = {
    {"<!doctype html", 14, NULL, "an HTML page, not a CSV file"},
    {"<html", 5, NULL, "an HTML page, not a CSV file"},
    {"<table", 6, NULL, "an HTML page, not a CSV file"},
    {"<?xml", 5, "urn:schemas-microsoft-com:office:spreadsheet",
        "a workbook (XML)" SAVE_AS_CSV},
    {"<?xml", 5, NULL, "XML, not a CSV file"},
    {"{\"", 2, NULL, "JSON, not a CSV file"},
    {"[{", 2, NULL, "JSON, not a CSV file"},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static bool begins(const char *text, size_t len, const struct kind *kind)
{
    if (len < kind->len)
        return false;
    for (size_t i = 0; i < kind->len; i++)
        if (ascii_lower(text[i]) != ascii_lower(kind->begins[i]))
            return false;
    return true;
}

static const char *find(
    const struct kind *rows, size_t n, const char *text, size_t len)
{
    for (size_t i = 0; i < n; i++) {
        const char *has = rows[i].has;
        if (begins(text, len, &rows[i]) &&
            (!has || memmem(text, len, has, strlen(has))))
            return rows[i].words;
    }
    return NULL;
}

const char *file_kind(const char *text, size_t len)
{
    len = len < FILE_KIND_BYTES ? len : FILE_KIND_BYTES;
    const char *words = find(kinds, COUNT(kinds), text, len);

    if (words)
        return words;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        len -= 3;
    }
    while (len &&
           (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n')) {
        text++;
        len--;
    }
    return find(markup, COUNT(markup), text, len);
}

const char *file_kind_wide(const char *text, size_t len)
{
    bool little = true, big = true;

    len = (len < FILE_KIND_BYTES ? len : FILE_KIND_BYTES) & ~(size_t)1;
    if (len < WIDE_MIN)
        return NULL;
    /* A letter of another script has no NUL: the first few decide, which are
     * the header's. */
    for (size_t i = 0; i < WIDE_MIN; i += 2) {
        little &= text[i] && !text[i + 1];
        big &= !text[i] && text[i + 1];
    }
    return little ? "UTF-16LE" : big ? "UTF-16BE" : NULL;
}
