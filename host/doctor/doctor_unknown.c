/* Whether anybody has tried here what a second release does. */
#include "delivery/repeat_note.h"
#include "doctor/doctor_own.h"

/* What was learned, as its sentence is called, and the when_unknown that goes
 * with it. */
static const struct {
    const char *name;
    bool resend; // would do no harm
} lessons[REPEAT_LESSONS] = {
    [REPEAT_SAME] = {"same", true},
    [REPEAT_SECOND] = {"second", false},
    [REPEAT_REFUSED] = {"refused", false},
    [REPEAT_UNCLEAR] = {"", false},
};

static void say_tried(struct doctor *d, const struct repeat_note *note)
{
    bool resend = d->customer.profile.when_unknown == PROFILE_RESEND;
    bool harmless = lessons[note->lesson].resend;
    const struct doctor_fact facts[] = {
        DOCTOR_TEXT("lesson", lessons[note->lesson].name),
        DOCTOR_TEXT("when_unknown", resend ? "resend" : "hold"),
        DOCTOR_NUMBER("item", note->order_item_id),
        DOCTOR_NUMBER("at", note->at), {0}};

    if (note->lesson == REPEAT_UNCLEAR)
        doctor_look(d, "unknown", "repeat_unclear", facts);
    else if (resend && !harmless)
        doctor_look(d, "unknown", "resend_harms", facts);
    else
        doctor_ok(d, "unknown",
            !resend && harmless ? "resend_harmless" : "repeat_tried", facts);
}

void doctor_unknown(struct doctor *d)
{
    struct repeat_note note;

    if (!d->has_host)
        return;
    if (repeat_note_read(d->customer.profile.journal, &note))
        say_tried(d, &note);
    else
        doctor_look(d, "unknown",
            d->customer.profile.when_unknown == PROFILE_RESEND
                ? "untried_resend"
                : "untried_hold",
            NULL);
}
