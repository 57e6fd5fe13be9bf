/* cron_own.h: what the files of `omnitron cron` share; for them alone.
 *
 * cron.c reads the command line and prints, cron_job.c finds out what has to
 * be run, cron_path.c where it is, cron_words.c writes names as a shell, cron
 * and systemd read them, cron_unit.c has the service and the timer. */
#ifndef CRON_CRON_OWN_H
#define CRON_CRON_OWN_H

#include "base/buf.h"
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

/* Nobody is called that, so neither cron nor systemd runs it. */
#define CRON_NO_USER "put-a-user-here"

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
    bool is_root;             // that is root: CRON_NO_USER stands for a user
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

/* Adds a word as a line of a crontab has it: for sh, which cron hands it to
 * when it has made % of \%. False: no memory. */
bool cron_put_shell(struct buf *out, const char *word);

/* As a word of a unit's list, such as ReadWritePaths=; and of ExecStart=,
 * where a variable would be put in for $NAME. */
bool cron_put_unit_word(struct buf *out, const char *word);
bool cron_put_exec_word(struct buf *out, const char *word);

/* The rest of a unit's line, not quoted: with % doubled. */
bool cron_put_unit_text(struct buf *out, const char *text);

/* Adds a comment for what root owns: whose it had better be. */
bool cron_put_root(const struct cron_job *job, struct buf *out);

/* Each adds its file, with a comment on where it belongs. */
bool cron_put_service(const struct cron_job *job, struct buf *out);
bool cron_put_timer(const struct cron_job *job, struct buf *out);

#endif
