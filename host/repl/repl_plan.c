#include "repl/repl_own.h"
#include "report/plan_table.h"

#include <string.h>

static const char *stock_words(const struct plan_line *line)
{
    return line->update_stock ? "let its stock go" : "keep its stock";
}

/* A release by itself needs no table. */
static bool put_one(const struct plan_line *line, struct buf *out)
{
    if (line->would == PLAN_RELEASE)
        return buf_printf(out, "would release %s as %s, and %s%s%s\n",
            line->item, line->code, stock_words(line),
            line->words[0] ? ": " : "", line->words);
    return buf_printf(out, "would not release %s as %s: %s\n", line->item,
        line->code, line->words[0] ? line->words : plan_word(line->would));
}

static bool put_notes(const struct plan_book *book, struct buf *out)
{
    bool ok = true;

    for (size_t i = 0; ok && i < book->note_count; i++)
        ok = buf_printf(out, "%s\n", book->notes[i]);
    return ok;
}

static bool put_book(struct repl *repl, struct buf *out)
{
    struct plan_table table = {.book = &repl->session.dry.book,
        .plan = repl->session.dry.plan,
        .rows = &repl->session.script.rows,
        .c_modules = repl->session.script.c_modules,
        .left_alone = repl->session.script.left_alone};
    int rows;

    if (repl->session.dry.book.len == 0)
        return put_notes(&repl->session.dry.book, out);
    if (repl->session.dry.book.len == 1 &&
        repl->session.script.direct_releases == 1)
        return put_one(&repl->session.dry.book.lines[0], out);
    repl_input_screen(repl->input, &table.columns, &rows);
    return plan_table_put(&table, out);
}

void repl_plan_show(struct repl *repl)
{
    struct buf out = {0};

    if (!put_book(repl, &out))
        repl_complain(repl, "out of memory: the plan is not whole");
    repl_say(&out);
    buf_free(&out);
    plan_book_fini(&repl->session.dry.book);
    plan_forget(repl->session.dry.plan);
}
