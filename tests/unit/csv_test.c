/* The reader against files of a few lines, each read in pieces of several
 * sizes: where a piece ends must never show. */
#include "base/buf.h"
#include "csv/csv.h"
#include "csv/csv_text.h"
#include "csv/lines.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define TEXT(s)     s, sizeof(s) - 1

static char folder[] = "/tmp/csv_test.XXXXXX";

enum { OLD = 1000000000, PATH_SIZE = 64 };

static const char *path_of(const char *name)
{
    static char path[PATH_SIZE];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Writes a file that was last changed long ago. */
static const char *put(const char *content, size_t len)
{
    const char *path = path_of("lines.csv");
    const struct timespec old[2] = {{.tv_sec = OLD}, {.tv_sec = OLD}};
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, len), (ssize_t)len);
    assert_int_equal(futimens(fd, old), 0);
    close(fd);
    return path;
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path_of("lines.csv"));
    return rmdir(folder);
}

static void show_cells(const struct csv_cell *cells, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_putc(out, '^');
        buf_add(out, cells[i].text, cells[i].len);
    }
    buf_putc(out, '$');
}

/* "a^b$" for the header, then "2:1^2$" for a row, "3!message$" for one that is
 * invalid, "4?$" for one that is for later. */
static void show(struct csv_reader *r, struct buf *out, struct error *err)
{
    size_t n;
    const struct csv_cell *columns = csv_columns(r, &n);
    struct csv_record record;
    enum csv_got got;

    show_cells(columns, n, out);
    while ((got = csv_next(r, &record, err)) < CSV_END) {
        buf_printf(out, "%ld", record.line);
        if (got == CSV_ROW) {
            buf_putc(out, ':');
            show_cells(record.cells, n, out);
        } else if (record.later) {
            buf_puts(out, "?$");
        } else {
            buf_printf(out, "!%s$", record.message);
        }
    }
    assert_int_equal(got, csv_next(r, &record, err));
    if (got == CSV_FAILED)
        buf_printf(out, "failed: %s", err->text);
}

static void expect(const struct csv_options *options, const char *want)
{
    struct error err;
    struct buf out = {0};
    struct csv_reader *r = csv_open(options, &err);

    if (r)
        show(r, &out, &err);
    else
        buf_puts(&out, strncmp(err.text, folder, strlen(folder)) == 0
                           ? err.text + strlen(folder) + 1
                           : err.text);
    csv_close(r);
    bool same = strcmp(buf_text(&out), want) == 0;
    if (!same)
        print_error("in pieces of %zu: %s\n not %s\n", options->chunk,
            buf_text(&out), want);
    buf_free(&out);
    assert_true(same);
}

static const size_t chunks[] = {0, 16, 17, 18, 19, 20, 21, 23, 29, 31, 64};

static void expect_pieces(struct csv_options options, const char *want)
{
    for (size_t i = 0; i < COUNT(chunks); i++) {
        options.chunk = chunks[i];
        expect(&options, want);
    }
}

struct sample {
    const char *text;
    size_t len;
    const char *want;
};

static void expect_samples(
    const struct sample *samples, size_t n, struct csv_options options)
{
    for (size_t i = 0; i < n; i++) {
        options.path = put(samples[i].text, samples[i].len);
        expect_pieces(options, samples[i].want);
    }
}

/* What RFC 4180 says, and its files with CRLF. */
static const struct sample plain[] = {
    {TEXT("a,b\n1,2\n"), "a^b$2:1^2$"},
    {TEXT("a,b\r\n1,2\r\n3,4\r\n"), "a^b$2:1^2$3:3^4$"},
    {TEXT("a,b\n1,2"), "a^b$2:1^2$"},
    {TEXT("a,b\n"), "a^b$"},
    {TEXT("a,b"), "a^b$"},
    {TEXT("a\n1\n\n2\n"), "a$2:1$4:2$"},
    {TEXT("\r\n  \n a , b \n\t\n1,2\n"), "a^b$5:1^2$"},
    {TEXT("a,b,c\n1,\"\",\"\"\n,,\n"), "a^b^c$2:1^^$"},
    {TEXT("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n"), "a^b$2:x, y^say \"hi\"$"},
    {TEXT("a,b\n\"1\n2\n\n3\",4\n5,6\n"), "a^b$2:1\n2\n\n3^4$6:5^6$"},
    {TEXT("a,b\r\n\"1\r\n2\",\"3\r4\"\r\n5,6\r\n"), "a^b$2:1\r\n2^3\r4$4:5^6$"},
    {TEXT("\"a\nb\",\"c,d\"\n1,2\n"), "a\nb^c,d$3:1^2$"},
    {TEXT("\xEF\xBB\xBF"
          "a,b\n1,2\n"),
        "a^b$2:1^2$"},
    {TEXT("\xEF\xBB\xBF\"a\",b\n1,2\n"), "a^b$2:1^2$"},
    {TEXT("a,b\nğüş,İıçö €\n"), "a^b$2:ğüş^İıçö €$"},
    {TEXT("ürün,b\n\"\xF0\x9F\x93\xA6\",2\n"), "ürün^b$2:\xF0\x9F\x93\xA6^2$"},
};

static void test_plain(void **state)
{
    (void)state;
    expect_samples(plain, COUNT(plain), (struct csv_options){0});
}

#define AMBIGUOUS                                                              \
    "lines.csv:1: cannot tell the separator from the header: say csv.rows{ "   \
    "path = …, separator = \";\" }"

static const struct sample separated[] = {
    {TEXT("a;b\n1,5;2\n"), "a^b$2:1,5^2$"},
    {TEXT("a\tb\n1\t2\n\t\n"), "a^b$2:1^2$"},
    {TEXT("a|b\n1|2\n"), "a^b$2:1^2$"},
    {TEXT("a,b;c;d\n1;2;3\n"), "a,b^c^d$2:1^2^3$"},
    {TEXT("\"a,b,c\";d\n1;2\n"), "a,b,c^d$2:1^2$"},
    {TEXT("\"a\"\",\";\"b,\nc,\"\n1;2\n"), "a\",^b,\nc,$3:1^2$"},
    {TEXT(" \"a,,\";b\n1;2\n"), "a,,^b$2:1^2$"},
    {TEXT("5\",a\n1,2\n"), "5\"^a$2:1^2$"},
    {TEXT("x,\"a\"b\"c;d;e\n1;2;3\n"), "x,\"a\"b\"c^d^e$2:1^2^3$"},
    {TEXT("\t\t\na,b\n1,2\n"), "a^b$3:1^2$"},
    {TEXT("a,b;c\n1,2\n"), AMBIGUOUS},
};

