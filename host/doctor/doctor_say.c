/* The records of doctor, on their way to scripts/cmd/doctor.lua. */
#include "base/escape.h"
#include "base/json_put.h"
#include "base/log.h"
#include "base/utf8.h"
#include "doctor/doctor_own.h"

#include <string.h>

void doctor_lost(struct doctor *d)
{
    log_error("out of memory: not everything was looked at");
    d->bads++;
    d->exit = exit_first(d->exit, EXIT_FAULT);
}

bool doctor_open(struct doctor *d, struct error *err)
{
    struct buf view = {0};
    bool ok = buf_puts(&view, "{}") || error_memory(err);

    if (ok)
        d->show = show_open("doctor", &view, &d->out, err);
    buf_free(&view);
    return d->show != NULL;
}

void doctor_close(struct doctor *d)
{
    show_close(d->show);
    buf_free(&d->record);
    buf_free(&d->out);
}

/* `ok`: there was memory for the record. */
static void show(struct doctor *d, bool ok)
{
    struct error err;

    if (ok && !show_record(d->show, &d->record, &err)) {
        ok = false;
        if (err.kind != ERROR_MEMORY)
            log_error("%s", err.text);
    }
    if (!ok)
        doctor_lost(d);
    command_print(&d->out);
    buf_clear(&d->record);
}

/* A path may hold bytes that are no UTF-8. */
static bool put_text(struct buf *out, const char *name, const char *text)
{
    struct buf shown = {0};
    bool ok = buf_puts(&shown, text);

    if (ok && shown.len)
        utf8_mend(shown.data, shown.len);
    ok = ok && json_put_member_text(out, name, buf_text(&shown));
    buf_free(&shown);
    return ok;
}

static bool put_fact(struct buf *out, const struct doctor_fact *fact)
{
    return fact->is_number
               ? json_put_member_int(out, fact->name, fact->number)
               : !fact->text || put_text(out, fact->name, fact->text);
}

/* `word` as a shell reads it, behind `option`; NULL: nothing. */
static bool put_place(
    struct buf *out, const char *name, const char *option, const char *word)
{
    struct buf text = {0};
    bool ok = !word || (buf_printf(&text, " %s", option) &&
                           escape_put_word(&text, word));

    ok = ok && put_text(out, name, buf_text(&text));
    buf_free(&text);
    return ok;
}

static bool put_customer(const struct doctor *d, struct buf *out)
{
    const char *named = arguments_text(d->args, "profile");
    const char *host = d->customer.profile.host;

    return (!host || put_text(out, "host", host)) &&
           put_text(out, "profile", d->profile_path) &&
           put_place(out, "place", named ? "--profile " : "",
               named ? named : d->folder) &&
           put_place(out, "option", "--profile ",
               named || d->folder ? d->profile_path : NULL);
}

static void say(struct doctor *d, const char *state, const char *name,
    const char *what, const struct doctor_fact *facts)
{
    struct buf *out = &d->record;
    bool ok = buf_putc(out, '{') && put_text(out, "name", name) &&
              put_text(out, "state", state) && put_text(out, "what", what) &&
              put_customer(d, out);

    for (; ok && facts && facts->name; facts++)
        ok = put_fact(out, facts);
    show(d, ok && buf_putc(out, '}'));
}

void doctor_ok(struct doctor *d, const char *name, const char *what,
    const struct doctor_fact *facts)
{
    say(d, "ok", name, what, facts);
}

void doctor_look(struct doctor *d, const char *name, const char *what,
    const struct doctor_fact *facts)
{
    d->looks++;
    say(d, "look", name, what, facts);
}

void doctor_bad(struct doctor *d, enum exit_code code, const char *name,
    const char *what, const struct doctor_fact *facts)
{
    d->bads++;
    d->exit = exit_first(d->exit, code);
    say(d, "bad", name, what, facts);
}

void doctor_error(struct doctor *d, const char *name, const struct error *err)
{
    doctor_bad(d, exit_of_error(err), name, "error",
        DOCTOR_FACTS(DOCTOR_TEXT("words", err->text)));
}

void doctor_verdict(struct doctor *d)
{
    struct buf *out = &d->record;

    show(d, buf_putc(out, '{') && json_put_member_int(out, "looks", d->looks) &&
                json_put_member_int(out, "bads", d->bads) &&
                buf_putc(out, '}'));
}
