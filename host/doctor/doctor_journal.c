/* The journal: whether a run could open it, and what is in it. */
#include "base/clock.h"
#include "base/file_path.h"
#include "base/mem.h"
#include "doctor/doctor_own.h"
#include "ending/lock_wait.h"
#include "history/health.h"
#include "history/verify.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 80, OLD_MS = 60 * 60 * 1000 };

static void say_bad(struct doctor *d, const char *name, const struct error *err)
{
    if (err->text[0])
        doctor_bad(d, exit_of_error(err), name, "%s", err->text);
}

/* "41 GB", in the units that disks are sold in. */
static const char *amount(uint64_t bytes, char out[TEXT_MAX])
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double n = (double)bytes / 1000;
    size_t i = 0;

    while (n >= 1000 && i + 1 < sizeof units / sizeof *units) {
        n /= 1000;
        i++;
    }
    snprintf(out, TEXT_MAX, n < 10 ? "%.1f %s" : "%.0f %s", n, units[i]);
    return out;
}

static int64_t sum(const struct verify_report *report)
{
    int64_t rows = 0;

    for (int i = 0; i < JOURNAL_STATES; i++)
        rows += report->by_state[i];
    return rows;
}

/* What a person has to settle, and where he finds it. */
static void say_open(struct doctor *d, const char *name, const char *rows,
    const struct verify_report *report)
{
    long long unknown = (long long)report->by_state[JOURNAL_UNKNOWN] +
                        (long long)report->stranded;
    long long conflicts = (long long)report->conflicts;

    if (unknown == 0 && conflicts == 0) {
        doctor_ok(d, name, "%s", rows);
        return;
    }
    doctor_look(d, name,
        "%s. %lld unknown and %lld in conflict need a person:", rows, unknown,
        conflicts);
    doctor_way(d, "omnitron journal open%s", doctor_place(d));
}

static void say_rows(struct doctor *d, const char *name,
    const struct journal_health *health, const struct verify_report *report)
{
    char rows[200], room[TEXT_MAX];
    long long n = (long long)sum(report);

    snprintf(rows, sizeof rows, "%lld %s, %s free", n, n == 1 ? "row" : "rows",
        amount(health->free, room));
    if (report->faults)
        doctor_bad(d, EXIT_DISK, name,
            "it is not as omnitron made it: %.*s. Keep a copy of it and its "
            "-wal, and find the last good one.",
            (int)strcspn(buf_text(&report->lines), "\n"),
            buf_text(&report->lines));
    else if (!health->host.text[0])
        say_open(d, name, rows, report);
}

static void say_inside(struct doctor *d, const char *path, const char *name,
    const struct journal_health *health)
{
    struct verify_report report = {0};
    struct error err;

    if (health->old)
        doctor_look(d, name,
            "an older omnitron wrote it. The next run brings it up to date; "
            "the older one cannot use it then.");
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
    char since[CLOCK_TEXT_MAX];

    if (!health->held)
        return;
    clock_local(holder->started_at, since);
    if (age < OLD_MS)
        doctor_look(d, "lock",
            "a run is at work since %s (process %ld, %s); another one would "
            "do nothing",
            since, holder->process, holder->script);
    else
        doctor_bad(d, EXIT_HELD, "lock",
            "the run that started at %s (process %ld, %s) still holds the "
            "journal, and no other can begin. If it hangs, end it; nothing "
            "gets lost:",
            since, holder->process, holder->script);
    if (age >= OLD_MS)
        doctor_way(d, "kill %ld", holder->process);
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