static void test_separators(void **state)
{
    (void)state;
    expect_samples(separated, COUNT(separated), (struct csv_options){0});
    put(TEXT("a,b;c\n1,2;3\n"));
    expect_pieces(
        (struct csv_options){.path = path_of("lines.csv"), .separator = ';'},
        "a,b^c$2:1,2^3$");
    put(TEXT("a,\"b;c\n1;2\n3;4\"\n"));
    expect_pieces(
        (struct csv_options){.path = path_of("lines.csv"), .separator = ';'},
        "a,\"b^c$2:1^2$3:3^4\"$");
    put(TEXT("a:\"b:\"\n1:2\n"));
    expect_pieces(
        (struct csv_options){.path = path_of("lines.csv"), .separator = ':'},
        "a^b:$2:1^2$");
}

static const struct sample trimmed[] = {
    {TEXT("a , b\n 1 2\t, 3 \n\" 4 \" , \"5\" \n"), "a^b$2:1 2^3$3: 4 ^5$"},
};

static const struct sample kept[] = {
    {TEXT("a, \"b\n1,2\n"), "a^ \"b$2:1^2$"},
    {TEXT("a, b\n 1 2\t, 3 \n\" 4 \",5\n \"6\",7\n"),
        "a^ b$2: 1 2\t^ 3 $3: 4 ^5$4: \"6\"^7$"},
};

static void test_trim(void **state)
{
    (void)state;
    expect_samples(trimmed, COUNT(trimmed), (struct csv_options){0});
    expect_samples(kept, COUNT(kept), (struct csv_options){.keep_space = true});
}

#define BEHIND_FROM(line, from)                                                \
    "text behind the closing quote of a cell in line " line                    \
    " (a quote inside a quoted cell is written twice)" from "$"
#define BEHIND(line) BEHIND_FROM(line, "")
#define RETURN       "a carriage return outside quotes: lines end with LF or CRLF"
#define HINT         "): say csv.rows{ path = …, encoding = \"windows-1254\" }"

/* A row that cannot be used is told with its line, and those around it come
 * as if it were not there. */
static const struct sample bad[] = {
    {TEXT("a,b\n1\n2,3\n4,5,6\n7,8\n"),
        "a^b$2!1 column, the header has 2$3:2^3$"
        "4!3 columns, the header has 2$5:7^8$"},
    {TEXT("a,b\n\"1\n\n1\"\n2,3\n"),
        "a^b$2!1 column, the header has 2; a quoted cell goes from line 2 to "
        "line 4$5:2^3$"},
    {TEXT("a,b\n\"1\"x,2\n3,4\n"), "a^b$2!" BEHIND("2") "3:3^4$"},
    {TEXT("a,b\n1,\"2\n3,4\n5,\"6\n7,8\n"),
        "a^b$2!" BEHIND_FROM(
            "4", "; a quoted cell goes from line 2 to line 4") "5:7^8$"},
    {TEXT("a,b\n\"1\"x,\"2\n3,4\n"), "a^b$2!" BEHIND("2") "3:3^4$"},
    {TEXT("a,b\n\"1\" \"x\",2\n3,4\n"), "a^b$2!" BEHIND("2") "3:3^4$"},
    {TEXT("a,b\n\"1\"x"), "a^b$2!" BEHIND("2")},
    {TEXT("a,b\nPIPE 5\",12\" x 3\"\n3,4\n"),
        "a^b$2:PIPE 5\"^12\" x 3\"$3:3^4$"},
    {TEXT("a,b\n1,2\r3,4\n5,6\n"), "a^b$2!" RETURN "$3:5^6$"},
    {TEXT("a,b\n1,2\r3,4"), "a^b$2!" RETURN "$"},
    {TEXT("a,b\n1,2\r\"3,4\n5,6\n"), "a^b$2!" RETURN "$3:5^6$"},
    {TEXT("a,b\n1,2\r\"3"), "a^b$2!" RETURN "$"},
    {TEXT("a,b\n1,2\r\r\n5,6\r"), "a^b$2:1^2$3:5^6$"},
    {TEXT("a,b\n1,\0\n3,4\n"), "a^b$2!a NUL byte in column \"b\"$3:3^4$"},
    {TEXT("a,b\n1234567890123456,x\0y\n3,4\n"),
        "a^b$2!a NUL byte in column \"b\"$3:3^4$"},
    {TEXT("a,ad\n1,Say\xFDn\n3,4\n"),
        "a^ad$2!not UTF-8 (byte 0xFD in column \"ad\"" HINT "$3:3^4$"},
    {TEXT("a,ad\n\xC4,\xB1\n3,4\n"),
        "a^ad$2!not UTF-8 (byte 0xC4 in column \"a\"" HINT "$3:3^4$"},
    {TEXT("a,b\n1,\"2\n3,4\n"),
        "a^b$2!the quoted cell that begins here does not end$"},
    {TEXT("a,b\n\"1\n2\n\",\"2\n3,4\n"),
        "a^b$4!the quoted cell that begins here does not end$"},
};

static void test_bad_rows(void **state)
{
    (void)state;
    expect_samples(bad, COUNT(bad), (struct csv_options){0});
}

static const struct sample bad_headers[] = {
    {TEXT(""), "lines.csv has no header: its first line must name the "
               "columns"},
    {TEXT("\r\n \n"), "lines.csv has no header: its first line must name "
                      "the columns"},
    {TEXT("\xEF\xBB\xBF"), "lines.csv has no header: its first line must "
                           "name the columns"},
    {TEXT("\na,b,a\n1,2,3\n"),
        "lines.csv:2: columns 1 and 3 have the same name, \"a\""},
    {TEXT("a,\"b\n1,2\n"), "lines.csv:1: a quote in the header does not end"},
    {TEXT("a,\"b\"c\n1,2\n"),
        "lines.csv:1: text behind the closing quote of a name"},
    {TEXT("a,b\r1,2\r3,4\r"), "lines.csv:1: " RETURN},
    {TEXT("a,\r\"b\n1,2\n"), "lines.csv:1: " RETURN},
    {TEXT("a,\xFD\n1,2\n"),
        "lines.csv:1: not UTF-8 (byte 0xFD in column 2" HINT},
    {TEXT("a\0,\0b\0"), "lines.csv:1: a NUL byte in column 1 (if this is "
                        "UTF-16, say encoding = \"UTF-16LE\")"},
};

