#include "base/file_path.h"
#include "cron/cron_own.h"

#include "base/duration.h"
#include "base/mem.h"
#include "ending/ping.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MINUTE_MS = 60 * 1000,
    DAY_MS = 24 * 60 * MINUTE_MS,
    EVERY_MS = 5 * MINUTE_MS,
    EDGE_S = 60, // for what ends in order beside the requests in flight
    DELAY_MOST_S = 30,
    NAME_MOST = 200, // bytes of a unit's name, of systemd's 255
};

#define DEADLINE "50m"

static const char name_bytes[] = "abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789_.-";

/* What a line of a crontab can say: a part of an hour or of a day. */
static bool set_times(struct cron_times *t, long minutes)
{
    long hours = minutes / 60;

    if (minutes >= 1 && minutes < 60 && 60 % minutes == 0) {
        snprintf(t->crontab, sizeof t->crontab, "*/%ld * * * *", minutes);
        snprintf(t->calendar, sizeof t->calendar, "*:0/%ld", minutes);
    } else if (minutes % 60 == 0 && hours >= 1 && hours < 24 &&
               24 % hours == 0) {
        snprintf(t->crontab, sizeof t->crontab, "0 */%ld * * *", hours);
        snprintf(t->calendar, sizeof t->calendar, "0/%ld:00", hours);
    } else if (hours == 24 && minutes % 60 == 0) {
        snprintf(t->crontab, sizeof t->crontab, "0 0 * * *");
        snprintf(t->calendar, sizeof t->calendar, "00:00");
    } else {
        return false;
    }
    t->delay_s = minutes < 10 ? (int)minutes * 3 : DELAY_MOST_S;
    return true;
}

static bool read_times(
    struct cron_times *t, const struct arguments *args, struct error *err)
{
    int64_t ms;

    if (!arguments_duration(args, "every", &ms, err))
        return false;
    if (!ms)
        ms = EVERY_MS;
    return (ms % MINUTE_MS == 0 && ms <= DAY_MS &&
               set_times(t, (long)(ms / MINUTE_MS))) ||
           error_set(err, ERROR_USAGE,
               "--every %s: it must divide an hour or a day, as 1m 5m 10m "
               "15m 30m 1h 6h 1d do; a crontab can say no other",
               arguments_text(args, "every"));
}

/* The journal's folder is where a link leads: its lock and its WAL are beside
 * the file itself. */
static bool find_journal(
    struct cron_job *job, const char *journal, struct error *err)
{
    char path[PATH_MAX];

    if (!realpath(journal, path) && !cron_absolute(journal, path, err))
        return false;
    (void)file_path_folder(path, job->journal_folder);
    return cron_check_name(path, err);
}

static bool find_customer(
    struct cron_job *job, const struct arguments *args, struct error *err)
{
    const struct profile *p = &job->customer.profile;

    if (!customer_load(&job->customer, arguments_text(args, "profile"),
            args->plain[0], err))
        return false;
    if (!p->path)
        return error_set(err, ERROR_USAGE,
            "there is no profile.lua beside %s: what runs unattended has no "
            "environment to take its place",
            args->plain[0]);
    if (!p->url)
        return error_set(err, ERROR_USAGE,
            "%s has no url: what runs unattended has no OMNITRON_URL", p->path);
    job->lacks_token = !p->token_file && !p->username;
    if (!cron_absolute(p->path, job->profile, err))
        return false;
    (void)file_path_folder(job->profile, job->folder);
    return find_journal(job, p->journal, err);
}

/* Who may write the journal: its owner. */
static void find_user(struct cron_job *job)
{
    struct stat st;
    uid_t uid = geteuid();

    if (stat(job->customer.profile.journal, &st) == 0 ||
        stat(job->folder, &st) == 0)
        uid = st.st_uid;
    const struct passwd *user = getpwuid(uid);
    if (user)
        snprintf(job->user, sizeof job->user, "%s", user->pw_name);
    else
        snprintf(job->user, sizeof job->user, "%ld", (long)uid);
    job->is_root = uid == 0;
}

/* "omnitron-acme", "omnitron-acme-orders" for another than its release.lua. */
static void make_unit_name(struct cron_job *job)
{
    const char *file = file_path_name(job->script);
    size_t stem = strcspn(file, ".");
    bool usual = strcmp(file, "release.lua") == 0;

    script_label(job->script, job->label);
    snprintf(job->name, sizeof job->name, "omnitron-%s%s%.*s", job->label,
        usual ? "" : "-", usual ? 0 : (int)stem, file);
    job->name[NAME_MOST] = '\0';
    for (char *p = job->name; *p; p++)
        if (!strchr(name_bytes, *p))
            *p = '_';
}

