#include "delivery/repeat_note.h"

#include "history/health.h"
#include "journal/sidecar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char key[] = "repeat";

static const char *const words[TRIAL_LESSONS] = {
    [TRIAL_SAME] = "same",
    [TRIAL_SECOND] = "second",
    [TRIAL_REFUSED] = "refused",
    [TRIAL_UNCLEAR] = "unclear",
};

enum trial_lesson trial_lesson_of(const struct trial_result *result)
{
    const struct trial_attempt *first = &result->first,
                               *second = &result->second;

    if (second->outcome == OUTCOME_APPLIED)
        return first->mapping.pk == second->mapping.pk ? TRIAL_SAME
                                                       : TRIAL_SECOND;
    return second->outcome == OUTCOME_REFUSED ? TRIAL_REFUSED : TRIAL_UNCLEAR;
}

void trial_note_write(const char *journal, int64_t now_ms,
    int64_t order_item_id, const struct trial_result *result)
{
    struct notes *notes = result->second.made ? notes_open(journal) : NULL;
    char text[80];

    if (!notes)
        return;
    snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %s", now_ms,
        order_item_id, words[trial_lesson_of(result)]);
    (void)notes_write(notes, key, text);
    notes_close(notes);
}

/* Anybody may have written there. */
static bool parse(const char *text, struct trial_note *note)
{
    char word[16];
    int i;

    if (sscanf(text, "%15" SCNd64 " %19" SCNd64 " %15s", &note->at,
            &note->order_item_id, word) != 3)
        return false;
    for (i = 0; i < TRIAL_LESSONS; i++) {
        note->lesson = (enum trial_lesson)i;
        if (strcmp(word, words[i]) == 0)
            return true;
    }
    return false;
}

bool trial_note_read(const char *journal, struct trial_note *note)
{
    struct notes *notes = notes_open(journal);
    struct buf text = {0};
    bool ok =
        notes && notes_read(notes, key, &text) && parse(buf_text(&text), note);

    buf_free(&text);
    notes_close(notes);
    if (!ok)
        note->lesson = TRIAL_UNCLEAR;
    return ok || journal_noted(journal, trial_on_purpose, &note->order_item_id,
                     &note->at);
}
