/* doctor_own.h: what the files of `omnitron doctor` share.
 *
 * doctor.c is the command and the table of checks; each doctor_NOUN.c makes
 * one check and says what it found. doctor_say.c has the lines. A check that
 * cannot be made because of an earlier one says nothing. */
#ifndef DOCTOR_DOCTOR_OWN_H
#define DOCTOR_DOCTOR_OWN_H

#include "base/exit_code.h"
#include "cli/command.h"
#include "cli/customer.h"
#include "net/probe.h"
#include "session/contact.h"

struct doctor {
    const struct arguments *args;
    const char *folder;       // that was named; NULL: the current one
    const char *profile_path; // as people call it: "acme/profile.lua"
    struct customer customer;
    bool has_profile;   // the profile could be read
    bool has_host;      // and there is a host to talk to
    struct probe probe; // kind NULL: not asked yet
    struct contact contact;
    /* What came of the log-in and the look; see doctor_visit. */
    enum {
        VISIT_DUE,
        VISIT_NONE,      // no host, or it does not answer
        VISIT_NO_TOKEN,  // nothing to log in with
        VISIT_NO_LOG_IN, // contact.stop says why
        VISIT_NO_LOOK,   // the profile wants none
        VISIT_MADE
    } visit;
    /* The verdict. */
    int looks, bads;
    enum exit_code exit;
};

/* One line each, wrapped for 80 columns. doctor_bad counts towards the exit
 * code that a run would have ended with. */
void doctor_ok(struct doctor *d, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void doctor_look(struct doctor *d, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void doctor_bad(struct doctor *d, enum exit_code code, const char *name,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Under the line before: a command that is the way out, never broken; and
 * what there is to say behind it. */
void doctor_way(struct doctor *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void doctor_more(struct doctor *d, const char *text);

/* There is no memory for a check or its line: the verdict cannot be good. */
void doctor_lost(struct doctor *d);

/* What means this customer behind "omnitron doctor", " acme", and behind a
 * command that takes no folder, " --profile acme/profile.lua"; "" for the
 * current folder. Static, until the next call. */
const char *doctor_place(const struct doctor *d);
const char *doctor_profile_option(const struct doctor *d);

/* What the host shows to anybody, asked once. False: there is no host, or no
 * memory. */
bool doctor_probe(struct doctor *d);

/* The same at another path. False: no memory. */
bool doctor_probe_at(struct doctor *d, const char *path, struct probe *probe);

/* The first look's path, or the usual one where the profile wants none. */
const char *doctor_look_path(const struct doctor *d);

/* The log-in and the first look, made once; d->visit says how far it got. */
void doctor_visit(struct doctor *d);

typedef void doctor_check(struct doctor *d);
doctor_check doctor_profile, doctor_token, doctor_network, doctor_clock,
    doctor_first_look, doctor_unknown, doctor_journal, doctor_script,
    doctor_modules, doctor_environment;

/* doctor --repeat; returns the exit code. */
int doctor_repeat(const struct arguments *args, struct customer *customer);

#endif
