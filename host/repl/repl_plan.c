#include "repl/repl_own.h"
#include "session/plan_show.h"

static bool put_book(struct repl *repl, struct buf *out, struct error *err)
{
    struct plan_book *book = &repl->session.dry.book;
    const struct script *script = &repl->session.script;
    struct plan_show show = {.book = book,
        .plan = repl->session.dry.plan,
        .rows = &script->rows,
        .c_modules = script->c_modules,
        .left_alone = script->left_alone,
        .typed =
            book->len == 0 || (book->len == 1 && script->direct_releases == 1)};
    int rows;

    if (book->len == 0 && book->note_count == 0)
        return true;
    repl_input_screen(repl->input, &show.columns, &rows);
    return plan_show_text(&show, out, err);
}

void repl_plan_show(struct repl *repl)
{
    struct buf out = {0};
    struct error err;
    bool ok = put_book(repl, &out, &err);

    repl_say(&out);
    if (!ok)
        repl_complain(repl, err.text);
    buf_free(&out);
    plan_book_fini(&repl->session.dry.book);
    plan_forget(repl->session.dry.plan);
}