static void test_bad_headers(void **state)
{
    (void)state;
    expect_samples(bad_headers, COUNT(bad_headers), (struct csv_options){0});
}

static void test_long_header(void **state)
{
    (void)state;
    put(TEXT("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\n"));
    expect_pieces(
        (struct csv_options){.path = path_of("lines.csv"), .cell_max = 50},
        "lines.csv:1: the header has not ended after 50 bytes: is this a CSV "
        "file with LF or CRLF line ends?");
}

/* In names the file's text is cut and cannot break the line. */
static void test_names_in_messages(void **state)
{
    (void)state;
    put(TEXT("\"a\nb\x1B[0m\\\x7F\xC2\x85\","
             "ğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğ\n"
             "\xFF,1\n1,\xFF\n"));
    expect_pieces((struct csv_options){.path = path_of("lines.csv")},
        "a\nb\x1B[0m\\\x7F\xC2\x85^"
        "ğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğ$"
        "3!not UTF-8 (byte 0xFF in column "
        "\"a\\nb\\x1B[0m\\\\\\x7F\\xC2\\x85\"" HINT "$"
        "4!not UTF-8 (byte 0xFF in column "
        "\"ğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğ…\"" HINT "$");
}

/* An open quote takes no more than it may, counted from where it began. */
static void test_quote_that_does_not_end(void **state)
{
    static const char by_lines[] =
        "a,b\n\"1\n2\n3\",4\n\"x\ny\",\"5\n6\n7\n8\n9\n\"\n";

    (void)state;
    put(TEXT(by_lines));
    expect_pieces(
        (struct csv_options){.path = path_of("lines.csv"), .cell_lines = 4},
        "a^b$2:1\n2\n3^4$6!the quoted cell that begins here has not ended "
        "after 4 lines: the rest of the file is not read$");
    expect_pieces(
        (struct csv_options){.path = path_of("lines.csv"), .cell_lines = 5},
        "a^b$2:1\n2\n3^4$6!the quoted cell that begins here has not ended "
        "after 5 lines: the rest of the file is not read$");
    expect_pieces(
        (struct csv_options){.path = path_of("lines.csv"), .cell_lines = 6},
        "a^b$2:1\n2\n3^4$5:x\ny^5\n6\n7\n8\n9\n$");
}

struct swallowed {
    const char *text;
    size_t cell;
    long line, ends;
};

/* Of the record behind the header. */
static const struct swallowed swallowed[] = {
    {"a,b\n1,5\"\n", 0, 0, 0},
    {"a,b\n\"1\",\"2\"\n", 0, 2, 0},
    {"a,b\n\n \"1\n2\",\"2\n\n\n3\"\n", 1, 4, 3},
    {"a,b\n\"1\n2\",\"3\n4\"\n", 0, 2, 1},
    {"a,b\n1,\"2\n3,4\n5,\"6\n7,8\n", 1, 2, 2}, // a stray quote
    {"a,b\n1\n", 0, 0, 0},
    {"a,b\n\"1,2\n3,4\n\"\n", 0, 2, 2},
    {"a,b\n1,\"2\n3,4\n5", 1, 2, 2}, // does not end
    {"a,b\n1,\"2\n3,4\n", 1, 2, 2},
    {"a,b\n1,\"2\n3\n4\n5\n6\n7\n\"\n", 1, 2, 5},     // more than cell_lines
    {"a,b\n1,\"2\n3456789012345678901\"\n", 1, 2, 1}, // than cell_max
    {"\"a\n\",b\n1,2\n", 0, 0, 0},
};

static void test_what_a_quote_took(void **state)
{
    struct csv_record record;
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(swallowed) * COUNT(chunks); i++) {
        const struct swallowed *s = &swallowed[i / COUNT(chunks)];
        const struct csv_options options = {
            .path = put(s->text, strlen(s->text)),
            .chunk = chunks[i % COUNT(chunks)],
            .cell_lines = 5,
            .cell_max = 20};
        struct csv_reader *r = csv_open(&options, &err);
        assert_non_null(r);
        assert_true(csv_next(r, &record, &err) < CSV_END);
        assert_int_equal(record.quote.cell, s->cell);
        assert_int_equal(record.quote.line, s->line);
        assert_int_equal(record.quote.ends, s->ends);
        csv_close(r);
    }
}

static void test_cell_too_long(void **state)
{
    (void)state;
    put(TEXT("a,b\n1,2\n\"x\n\",\"12345678901\n23456789\"\n3,4\n"));
    expect_pieces(
        (struct csv_options){.path = path_of("lines.csv"), .cell_max = 19},
        "a^b$2:1^2$4!the cell that begins here has more than 19 bytes (is a "
        "quote missing?): the rest of the file is not read$");
    expect_pieces(
        (struct csv_options){.path = path_of("lines.csv"), .cell_max = 20},
        "a^b$2:1^2$3:x\n^12345678901\n23456789$6:3^4$");
}

/* The limits as they are without options: 1,000 lines, 1 MiB. */
/* What looks like rows in there is the text of a cell. */
static void test_cell_without_memory(void **state)
{
    struct account account = {.most = 216 << 10};
    struct buf file = {0};

    (void)state;
    buf_puts(&file, "item,code\n1,\"");
    for (int i = 0; i < 500; i++)
        buf_printf(&file, "46761,%0100d\n", i);
    buf_puts(&file, "\",x\n3,C\n");
    expect(&(struct csv_options){.path = put(file.data, file.len),
               .account = &account},
        "item^code$2!memory: this row needs more than the 216K of profile.lua "
        "(memory); a quoted cell goes from line 2 to line 502$503:3^C$");
    assert_int_equal(account.used, 0);
    buf_free(&file);
}

