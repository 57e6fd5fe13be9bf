/* The journal: whether a run could open it, and what is in it. */
#include "base/clock.h"
#include "base/file_path.h"
#include "base/mem.h"
#include "doctor/doctor_own.h"
#include "ending/lock_wait.h"
#include "history/health.h"
#include "history/verify.h"

#include <string.h>

enum { OLD_MS = 60 * 60 * 1000 };

static void say_bad(struct doctor *d, const char *name, const struct error *err)
{
    if (err->text[0])
        doctor_error(d, name, err);
}

static int64_t sum(const struct verify_report *report)
{
    int64_t rows = 0;

    for (int i = 0; i < JOURNAL_STATES; i++)
        rows += report->by_state[i];
    return rows;
}

/* Also what a person has to settle. */
static void say_open(struct doctor *d, const char *name, uint64_t free,
    const struct verify_report *report)
{
    int64_t unknown =
        (int64_t)(report->by_state[JOURNAL_UNKNOWN] + report->stranded);
    int64_t rejected = (int64_t)report->by_state[JOURNAL_REJECTED];
    int64_t conflicts = (int64_t)report->conflicts;
    const struct doctor_fact facts[] = {DOCTOR_NUMBER("rows", sum(report)),
        DOCTOR_NUMBER("free", (int64_t)free), DOCTOR_NUMBER("unknown", unknown),
        DOCTOR_NUMBER("rejected", rejected),
        DOCTOR_NUMBER("conflicts", conflicts), {0}};

    if (unknown == 0 && rejected == 0 && conflicts == 0)
        doctor_ok(d, name, "journal_rows", facts);
    else
        doctor_look(d, name, "journal_open", facts);
}

static bool first_line(const struct buf *lines, struct buf *out)
{
    return buf_add(out, buf_text(lines), strcspn(buf_text(lines), "\n"));
}

static void say_rows(struct doctor *d, const char *name,
    const struct journal_health *health, const struct verify_report *report)
{
    struct buf fault = {0};

    if (!report->faults) {
        if (!health->host.text[0])
            say_open(d, name, health->free, report);
        return;
    }
    if (!first_line(&report->lines, &fault))
        doctor_lost(d);
    doctor_bad(d, EXIT_DISK, name, "journal_faulty",
        DOCTOR_FACTS(DOCTOR_TEXT("words", buf_text(&fault))));
    buf_free(&fault);
}

static void say_inside(struct doctor *d, const char *path, const char *name,
    const struct journal_health *health)
{
    struct verify_report report = {0};
    struct error err;

    if (health->old)
        doctor_look(d, name, "journal_old", NULL);
    else if (health->file.text[0])
        say_bad(d, name, &health->file);
    else if (!verify(path, &report, &err))
        say_bad(d, name, &err);
    else
        say_rows(d, name, health, &report);
    verify_fini(&report);
}

/* A run at work is as it should be; one that hangs keeps all others out. */
static void say_holder(struct doctor *d, const struct journal_health *health)
{
    const struct journal_holder *holder = &health->holder;
    int64_t age = clock_wall_ms() - holder->started_at;

    if (!health->held)
        return;
    const struct doctor_fact facts[] = {
        DOCTOR_NUMBER("since", holder->started_at),
        DOCTOR_NUMBER("process", holder->process),
        DOCTOR_TEXT("script", holder->script), {0}};
    if (age < OLD_MS)
        doctor_look(d, "lock", "lock_at_work", facts);
    else
        doctor_bad(d, EXIT_HELD, "lock", "lock_hangs", facts);
}

/* Without a profile that can be read there may still be one in the folder. */
static char *path_without_profile(const struct doctor *d)
{
    struct buf path = {0};

    if (d->folder && buf_printf(&path, "%s/journal.db", d->folder))
        return path.data;
    return d->folder ? NULL : mem_strdup("journal.db");
}

void doctor_journal(struct doctor *d)
{
    const struct profile *p = &d->customer.profile;
    char *path = p->path ? mem_strdup(p->journal) : path_without_profile(d);
    struct journal_health health;

    if (!path) {
        doctor_lost(d);
        return;
    }
    const char *name = file_path_name(path);
    journal_examine(path, d->has_host ? p->origin : NULL, &health);
    say_inside(d, path, name, &health);
    say_bad(d, name, &health.host);
    say_bad(d, "disk", &health.disk);
    say_holder(d, &health);
    mem_free(path);
}
