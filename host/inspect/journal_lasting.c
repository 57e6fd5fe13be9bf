/* What journal open tells from the notes: troubles that are no rows. */
#include "base/clock.h"
#include "ending/notice_audience.h"
#include "inspect/journal_own.h"
#include "terminal/wrap.h"

#include <string.h>

/* Those that the journal itself does not know. */
static const char *const words[NOTICE_KINDS] = {
    [NOTICE_STOP] = "sending stopped",
    [NOTICE_HELD] = "another run holds the journal",
    [NOTICE_DISK] = "the journal or its disk failed",
    [NOTICE_SETUP] = "no run begins",
    [NOTICE_FAULT] = "a script does not come to its end",
};

static bool put_one(struct buf *out, const struct notice *trouble)
{
    char at[CLOCK_TEXT_MAX];

    return buf_printf(out, "Since %s %s:\n", clock_local(trouble->since, at),
               words[trouble->kind]) &&
           wrap_put(out, "  ", trouble->text, strlen(trouble->text));
}

bool journal_put_lasting(struct buf *out, const char *path)
{
    struct notices t = {0};
    bool ok = audience_read(path, &t), any = false;

    for (size_t i = 0; ok && i < t.len; i++)
        if (words[t.list[i].kind] && !t.list[i].gone) {
            ok = put_one(out, &t.list[i]);
            any = true;
        }
    if (ok && any)
        ok = buf_puts(out, "  So the last run that cron began has left it.\n");
    notices_fini(&t);
    return ok;
}