static void test_usual_limits(void **state)
{
    struct buf text = {0};
    const struct csv_options options = {.path = path_of("lines.csv")};

    (void)state;
    buf_puts(&text, "a,b\n1,\"2\n");
    for (int i = 0; i < 998; i++)
        buf_puts(&text, "x\n");
    size_t len = text.len;
    buf_puts(&text, "\"\n3,\"4\n");
    for (int i = 0; i < 2000; i++)
        buf_puts(&text, "5,6\n");
    put(text.data, text.len);
    struct error err;
    struct csv_record record;
    struct csv_reader *r = csv_open(&options, &err);
    assert_non_null(r);
    assert_int_equal(csv_next(r, &record, &err), CSV_ROW);
    assert_int_equal(csv_next(r, &record, &err), CSV_BAD);
    assert_int_equal(record.line, 1002);
    assert_non_null(strstr(record.message, "not ended after 1000 lines"));
    assert_int_equal(csv_next(r, &record, &err), CSV_END);
    assert_false(csv_unchanged(r, &err));
    assert_non_null(strstr(err.text, "lines.csv:1002: the quoted cell"));
    csv_close(r);

    text.len = len;
    for (int i = 0; i < 1024 * 1024; i++)
        buf_putc(&text, 'x');
    put(text.data, text.len);
    r = csv_open(&options, &err);
    assert_non_null(r);
    assert_int_equal(csv_next(r, &record, &err), CSV_BAD);
    assert_int_equal(record.line, 2);
    assert_non_null(strstr(record.message, "more than 1048576 bytes"));
    assert_int_equal(csv_next(r, &record, &err), CSV_END);
    csv_close(r);
    buf_free(&text);
}

struct decoded {
    const char *encoding;
    const char *text;
    size_t len;
    const char *want;
};

static const struct decoded encoded[] = {
    {"windows-1254", TEXT("ad;\xFEube\r\nSay\xFDn \xDD\xF0;\x80\r\n"),
        "ad^şube$2:Sayın İğ^€$"},
    {"windows-1254", TEXT("ad;b\n1;\x81\n2;3\n\"\x8D;\n\";4\n5;6\n"),
        "ad^b$2!not windows-1254 (byte 0x81 in column \"b\")$3:2^3$"
        "4!not windows-1254 (byte 0x8D in column \"ad\"); a quoted cell goes "
        "from line "
        "4 to line 5$6:5^6$"},
    {"ISO-8859-9", TEXT("a\nG\xFCzel\n"), "a$2:Güzel$"},
    {"utf8", TEXT("a\nG\xC3\xBCzel\n\xFD\n"),
        "a$2:Güzel$3!not utf8 (byte 0xFD in column \"a\")$"},
    {"UTF-8",
        TEXT("\xEF\xBB\xBF"
             "a\nb\n"),
        "a$2:b$"},
    {"UTF-16LE",
        TEXT("\xFF\xFE"
             "a\0;\0\x31\x01\n\0"
             "1\0;\0\x31\x01\n\0"),
        "a^ı$2:1^ı$"},
    {"UTF-16LE",
        TEXT("a\0;\0\x31\x01\r\0\n\0"
             "1\0;\0\0\xD8\n\0"
             "2\0;\0"
             "3\0\n\0"),
        "a^ı$2!not UTF-16LE (byte 0x00 in column \"ı\")$3:2^3$"},
    {"utf-16", TEXT("\xFE\xFF\0a\0\n\x01\x31\0\n"), "a$2:ı$"},
    {"UTF-16LE", TEXT("a\0\n\0b\0\n"),
        "a$2!not UTF-16LE (byte 0x0A in column \"a\")$"},
    {"CP1258", TEXT("a\nc\xECo"), "a$2:ćo$"},
    {"windows-1254",
        TEXT("\xEF\xBB\xBF"
             "a\nb\n"),
        "cannot read PATH as windows-1254: it begins with a UTF-8 mark; "
        "leave encoding out"},
    {"windows-1254",
        TEXT("\xFF\xFE"
             "a\0"),
        "cannot read PATH as windows-1254: it is UTF-16; export it as UTF-8, "
        "or say encoding = \"UTF-16LE\""},
    {NULL, TEXT("\xFE\xFF\0a"),
        "cannot read PATH as UTF-8: it is UTF-16; export it as UTF-8, or say "
        "encoding = \"UTF-16BE\""},
    {"windows-9999", TEXT("a\n"),
        "cannot read PATH: unknown encoding \"windows-9999\" (iconv -l "
        "lists them; a Turkish Windows writes \"windows-1254\")"},
    {"", TEXT("a\n"),
        "cannot read PATH: unknown encoding \"\" (iconv -l lists them; a "
        "Turkish Windows writes \"windows-1254\")"},
    {"ASCII//IGNORE", TEXT("a\n"),
        "cannot read PATH: unknown encoding \"ASCII//IGNORE\" (iconv -l lists "
        "them; a Turkish Windows writes \"windows-1254\")"},
};

static void test_encodings(void **state)
{
    char want[600];

    (void)state;
    for (size_t i = 0; i < COUNT(encoded); i++) {
        const struct decoded *d = &encoded[i];
        const char *hole = strstr(d->want, "PATH");
        const char *path = put(d->text, d->len);
        snprintf(want, sizeof want, "%.*s%s%s",
            (int)(hole ? hole - d->want : 0), d->want, hole ? path : d->want,
            hole ? hole + 4 : "");
        expect_pieces(
            (struct csv_options){.path = path, .encoding = d->encoding}, want);
    }
}

