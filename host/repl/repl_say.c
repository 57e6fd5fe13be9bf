#include "base/say.h"
#include "repl/repl_own.h"

#include <stdio.h>

void repl_say(const struct buf *text)
{
    struct buf shown = {0};

    if (buf_add(&shown, buf_text(text), text->len)) {
        (void)say_text(stdout, &shown);
        fflush(stdout);
    }
    buf_wipe(&shown);
}

void repl_complain(struct repl *repl, const char *text)
{
    struct buf shown = {0};

    repl->failed = true;
    fflush(stdout);
    if (buf_printf(&shown, "%s\n", text))
        (void)say_text(stderr, &shown);
    buf_wipe(&shown);
}
