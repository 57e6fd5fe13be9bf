/* omnitron journal backup: a copy to put away. */
#include "history/backup.h"

#include "inspect/journal_own.h"

static bool say(
    const char *to, const struct backup_result *result, struct error *err)
{
    struct buf out = {0};
    bool ok = buf_printf(&out,
        "Wrote %s, whole: %lld releases, up to run %lld, %.1f MiB.\n", to,
        (long long)result->releases, (long long)result->runs,
        (double)result->bytes / (1 << 20));

    command_print(&out);
    return ok || error_memory(err);
}

bool journal_word_backup(
    const struct arguments *args, int count, char **words, struct error *err)
{
    struct journal_place place;
    struct backup_result result;

    if (count != 1 || !words[0][0])
        return error_set(
            err, ERROR_USAGE, "backup needs one FILE: where the copy goes");
    return journal_place_find(args, NULL, &place, err) &&
           backup(place.path, words[0], &result, err) &&
           say(words[0], &result, err);
}