/* Any bytes are windows-1254: text that is UTF-8 throughout is not. */
static void test_utf8_read_as_another(void **state)
{
    static const char text[] = "a;b\n1;\xC4\xB0ST-1201\n2;\xC5\x9Ei\n";
    struct csv_options o = {
        .path = put(TEXT(text)), .encoding = "windows-1254"};
    struct csv_record record;
    struct error err;

    (void)state;
    assert_null(csv_open(&o, &err));
    assert_non_null(strstr(err.text, "lines.csv as windows-1254: it is UTF-8; "
                                     "leave encoding out"));
    o.encoding = "ISO-8859-9";
    assert_null(csv_open(&o, &err));
    /* Far behind the header. */
    struct buf file = {0};
    buf_puts(&file, "a;b\n");
    for (int i = 0; i < 20000; i++)
        buf_puts(&file, "1;2\n");
    buf_puts(&file, "3;\xC3\xA7\n");
    o.path = put(file.data, file.len);
    struct csv_reader *r = csv_open(&o, &err);
    assert_non_null(r);
    enum csv_got got;
    while ((got = csv_next(r, &record, &err)) == CSV_ROW)
        assert_memory_equal(record.cells[0].text, "1", 1);
    assert_int_equal(got, CSV_FAILED);
    assert_non_null(strstr(err.text, "it is UTF-8"));
    csv_close(r);
    buf_free(&file);
    /* One letter before another is enough: no UTF-8 has that. */
    o.path = put(TEXT("ad;b\nA\xC4\xB0;\xFE\xFD\n"));
    r = csv_open(&o, &err);
    assert_non_null(r);
    csv_close(r);
}

#define NO_CSV(name, text, words)                                              \
    {                                                                          \
        TEXT(text), "cannot read PATH: it is " words                           \
    }

static const struct sample kinds[] = {
    NO_CSV("xlsx", "PK\003\004\024\0\006\0 [Content_Types].xml",
        "a workbook (.xlsx): save it as CSV"),
    NO_CSV("ods",
        "PK\003\004\024\0 mimetypeapplication/vnd.oasis.opendocument."
        "spreadsheet",
        "a workbook (.ods): save it as CSV"),
    NO_CSV("zip", "PK\003\004\024\0\0\0 lines.csv",
        "a zip archive or a workbook, not a CSV file: unpack it, or save it "
        "as CSV"),
    NO_CSV("xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0",
        "a workbook (.xls): save it as CSV"),
    NO_CSV("gz", "\x1F\x8B\x08\0", "packed by gzip: unpack it"),
    NO_CSV("pdf", "%PDF-1.7\n", "a PDF, not a CSV file"),
    NO_CSV("rtf", "{\\rtf1\\ansi", "a text document (.rtf), not a CSV file"),
    NO_CSV(
        "html", "\r\n<!DOCTYPE HTML>\n<html>", "an HTML page, not a CSV file"),
    NO_CSV("xls that is html", "\xEF\xBB\xBF<table><tr>",
        "an HTML page, not a CSV file"),
    NO_CSV("xml", "<?xml version=\"1.0\"?><orders/>", "XML, not a CSV file"),
    NO_CSV("json", "[{\"item\":1}]", "JSON, not a CSV file"),
    NO_CSV("json", " {\"value\":[]}", "JSON, not a CSV file"),
};

static const struct sample wide[] = {
    {TEXT("i\0t\0e\0m\0;\0c\0\n\0"),
        "cannot read PATH as UTF-8: it is UTF-16; export it as UTF-8, or say "
        "encoding = \"UTF-16LE\""},
    {TEXT("\0i\0t\0e\0m\0;\0c\0\n"),
        "cannot read PATH as UTF-8: it is UTF-16; export it as UTF-8, or say "
        "encoding = \"UTF-16BE\""},
};

static void refuses(const struct sample *samples, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct sample *s = &samples[i];
        struct csv_options o = {.path = put(s->text, s->len)};
        struct error err;
        char want[300];

        assert_null(csv_open(&o, &err));
        const char *hole = strstr(s->want, "PATH");
        snprintf(want, sizeof want, "%.*s%s%s", (int)(hole - s->want), s->want,
            o.path, hole + 4);
        assert_string_equal(err.text, want);
    }
}

static void test_no_csv(void **state)
{
    (void)state;
    refuses(kinds, COUNT(kinds));
    refuses(wide, COUNT(wide));
    /* Near one of them. */
    put(TEXT("<item>;code\n1;2\n"));
    expect_pieces((struct csv_options){.path = path_of("lines.csv")},
        "<item>^code$2:1^2$");
    put(TEXT("PK;code\n1;2\n"));
    expect_pieces(
        (struct csv_options){.path = path_of("lines.csv")}, "PK^code$2:1^2$");
}

/* What writers put between the rows is none. */
static const struct sample between[] = {
    {TEXT("sep=;\r\na;b\r\n1;2,5\r\n"), "a^b$3:1^2,5$"},
    {TEXT("\"sep=;\"\na;b\n1;2\n"), "a^b$3:1^2$"},
    {TEXT("SEP=\t\na\tb\n1\t2\n"), "a^b$3:1^2$"},
    {TEXT("sep=;;;\na;b;\n1;2;\n"), "a^b$3:1^2$"},
    {TEXT("sep=:\na:b,c\n1:2\n"), "a^b,c$3:1^2$"},
    {TEXT("\xEF\xBB\xBFsep=,\na,b\n1,2\n"), "a^b$3:1^2$"},
    {TEXT("sep;a\nsep=1;2\n"), "sep^a$2:sep=1^2$"},
    {TEXT("a;b;;\n1;2;;\n3;4\n5;6;7\n"),
        "a^b$2:1^2$3:3^4$4!3 columns, the header has 2$"},
    {TEXT("a;b\n1;2;;;\n3;4;\n5;6;;x\n"),
        "a^b$2:1^2$3:3^4$4!4 columns, the header has 2$"},
    {TEXT("a;b\n1;2;  ; \n"), "a^b$2:1^2$"},
    {TEXT(";a\n0;1\n"), "^a$2:0^1$"}, // one column may have no name
    {TEXT("a;;;b\n1;;;2\n3;x;;4\n"),
        "a^^^b$2:1^^^2$3!column 2 has a text here and no name in the header$"},
    {TEXT("a;b;c\n;;\n1;2;3\n ; ;\n;;;;;\n"), "a^b^c$3:1^2^3$"},
    {TEXT("a;b\n\"\";\"\"\n1;2\n"), "a^b$3:1^2$"},
    {TEXT("a\n\"\"\n1\n"), "a$2:$3:1$"},
    {TEXT("a;b\n1;2\n\x1A"), "a^b$2:1^2$"},
    {TEXT("a;b\n1;2\n\x1A\n"), "a^b$2:1^2$"},
    {TEXT("a;b\n1;2\x1A"), "a^b$2:1^2$"},
    {TEXT("a;b\n1;\"2\"\n\x1A\r\n"), "a^b$2:1^2$"},
    {TEXT("a;b\n1;\x1A"), "a^b$2:1^$"},
    {TEXT("a;b\n--;--\n1;2\n\n(1 rows affected)\n"), "a^b$3:1^2$"},
    {TEXT("a;b\n-;----\n1;2\n(2 sat\xC4\xB1r etkilendi)\n"), "a^b$3:1^2$"},
    {TEXT(" a | b \n---+---\n 1 | 2\n(1 row)\n\n"), "a^b$3:1^2$"},
    {TEXT("a;b\n1;2\n\n2 rows selected.\n"), "a^b$2:1^2$"},
    {TEXT("a;b\n1;2\n-;-\n"), "a^b$2:1^2$3:-^-$"},
    {TEXT("a;b\n1;2\n2 more\n"), "a^b$2:1^2$3!1 column, the header has 2$"},
    {TEXT("a\n(2 rows)\n"), "a$2:(2 rows)$"},
    {TEXT("List of orders\na,b\n1,2\n"),
        "List of orders$2!2 columns, the header has 1 (is it a title? skip = 1 "
        "goes past it)$3!2 columns, the header has 1 (is it a title? skip = 1 "
        "goes past it)$"},
};

