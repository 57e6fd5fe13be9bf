#include "delivery/repeat_note.h"

#include "history/health.h"
#include "journal/sidecar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char key[] = "repeat";

static const char *const words[REPEAT_LESSONS] = {
    [REPEAT_SAME] = "same",
    [REPEAT_SECOND] = "second",
    [REPEAT_REFUSED] = "refused",
    [REPEAT_UNCLEAR] = "unclear",
};

enum repeat_lesson repeat_lesson_of(const struct repeat_result *result)
{
    const struct repeat_attempt *first = &result->first,
                                *second = &result->second;

    if (second->outcome == OUTCOME_APPLIED)
        return first->mapping.pk == second->mapping.pk ? REPEAT_SAME
                                                       : REPEAT_SECOND;
    return second->outcome == OUTCOME_REFUSED ? REPEAT_REFUSED : REPEAT_UNCLEAR;
}

void repeat_note_write(const char *journal, int64_t now_ms,
    int64_t order_item_id, const struct repeat_result *result)
{
    struct sidecar *notes = result->second.made ? sidecar_open(journal) : NULL;
    char text[80];

    if (!notes)
        return;
    snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %s", now_ms,
        order_item_id, words[repeat_lesson_of(result)]);
    (void)sidecar_write(notes, key, text);
    sidecar_close(notes);
}

/* Anybody may have written there. */
static bool parse(const char *text, struct repeat_note *note)
{
    char word[16];
    int i;

    if (sscanf(text, "%15" SCNd64 " %19" SCNd64 " %15s", &note->at,
            &note->order_item_id, word) != 3)
        return false;
    for (i = 0; i < REPEAT_LESSONS; i++) {
        note->lesson = (enum repeat_lesson)i;
        if (strcmp(word, words[i]) == 0)
            return true;
    }
    return false;
}

bool repeat_note_read(const char *journal, struct repeat_note *note)
{
    struct sidecar *notes = sidecar_open(journal);
    struct buf text = {0};
    bool ok = notes && sidecar_read(notes, key, &text) &&
              parse(buf_text(&text), note);

    buf_free(&text);
    sidecar_close(notes);
    if (!ok)
        note->lesson = REPEAT_UNCLEAR;
    return ok || journal_noted(journal, repeat_on_purpose, &note->order_item_id,
                     &note->at);
}
