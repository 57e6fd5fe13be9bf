#include "journal/rollback.h"

#include "journal/sidecar.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char key[] = "runs", lost_key[] = "lost";

/* 0: not known. */
static int64_t noted_runs(const char *path)
{
    struct sidecar *notes = sidecar_open(path);
    struct buf text = {0};
    int64_t runs = 0;

    if (notes && sidecar_read(notes, key, &text))
        runs = strtoll(buf_text(&text), NULL, 10);
    buf_free(&text);
    sidecar_close(notes);
    return runs;
}

/* Run 0: nothing was lost. */
static void noted_loss(const char *path, int64_t *run, uint64_t *inode)
{
    struct sidecar *notes = sidecar_open(path);
    struct buf text = {0};

    *run = 0;
    *inode = 0;
    if (notes && sidecar_read(notes, lost_key, &text))
        (void)sscanf(buf_text(&text), "%" SCNd64 " %" SCNu64, run, inode);
    buf_free(&text);
    sidecar_close(notes);
}

static bool check_loss(const struct store *store, struct error *err)
{
    uint64_t inode;
    int64_t run;
    struct stat st;

    noted_loss(store->name, &run, &inode);
    if (run <= 0 ||
        (inode && stat(store->name, &st) == 0 && st.st_ino == inode))
        return true;
    return error_set(err, ERROR_USAGE,
        "the files of the journal %s were taken away, replaced or cut short "
        "under run %" PRId64 ", and %s. What was released then would be sent "
        "again. %s, say that this one counts: omnitron journal moved --journal "
        "%s --note \"…\"",
        store->name, run,
        inode ? "this is not the file that it wrote"
              : "what that run wrote last is lost",
        inode ? "Put that one back. If it is lost"
              : "Look up at the host what it released; then",
        store->name);
}

bool rollback_check(struct store *store, struct error *err)
{
    int64_t noted = noted_runs(store->name);
    int64_t runs = 0;

    if (!store_number(
            store, "SELECT coalesce(max(id), 0) FROM run", &runs, err))
        return false;
    if (noted > runs)
        return error_set(err, ERROR_USAGE,
            "the journal %s knows %" PRId64 " runs and %" PRId64
            " were made: it is an older copy, or its -wal is gone. What "
            "was released since would be sent again. Put the latest one "
            "back. If it is lost, say that this one counts: omnitron journal "
            "moved --journal %s --note \"…\"",
            store->name, runs, noted, store->name);
    return check_loss(store, err);
}

static void forget_loss(struct sidecar *notes)
{
    struct buf text = {0};

    if (sidecar_read(notes, lost_key, &text) && text.len > 1)
        (void)sidecar_write(notes, lost_key, "0");
    buf_free(&text);
}

void rollback_keep(const struct store *store, int64_t run)
{
    struct sidecar *notes;
    char text[24];

    if (run == 0)
        return;
    notes = sidecar_open(store->name);
    snprintf(text, sizeof text, "%" PRId64, run);
    if (notes) {
        (void)sidecar_write(notes, key, text);
        forget_loss(notes);
    }
    sidecar_close(notes);
}

void rollback_lose(const char *path, int64_t run, uint64_t inode)
{
    struct sidecar *notes = sidecar_open(path);
    char text[48];

    snprintf(text, sizeof text, "%" PRId64 " %" PRIu64, run, inode);
    if (notes)
        (void)sidecar_write(notes, lost_key, text);
    sidecar_close(notes);
}

void rollback_forget(const char *path)
{
    struct sidecar *notes = sidecar_open(path);

    if (notes && noted_runs(path) > 0)
        (void)sidecar_write(notes, key, "0");
    if (notes)
        forget_loss(notes);
    sidecar_close(notes);
}