static void test_between_rows(void **state)
{
    (void)state;
    expect_samples(between, COUNT(between), (struct csv_options){0});
}

static void test_skip(void **state)
{
    const char *path = put(TEXT("Orders \"of\n\n2026\na;b\n1;2\n"));

    (void)state;
    expect_pieces((struct csv_options){.path = path, .skip = 3}, "a^b$5:1^2$");
    expect_pieces((struct csv_options){.path = path, .skip = 5},
        "lines.csv has no header: its first line must name the columns");
}

static void test_header_given(void **state)
{
    static const struct csv_cell names[] = {{TEXT("item")}, {TEXT("code")}};
    struct csv_options o = {.header = names, .header_n = COUNT(names)};

    (void)state;
    o.path = put(TEXT("1;A\n2;B\n"));
    expect_pieces(o, "item^code$1:1^A$2:2^B$");
    o.path = put(TEXT("\n1;2;3\n2;B\n"));
    expect_pieces(o, "item^code$2!3 columns, the header has 2$3:2^B$");
    o.path = put(TEXT("1;\"A\nB\"\n2;B"));
    expect_pieces(o, "item^code$1:1^A\nB$3:2^B$");
    o.path = put(TEXT("1;\"A\n2;B"));
    expect_pieces(
        o, "item^code$1!the quoted cell that begins here does not end$");
    o.path = put(TEXT("1;A"));
    expect_pieces(o, "item^code$1:1^A$");
    o.path = put(TEXT("\n \n"));
    expect_pieces(o, "item^code$");
    o.path = put(TEXT("title\nsep=|\n1|A\n"));
    o.skip = 1;
    expect_pieces(o, "item^code$3:1^A$");
    o.path = put(TEXT("1;A\xFD\n2;B\n"));
    o.skip = 0;
    expect_pieces(o,
        "item^code$1!not UTF-8 (byte 0xFD in column \"code\"" HINT "$2:2^B$");
}

static const struct sample guarded[] = {
    {TEXT("a,b\n=\"0012\",'034\n\"=\"\"0012\"\"\",\"'034\"\n"),
        "a^b$2:0012^034$3:0012^034$"},
    {TEXT("a,b\n=\"\",'\n=1+1,'x1\n=\"a,'1'\n"),
        "a^b$2:^'$3:=1+1^'x1$4:=\"a^'1'$"},
};

static void test_guards(void **state)
{
    (void)state;
    expect_samples(guarded, COUNT(guarded), (struct csv_options){0});
}

#define SWALLOWED(column)                                                      \
    "a quote in column \"" column                                              \
    "\" takes lines with it that look like rows of this file. If it is text, " \
    "say csv.rows{ path = …, quote = false }; a quoted cell goes from line "

static const struct sample stray[] = {
    {TEXT("item;name;code\n1;\"Deluxe;A\n2;Plain;B\n3;Pipe 5\";C\n4;x;D\n"),
        "item^name^code$2!" SWALLOWED("name") "2 to line 4$5:4^x^D$"},
    {TEXT("item;name;code\n1;\"Deluxe;A\n2;5\";B\n"),
        "item^name^code$2!" SWALLOWED("name") "2 to line 3$"},
    {TEXT("name,item\n\"Deluxe,1\n5\",2\n3,4\n"),
        "name^item$2!" SWALLOWED("name") "2 to line 3$4:3^4$"},
    {TEXT("item,name\r\n1,\"Deluxe\r\n2,5\"\r\n"),
        "item^name$2!" SWALLOWED("name") "2 to line 3$"},
    {TEXT("item;qty;note;code\n1;2;\"a;A\n2;1,5;\"\"x\"\";B\n3;1;c\";C\n"),
        "item^qty^note^code$2!" SWALLOWED("note") "2 to line 4$"},
    /* Texts of several lines. */
    {TEXT("item;note;code\n1;\"two\nlines\";A\n"),
        "item^note^code$2:1^two\nlines^A$"},
    {TEXT("item,note,code\n1,\"Hello, world\nbye, all\",A\n"),
        "item^note^code$2:1^Hello, world\nbye, all^A$"},
    {TEXT("item,note\n1,\"Hello\nbye, all\"\n"),
        "item^note$2:1^Hello\nbye, all$"},
    {TEXT("item;note\n1;\"a\n\n2\"\n"), "item^note$2:1^a\n\n2$"},
    {TEXT("note\n\"a\nb\"\n"), "note$2:a\nb$"},
};

static void test_stray_quote(void **state)
{
    (void)state;
    expect_samples(stray, COUNT(stray), (struct csv_options){0});
    expect_samples((const struct sample[]){{TEXT("item;name;code\n1;\"De;A\n"
                                                 "2;5\";B\n"),
                       "item^name^code$2:1^\"De^A$3:2^5\"^B$"}},
        1, (struct csv_options){.no_quotes = true});
    expect_samples(
        (const struct sample[]){{TEXT("\"a;b\n\"1\";2\n"), "\"a^b$2:\"1\"^2$"}},
        1, (struct csv_options){.no_quotes = true});
}

