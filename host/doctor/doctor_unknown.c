/* Whether anybody has tried here what a second release does. */
#include "base/clock.h"
#include "delivery/repeat_note.h"
#include "doctor/doctor_own.h"

#include <string.h>

/* What was learned, and the when_unknown that goes with it. */
static const struct {
    const char *says;
    bool resend; // would do no harm
} lessons[REPEAT_LESSONS] = {
    [REPEAT_SAME] = {"it answers a second release with the same mapping", true},
    [REPEAT_SECOND] = {"it makes a second mapping of a second release", false},
    [REPEAT_REFUSED] = {"it refuses a second release", false},
    [REPEAT_UNCLEAR] = {"", false},
};

static void say_untried(struct doctor *d)
{
    const struct profile *p = &d->customer.profile;

    doctor_look(d, "unknown",
        "Nobody has tried what this Omnitron does with a second release of "
        "one item. On a test item:");
    doctor_way(
        d, "omnitron doctor%s --repeat 46761 TEST/1 --yes", doctor_place(d));
    if (p->when_unknown == PROFILE_RESEND)
        doctor_more(d, "Until then nothing says that when_unknown = \"resend\" "
                       "does no harm.");
    else
        doctor_more(
            d, "Until then an answer that got lost waits for a person.");
}

static void say_unclear(
    struct doctor *d, const struct repeat_note *note, const char *at)
{
    doctor_look(d, "unknown",
        "tried on %s; what came of it says nothing for sure, or was not kept:",
        at);
    doctor_way(d, "omnitron journal show%s %lld", doctor_profile_option(d),
        (long long)note->order_item_id);
}

static void say_tried(struct doctor *d, const struct repeat_note *note)
{
    bool resend = d->customer.profile.when_unknown == PROFILE_RESEND;
    const char *says = lessons[note->lesson].says;
    char at[CLOCK_TEXT_MAX];

    clock_local(note->at, at);
    at[strcspn(at, " ")] = '\0';
    if (note->lesson == REPEAT_UNCLEAR)
        say_unclear(d, note, at);
    else if (resend && !lessons[note->lesson].resend)
        doctor_look(d, "unknown",
            "tried on %s with item %lld: %s. So when_unknown = \"resend\" in "
            "%s may release twice: write \"hold\".",
            at, (long long)note->order_item_id, says, d->profile_path);
    else if (!resend && lessons[note->lesson].resend)
        doctor_ok(d, "unknown",
            "tried on %s: %s, so when_unknown = \"resend\" would do no harm; "
            "it is \"hold\"",
            at, says);
    else
        doctor_ok(d, "unknown", "tried on %s: %s; when_unknown is \"%s\"", at,
            says, resend ? "resend" : "hold");
}

void doctor_unknown(struct doctor *d)
{
    struct repeat_note note;

    if (!d->has_host)
        return;
    if (repeat_note_read(d->customer.profile.journal, &note))
        say_tried(d, &note);
    else
        say_untried(d);
}
