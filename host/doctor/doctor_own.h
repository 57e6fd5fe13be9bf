/* doctor_own.h: what the files of `omnitron doctor` share.
 *
 * doctor.c is the command and the table of checks; each doctor_NOUN.c makes
 * one check and says what it found, as facts; scripts/cmd/doctor.lua has the
 * sentences. A check that cannot be made because of an earlier one says
 * nothing. */
#ifndef DOCTOR_DOCTOR_OWN_H
#define DOCTOR_DOCTOR_OWN_H

#include "base/exit_code.h"
#include "cli/command.h"
#include "cli/customer.h"
#include "cli/show.h"
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
    struct show *show; // owns, like the two that follow; for doctor_say.c
    struct buf record, out;
};

/* What a sentence of scripts/cmd/doctor.lua is about, in a list that ends with
 * {0}. Each has besides: host, profile (as people call it), place and option
 * (what means this customer behind "omnitron doctor", and behind a command that
 * takes no folder; "" for the current folder). */
struct doctor_fact {
    const char *name;
    const char *text; // NULL: it is a number, or is left out
    int64_t number;
    bool is_number;
};

#define DOCTOR_TEXT(name, text)                                                \
    {                                                                          \
        (name), (text), 0, false                                               \
    }
#define DOCTOR_NUMBER(name, number)                                            \
    {                                                                          \
        (name), NULL, (number), true                                           \
    }
#define DOCTOR_FACTS(...) ((const struct doctor_fact[]){__VA_ARGS__, {0}})

/* False: *err says why. doctor_close in any case. */
bool doctor_open(struct doctor *d, struct error *err);
void doctor_close(struct doctor *d);

/* The line that begins with `name`; `what` names its sentence, `facts` may be
 * NULL. doctor_bad counts towards the exit code that a run would have ended
 * with; doctor_error has the sentence in *err. */
void doctor_ok(struct doctor *d, const char *name, const char *what,
    const struct doctor_fact *facts);
void doctor_look(struct doctor *d, const char *name, const char *what,
    const struct doctor_fact *facts);
void doctor_bad(struct doctor *d, enum exit_code code, const char *name,
    const char *what, const struct doctor_fact *facts);
void doctor_error(struct doctor *d, const char *name, const struct error *err);

/* The last line. */
void doctor_verdict(struct doctor *d);

/* There is no memory for a check or its line: the verdict cannot be good. */
void doctor_lost(struct doctor *d);

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