struct young {
    const char *text;
    const char *then; // while the file is young
    const char *settled;
};

static const struct young young[] = {
    {"a,b\n1,2\n3,4", "a^b$2:1^2$3?$", "a^b$2:1^2$3:3^4$"},
    {"a,b\n1,2\n3", "a^b$2:1^2$3?$", "a^b$2:1^2$3!1 column, the header has 2$"},
    {"a,b\n1,2\n", "a^b$2:1^2$", "a^b$2:1^2$"},
    {"a,b\n1,2\n3,\"4\n5", "a^b$2:1^2$3?$",
        "a^b$2:1^2$3!the quoted cell that begins here does not end$"},
    {"a,b\n1,\"2\"x", "a^b$2?$", "a^b$2!" BEHIND("2")},
    {"a,b\n1,2\n\n", "a^b$2:1^2$", "a^b$2:1^2$"},
    {"a,b\n1,\"2\n", "a^b$2!the quoted cell that begins here does not end$",
        "a^b$2!the quoted cell that begins here does not end$"},
    {"a,b", "a^b$1?$", "a^b$"},
    {"\na,b", "a^b$2?$", "a^b$"},
    {"a,b\n1,2\n,", "a^b$2:1^2$3?$", "a^b$2:1^2$"},
    {"a,b\n1,2\n\x1A", "a^b$2:1^2$", "a^b$2:1^2$"}, // nobody writes on
    {"a,b\n1,2\n3,4\x1A", "a^b$2:1^2$3:3^4$", "a^b$2:1^2$3:3^4$"},
};

static void test_later(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(young); i++) {
        struct csv_options o = {
            .path = put(young[i].text, strlen(young[i].text)),
            .now_ms = OLD * INT64_C(1000) + 59999};
        expect_pieces(o, young[i].then);
        o.now_ms = OLD * INT64_C(1000) - 5;
        expect_pieces(o, young[i].then);
        o.now_ms = OLD * INT64_C(1000) - 60000; // by another clock
        expect_pieces(o, young[i].settled);
        o.now_ms = OLD * INT64_C(1000) + 60000;
        expect_pieces(o, young[i].settled);
        o.settle_ms = 60001;
        expect_pieces(o, young[i].then);
    }
}

static void test_later_says_why(void **state)
{
    struct csv_options o = {
        .path = put(TEXT("a,b\n1,2")), .now_ms = OLD * INT64_C(1000) + 12345};
    struct csv_record record;
    struct error err;
    struct csv_reader *r = csv_open(&o, &err);

    (void)state;
    assert_non_null(r);
    assert_int_equal(csv_next(r, &record, &err), CSV_BAD);
    assert_string_equal(record.message,
        "the last line has no line end and the file was changed 12 s ago: "
        "somebody may still be writing it");
    csv_close(r);
}

static void test_no_file(void **state)
{
    struct error err;

    (void)state;
    assert_null(
        csv_open(&(struct csv_options){.path = "/nowhere/lines.csv"}, &err));
    assert_string_equal(
        err.text, "cannot open /nowhere/lines.csv: No such file or directory");
    assert_null(csv_open(&(struct csv_options){.path = "/tmp"}, &err));
    assert_string_equal(err.text,
        "cannot open /tmp: it is a folder, and a file is needed here");
}

/* It could show what the program keeps to itself. */
static void test_kernels(void **state)
{
    struct error err;

    (void)state;
    assert_null(
        csv_open(&(struct csv_options){.path = "/proc/self/mem"}, &err));
    assert_string_equal(err.text,
        "cannot open /proc/self/mem: it is the kernel's, and a file is "
        "needed here");
}

