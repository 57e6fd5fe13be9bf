/* cron_own.h: what the files of `omnitron cron` share; for them alone.
 *
 * cmd/cron.c reads the command line and prints, cron_job.c finds out what has
 * to be run, cron_path.c where it is; scripts/cmd/cron.lua writes it as a
 * shell, cron and systemd read it. */
#ifndef CRON_CRON_OWN_H
#define CRON_CRON_OWN_H

#include "cli/arguments.h"
#include "cli/customer.h"
#include "session/script_path.h"

#include <limits.h>
#include <sys/types.h>

enum {
    CRON_ARGS_MAX = 32,
    CRON_WORDS_MAX = 13 + CRON_ARGS_MAX,
    CRON_USER_MAX = 64,
    CRON_NAME_MAX = 600
};

/* How often: as a crontab says it, and as OnCalendar= does. */
struct cron_times {
    char crontab[32], calendar[32];
    int delay_s; // that a timer may be late
};

/* A script that runs unattended. All paths are absolute, their folders with
 * no link in them. */
struct cron_job { // {0}, then cron_job_fini in any case
    struct customer customer;
    struct cron_times times;
    char program[PATH_MAX], script[PATH_MAX], profile[PATH_MAX];
    char folder[PATH_MAX];                            // the customer's
    char journal_folder[PATH_MAX];                    // maybe the same
    char metrics[PATH_MAX], metrics_folder[PATH_MAX]; // or ""
    char *args[CRON_ARGS_MAX];         // owns: what the script is given
    const char *words[CRON_WORDS_MAX]; // the command, ends with NULL
    char label[SCRIPT_LABEL_MAX];
    char name[CRON_NAME_MAX]; // of the unit: "omnitron-acme"
    char user[CRON_USER_MAX]; // who owns the journal
    bool is_root;             // that is root
    bool lacks_token;         // the profile does not say where it is
    bool in_home, in_tmp;     // something of it is
    int64_t deadline_s;
    int64_t stop_s; // that it may take to end in order
};

/* Looks for all of it. False: ERROR_USAGE. */
bool cron_job_find(
    struct cron_job *job, const struct arguments *args, struct error *err);
void cron_job_fini(struct cron_job *job);

/* "/srv/acme/release.lua" into out[PATH_MAX]: a link at its end stays one. */
bool cron_absolute(const char *path, char *out, struct error *err);

/* Whether cron and systemd both have words for such a name. */
bool cron_check_name(const char *path, struct error *err);

/* This program as it was called: a link such as /usr/local/bin/omnitron stays
 * one, since the next version may be elsewhere. */
bool cron_program(char *out, struct error *err);

#endif