static bool find_metrics(
    struct cron_job *job, const char *file, struct error *err)
{
    if (!file)
        return true;
    if (!cron_absolute(file, job->metrics, err))
        return false;
    (void)file_path_folder(job->metrics, job->metrics_folder);
    return true;
}

static bool is_under(const char *path, const char *const *folders)
{
    char real[PATH_MAX];

    if (realpath(path, real))
        path = real;
    for (; *folders; folders++) {
        size_t len = strlen(*folders);
        if (strncmp(path, *folders, len) == 0 &&
            (path[len] == '/' || path[len] == '\0'))
            return true;
    }
    return false;
}

/* What a unit must not hide from the run. */
static bool has_under(const struct cron_job *job, const char *const *folders)
{
    const struct profile *p = &job->customer.profile;
    const char *const paths[] = {job->program, job->script, job->profile,
        job->journal_folder, job->metrics_folder, p->token_file,
        p->password_file, p->route.ca_file};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (paths[i] && paths[i][0] && is_under(paths[i], folders))
            return true;
    return false;
}

/* A file's name is made absolute: cron's folder is another. */
static bool take_args(
    struct cron_job *job, const struct arguments *args, struct error *err)
{
    char path[PATH_MAX];
    struct stat st;

    if (args->plain_count - 1 > CRON_ARGS_MAX)
        return error_set(err, ERROR_USAGE,
            "a script is given at most %d words here", CRON_ARGS_MAX);
    for (int i = 1; i < args->plain_count; i++) {
        const char *arg = args->plain[i];
        bool file = stat(arg, &st) == 0 && S_ISREG(st.st_mode);
        if (file && !cron_absolute(arg, path, err))
            return false;
        job->args[i - 1] = mem_strdup(file ? path : arg);
        if (!job->args[i - 1])
            return error_memory(err);
    }
    return true;
}

static bool check_words(const struct cron_job *job, struct error *err)
{
    for (const char *const *word = job->words; *word; word++)
        if (!cron_check_name(*word, err))
            return false;
    return true;
}

/* Whether run could take one of a script's words for an option. */
static bool has_option(const struct cron_job *job)
{
    for (size_t i = 0; i < CRON_ARGS_MAX && job->args[i]; i++)
        if (job->args[i][0] == '-')
            return true;
    return false;
}

/* The command as a list of words. */
static bool make_words(
    struct cron_job *job, const struct arguments *args, struct error *err)
{
    const char *deadline = arguments_text(args, "deadline");
    const char *ping = arguments_text(args, "ping");
    bool profile = arguments_given(args, "profile");
    const char *const pairs[][2] = {
        {"--deadline", deadline ? deadline : DEADLINE},
        {"--profile", profile ? job->profile : NULL},
        {"--metrics", job->metrics[0] ? job->metrics : NULL},
        {"--ping", ping},
    };
    const char **word = job->words;

    if (ping && !ping_check(ping, err))
        return false;
    *word++ = job->program;
    *word++ = "run";
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][1]) {
            *word++ = pairs[i][0];
            *word++ = pairs[i][1];
        }
    *word++ = job->script;
    if (has_option(job))
        *word++ = "--";
    for (size_t i = 0; i < CRON_ARGS_MAX && job->args[i]; i++)
        *word++ = job->args[i];
    *word = NULL;
    return check_words(job, err);
}

static bool read_deadline(
    struct cron_job *job, const struct arguments *args, struct error *err)
{
    int64_t ms;

    if (!arguments_duration(args, "deadline", &ms, err))
        return false;
    if (!ms)
        duration_read(DEADLINE, &ms);
    job->deadline_s = (ms + 999) / 1000;
    job->stop_s =
        (job->customer.profile.route.timeout_ms + 999) / 1000 + EDGE_S;
    return true;
}

bool cron_job_find(
    struct cron_job *job, const struct arguments *args, struct error *err)
{
    static const char *const home[] = {"/home", "/root", "/run/user", NULL};
    static const char *const tmp[] = {"/tmp", "/var/tmp", NULL};

    if (args->plain_count < 1)
        return error_set(err, ERROR_USAGE,
            "cron needs a script: omnitron cron SCRIPT [ARG...]");
    if (!script_readable(args->plain[0], err) ||
        !read_times(&job->times, args, err) ||
        !cron_absolute(args->plain[0], job->script, err) ||
        !cron_program(job->program, err) || !find_customer(job, args, err) ||
        !find_metrics(job, arguments_text(args, "metrics"), err) ||
        !read_deadline(job, args, err) || !take_args(job, args, err) ||
        !make_words(job, args, err))
        return false;
    find_user(job);
    make_unit_name(job);
    job->in_home = has_under(job, home);
    job->in_tmp = has_under(job, tmp);
    return true;
}

void cron_job_fini(struct cron_job *job)
{
    for (size_t i = 0; i < CRON_ARGS_MAX; i++)
        mem_free(job->args[i]);
    customer_free(&job->customer);
}