static void add(const char *text)
{
    int fd = open(path_of("lines.csv"), O_WRONLY | O_APPEND | O_CLOEXEC, 0600);

    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void expect_changed(const struct csv_reader *r, const char *want)
{
    struct error err;

    assert_false(csv_unchanged(r, &err));
    assert_string_equal(err.text + strlen(folder) + 1, want);
}

static void test_unchanged(void **state)
{
    static char before[81920];
    struct csv_options o = {.path = path_of("lines.csv")};
    struct error err;

    (void)state;
    memset(before, '\n', sizeof before);
    memcpy(before, "a\n", 2);
    put(before, sizeof before);
    struct csv_reader *r = csv_open(&o, &err);
    assert_non_null(r);
    assert_true(csv_unchanged(r, &err));
    add("1\n");
    expect_changed(
        r, "lines.csv grew from 81,920 to 81,922 bytes while it was read");
    assert_int_equal(truncate(o.path, 999), 0);
    expect_changed(
        r, "lines.csv shrank from 81,920 to 999 bytes while it was read");
    assert_int_equal(truncate(o.path, sizeof before), 0);
    expect_changed(r, "lines.csv was changed while it was read");
    put(before, sizeof before);
    assert_true(csv_unchanged(r, &err));
    char other[PATH_SIZE];
    snprintf(other, sizeof other, "%s/other", folder);
    assert_int_equal(rename(o.path, other), 0);
    expect_changed(r, "lines.csv was moved or removed while it was read (No "
                      "such file or directory)");
    put(before, sizeof before);
    expect_changed(
        r, "lines.csv was replaced by another file while it was read");
    unlink(other);
    csv_close(r);
}

/* It could keep the program waiting. */
static void test_pipe(void **state)
{
    int ends[2];
    char path[PATH_SIZE];
    struct error err;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    assert_null(csv_open(&(struct csv_options){.path = path}, &err));
    assert_non_null(strstr(err.text, ": it is a pipe, and a file is needed"));
    close(ends[0]);
    close(ends[1]);
}

static int open_descriptors(void)
{
    int n = 0;

    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static void test_gives_descriptor_back(void **state)
{
    struct csv_options o = {.path = put(TEXT("a\n1\n"))};
    struct csv_record record;
    struct error err;
    int before = open_descriptors();
    struct csv_reader *r = csv_open(&o, &err);

    (void)state;
    assert_non_null(r);
    assert_int_equal(open_descriptors(), before + 1);
    while (csv_next(r, &record, &err) != CSV_END)
        assert_int_equal(open_descriptors(), before + 1);
    assert_int_equal(open_descriptors(), before);
    csv_close(r);
    assert_null(
        csv_open(&(struct csv_options){.path = put(TEXT("a,a\n"))}, &err));
    assert_int_equal(open_descriptors(), before);
}

/* 40 MB pass through; the process grows by next to nothing. */
static void test_constant_memory(void **state)
{
    enum { ROWS = 1000000 };
    int fd = open(path_of("lines.csv"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    FILE *f = fdopen(fd, "w");
    struct csv_options o = {.path = path_of("lines.csv")};
    struct csv_record record;
    struct rusage before, after;
    struct error err;

    (void)state;
    assert_non_null(f);
    fputs("id,code,name\n", f);
    for (int i = 0; i < ROWS; i++)
        fprintf(f, "%d,SO-%d/10,\"some name \"\"%d\"\"\"\n", i, i, i);
    fclose(f);
    struct csv_reader *r = csv_open(&o, &err);
    assert_non_null(r);
    getrusage(RUSAGE_SELF, &before);
    long rows = 0;
    while (csv_next(r, &record, &err) == CSV_ROW)
        rows++;
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(rows, ROWS);
    assert_true(after.ru_maxrss - before.ru_maxrss < 1024);
    csv_close(r);
}

struct number {
    const char *text;
    char point;
    const char *want; // NULL: not a number
};

static const struct number numbers[] = {
    {"0", '.', "0"},
    {" -12 ", '.', "-12"},
    {"+12.50", '.', "12.50"},
    {"1,234.56", '.', "1234.56"},
    {"1.234,56", ',', "1234.56"},
    {"1.234.567", ',', "1234567"},
    {"1,234", '.', "1234"},
    {"1.234", '.', "1.234"},
    {"1.234", ',', "1234"},
    {"1234567,8", ',', "1234567.8"},
    {".5", '.', ".5"},
    {"-,5", ',', "-.5"},
    {"1.5", ',', NULL},
    {"12,34", '.', NULL},
    {"1234,567", '.', NULL},
    {",123", '.', NULL},
    {"1,,234", '.', NULL},
    {"1,234,", '.', NULL},
    {"1.234,567.8", ',', NULL},
    {"0.123", ',', NULL},
    {"01.234", ',', NULL},
    {"1.2.3", '.', NULL},
    {"5.", '.', NULL},
    {".", '.', NULL},
    {"-", '.', NULL},
    {"", '.', NULL},
    {" ", '.', NULL},
    {"--1", '.', NULL},
    {"1 234", '.', NULL},
    {"1E5", '.', NULL},
    {"0x10", '.', NULL},
    {"nan", '.', NULL},
    {"12x", '.', NULL},
    {"1234567890123456789012345678901234567890123456789012345678901234", '.',
        NULL},
};

static void test_numbers(void **state)
{
    char out[CSV_TEXT_NUMBER_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const struct number *n = &numbers[i];
        bool ok = csv_text_number(n->text, strlen(n->text), n->point, out);
        if (ok != (n->want != NULL) || (ok && strcmp(out, n->want) != 0))
            fail_msg("%s with %c: %s", n->text, n->point, ok ? out : "none");
    }
}

struct bytes {
    const char *text;
    size_t len;
    size_t bad;
};

/* Each stands behind 13 plain bytes too, so that whole words are passed. */
static const struct bytes utf8[] = {
    {TEXT("plain"), 5},
    {TEXT("\x7F\x01"), 2},
    {TEXT("a\0b"), 1},
    {TEXT("ş€\xF0\x9F\x93\xA6"), 9},
    {TEXT("\xC0\x80"), 0},
    {TEXT("\xC1\xBF"), 0},
    {TEXT("a\xE0\x9F\xBF"), 1},
    {TEXT("\xED\x9F\xBF"), 3},
    {TEXT("\xED\xA0\x80"), 0},
    {TEXT("\xF0\x8F\xBF\xBF"), 0},
    {TEXT("\xF4\x8F\xBF\xBF"), 4},
    {TEXT("\xF4\x90\x80\x80"), 0},
    {TEXT("\xF5\x80\x80\x80"), 0},
    {TEXT("\xE2\x82"), 0},
    {TEXT("\xE2\x82y"), 0},
    {TEXT("\x80"), 0},
    {TEXT("\xFF"), 0},
};

static void test_utf8(void **state)
{
    char text[64] = "abcdefghijklm";

    (void)state;
    for (size_t i = 0; i < COUNT(utf8); i++) {
        const struct bytes *b = &utf8[i];
        assert_int_equal(csv_text_bad(b->text, b->len), b->bad);
        memcpy(text + 13, b->text, b->len);
        assert_int_equal(csv_text_bad(text, 13 + b->len), 13 + b->bad);
        bool plain_text = i < 2;
        assert_int_equal(csv_text_plain(b->text, b->len), plain_text);
        assert_int_equal(csv_text_plain(text, 13 + b->len), plain_text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_separators),
        cmocka_unit_test(test_trim),
        cmocka_unit_test(test_bad_rows),
        cmocka_unit_test(test_bad_headers),
        cmocka_unit_test(test_long_header),
        cmocka_unit_test(test_names_in_messages),
        cmocka_unit_test(test_quote_that_does_not_end),
        cmocka_unit_test(test_what_a_quote_took),
        cmocka_unit_test(test_cell_too_long),
        cmocka_unit_test(test_cell_without_memory),
        cmocka_unit_test(test_usual_limits),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_utf8_read_as_another),
        cmocka_unit_test(test_no_csv),
        cmocka_unit_test(test_between_rows),
        cmocka_unit_test(test_skip),
        cmocka_unit_test(test_header_given),
        cmocka_unit_test(test_guards),
        cmocka_unit_test(test_stray_quote),
        cmocka_unit_test(test_later),
        cmocka_unit_test(test_later_says_why),
        cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_kernels),
        cmocka_unit_test(test_unchanged),
        cmocka_unit_test(test_pipe),
        cmocka_unit_test(test_gives_descriptor_back),
        cmocka_unit_test(test_constant_memory),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_utf8),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
