#include "journal/age.h"

#include "journal/notes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char key[] = "runs";

/* 0: not known. */
static int64_t noted_runs(const char *path)
{
    struct notes *notes = notes_open(path);
    struct buf text = {0};
    int64_t runs = 0;

    if (notes && notes_read(notes, key, &text))
        runs = strtoll(buf_text(&text), NULL, 10);
    buf_free(&text);
    notes_close(notes);
    return runs;
}

bool age_check(struct store *store, struct error *err)
{
    int64_t noted = noted_runs(store->name);
    int64_t runs = 0;

    if (!store_number(
            store, "SELECT coalesce(max(id), 0) FROM run", &runs, err))
        return false;
    return noted <= runs ||
           error_set(err, ERROR_USAGE,
               "the journal %s knows %" PRId64 " runs and %" PRId64
               " were made: it is an older copy, or its -wal is gone. What "
               "was released since would be sent again. Put the latest one "
               "back. If it is lost, remove %s.notes to go on with this one.",
               store->name, runs, noted, store->name);
}

void age_keep(const struct store *store, int64_t run)
{
    struct notes *notes;
    char text[24];

    if (run == 0)
        return;
    notes = notes_open(store->name);
    snprintf(text, sizeof text, "%" PRId64, run);
    if (notes)
        (void)notes_write(notes, key, text);
    notes_close(notes);
}

void age_forget(const char *path)
{
    struct notes *notes = noted_runs(path) > 0 ? notes_open(path) : NULL;

    if (notes) {
        (void)notes_write(notes, key, "0");
        notes_close(notes);
    }
}
