#include "report/plan_look.h"

#include <string.h>

enum { CODES_SHOWN = 3, BARE_MAX = 5 };

static const char *plural(int64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

bool plan_look_totals(const struct plan_table *table, struct buf *out)
{
    const struct plan_book *book = table->book;
    const int64_t *n = book->by_would;
    const struct {
        int64_t n;
        const char *one, *many;
    } parts[] = {
        {n[PLAN_RELEASE] + n[PLAN_RESEND], "to release", "to release"},
        {n[PLAN_ALREADY] + n[PLAN_TAKE_BACK], "already released",
            "already released"},
        {book->writes, "would write elsewhere", "would write elsewhere"},
        {n[PLAN_CONFLICT], "in conflict", "in conflict"},
        {n[PLAN_REJECTED], "rejected before", "rejected before"},
        {n[PLAN_UNKNOWN], "unknown", "unknown"},
        {n[PLAN_WAIT], "waits", "wait"},
        {n[PLAN_SKIP], "skipped", "skipped"},
        {n[PLAN_INVALID], "invalid", "invalid"},
        {n[PLAN_FAILED], "failed", "failed"},
    };
    int64_t rows = table->rows->rows;
    bool ok = rows == 0 || buf_printf(out, "%lld %s: ", (long long)rows,
                               plural(rows, "line", "lines"));

    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i].n && i)
            continue;
        ok = (i == 0 || buf_puts(out, ", ")) &&
             buf_printf(out, "%lld %s", (long long)parts[i].n,
                 plural(parts[i].n, parts[i].one, parts[i].many));
        if (ok && i == 0 && book->keep_stock)
            ok =
                buf_printf(out, " (%lld %s stock)", (long long)book->keep_stock,
                    plural(book->keep_stock, "keeps its", "keep their"));
    }
    return ok && buf_puts(out, ".\n");
}

/* "10" is a line number and not a code: every order has one. */
static bool is_bare(const char *code)
{
    size_t len = strlen(code);

    return len <= BARE_MAX && strspn(code, "0123456789") == len;
}

static bool put_bare(const struct plan_code *codes, size_t len, struct buf *out)
{
    bool ok = buf_printf(out, "the code %s stands for %lld items",
        codes[0].code, (long long)codes[0].items);

    for (size_t i = 1; ok && i < len && is_bare(codes[i].code); i++)
        ok = buf_printf(
            out, ", %s for %lld", codes[i].code, (long long)codes[i].items);
    return ok &&
           buf_puts(out, ".\n    A bare line number is not unique. Usual: "
                         "order/line, as SO-1201/10.\n");
}

static bool put_repeated(const struct plan_table *table, struct buf *out)
{
    struct plan_code codes[CODES_SHOWN];
    size_t len = plan_repeated(table->plan, codes, CODES_SHOWN);
    int64_t all = plan_repeated_count(table->plan);

    if (len == 0)
        return true;
    if (!buf_puts(out, "  "))
        return false;
    if (is_bare(codes[0].code))
        return put_bare(codes, len, out);
    bool ok = buf_printf(out, "%s stands for %lld items (%lld, %lld%s)",
        codes[0].code, (long long)codes[0].items, (long long)codes[0].first,
        (long long)codes[0].second, codes[0].items > 2 ? ", …" : "");
    if (ok && all > 1)
        ok = buf_printf(out, ";\n    %lld more %s for several",
            (long long)all - 1, plural(all - 1, "code stands", "codes stand"));
    return ok &&
           buf_puts(
               out, ".\n    Right if it is one ERP line for several pieces.\n");
}

static bool put_ruined(const struct plan_table *table, struct buf *out)
{
    int64_t n = table->book->ruined;

    return !n || buf_printf(out,
                     "  %lld %s ruined by a spreadsheet: export that column "
                     "as text.\n",
                     (long long)n, plural(n, "value was", "values were"));
}

static bool put_doubtful(const struct plan_table *table, struct buf *out)
{
    int64_t n = table->book->doubtful;

    return !n || buf_printf(out,
                     "  %lld would be released with what hardly is a code. For "
                     "what is empty a rule gives nil and a reason.\n",
                     (long long)n);
}

static bool put_skipped(const struct plan_table *table, struct buf *out)
{
    int64_t skipped = table->book->by_would[PLAN_SKIP];

    return skipped < 2 || skipped < table->rows->rows ||
           buf_puts(out, "  every row was skipped. Is the rule right?\n");
}

static bool put_unread(const struct plan_table *table, struct buf *out)
{
    int64_t n = table->unread_rows;

    return n <= 0 || buf_printf(out,
                         "  %lld %s read and came to no rule and no "
                         "release.\n",
                         (long long)n, plural(n, "row was", "rows were"));
}

static bool put_again(const struct plan_table *table, struct buf *out)
{
    const struct script_rows *r = table->rows;
    const struct {
        int64_t n;
        const char *one, *many;
    } parts[] = {{r->later - table->book->writes, "waits", "wait"},
        {r->failed, "failed", "failed"},
        {r->invalid, "is invalid", "are invalid"}};
    const char *between = "  the input would have to be read again: ";
    bool ok = true, any = false;

    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++)
        if (parts[i].n) {
            ok = buf_printf(out, "%s%lld %s", between, (long long)parts[i].n,
                plural(parts[i].n, parts[i].one, parts[i].many));
            between = ", ";
            any = true;
        }
    return ok && (!any || buf_puts(out, ".\n"));
}

static bool put_unknown(const struct plan_table *table, struct buf *out)
{
    int64_t n = table->unknown;

    return !n || buf_printf(out, "  %lld %s in the journal %s unknown: %s.\n",
                     (long long)n, plural(n, "release", "releases"),
                     plural(n, "is", "are"), table->open);
}

static bool put_unnoted(const struct plan_table *table, struct buf *out)
{
    int64_t n = plan_unnoted_count(table->plan);

    return !n || buf_printf(out,
                     "  %lld %s not compared with the others: that needs more "
                     "than memory in profile.lua.\n",
                     (long long)n, plural(n, "release was", "releases were"));
}

/* Code that is no Lua goes through none of the doors that a plan shuts. */
static bool put_nothing(const char *c_modules, struct buf *out)
{
    if (!c_modules || !*c_modules)
        return buf_puts(out, "Nothing was sent, written or moved.\n");
    bool one = !strchr(c_modules, ',');
    return buf_printf(out,
        "Of what Lua does nothing was sent, written or moved. %s %s: what %s "
        "did is not known here.\n",
        c_modules, one ? "is a C module" : "are C modules",
        one ? "it" : "they");
}

bool plan_look_put(const struct plan_table *table, struct buf *out)
{
    const struct plan_book *book = table->book;
    struct buf look = {0};
    bool ok = put_repeated(table, &look) && put_unnoted(table, &look) &&
              put_ruined(table, &look) && put_doubtful(table, &look) &&
              put_skipped(table, &look) && put_unread(table, &look) &&
              put_again(table, &look) && put_unknown(table, &look);

    ok = ok && (!look.len || (buf_puts(out, "Look at:\n") &&
                                 buf_add(out, look.data, look.len)));
    buf_free(&look);
    for (size_t i = 0; ok && i < book->note_count; i++)
        ok = buf_printf(out, "%s\n", book->notes[i]);
    if (ok && table->left_alone)
        ok = buf_puts(out, "Other lines were left alone.\n");
    if (ok && book->short_of_memory)
        ok = buf_puts(out, "There was not enough memory for all of it.\n");
    return ok && put_nothing(table->c_modules, out);
}
