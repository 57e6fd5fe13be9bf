/* What journal open tells from the notes: troubles that are no rows. */
#include "ending/notice_audience.h"
#include "inspect/journal_own.h"
#include "json/json.h"

/* Those that the journal itself does not know, as journal_open.lua has them. */
static const char *const kinds[NOTICE_KINDS] = {
    [NOTICE_STOP] = "stop",
    [NOTICE_HELD] = "held",
    [NOTICE_DISK] = "disk",
    [NOTICE_SETUP] = "setup",
    [NOTICE_AWAY] = "away",
    [NOTICE_FAULT] = "fault",
};

static bool show_one(
    struct show *show, const struct notice *trouble, struct error *err)
{
    struct buf record = {0};
    bool ok =
        (buf_putc(&record, '{') &&
            json_put_member_text(&record, "lasting", kinds[trouble->kind]) &&
            journal_put_time(&record, "since", trouble->since) &&
            json_put_member_text(&record, "text", trouble->text) &&
            buf_putc(&record, '}')) ||
        error_memory(err);

    ok = ok && show_record(show, &record, err);
    buf_free(&record);
    return ok;
}

bool journal_show_lasting(
    struct show *show, const char *path, struct error *err)
{
    struct notices t = {0};
    bool ok = audience_read(path, &t) || error_memory(err);

    for (size_t i = 0; ok && i < t.len; i++)
        if (kinds[t.list[i].kind] && !t.list[i].gone)
            ok = show_one(show, &t.list[i], err);
    notices_fini(&t);
    return ok;
}
