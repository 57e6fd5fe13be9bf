/* omnitron journal: what was sent and what became of it. */
#include "journal/journal.h"

#include "base/buf.h"
#include "base/escape.h"
#include "base/say.h"
#include "inspect/journal_own.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static bool make(
    const struct arguments *args, int count, char **words, struct error *err)
{
    struct journal_place place;
    char shown[PATH_MAX];

    if (count > 1)
        return error_set(err, ERROR_USAGE, "new takes one folder");
    if (!journal_place_of_new(args, count ? words[0] : NULL, &place, err) ||
        !journal_make(place.path, err))
        return false;
    say_format(stdout,
        "Made %s, empty. Keep it: without it everything goes again.\n",
        escape_copy(place.path, shown, sizeof shown));
    return true;
}

/* `options` are those that the word understands besides --profile and
 * --journal. */
static const struct word {
    const char *name;
    journal_word *run;
    const char *options[7];
} words[] = {
    {"new", make, {NULL}},
    {"list", journal_word_list, {"json", "state", NULL}},
    {"open", journal_word_open, {NULL}},
    {"show", journal_word_show, {"json", NULL}},
    {"settle", journal_word_settle,
        {"done", "not-done", "all-unknown", "all-rejected", "from", "note",
            NULL}},
    {"cancel", journal_word_cancel, {"pending", "rejected", "note", NULL}},
    {"retry", journal_word_retry, {"rejected", "note", NULL}},
    {"import", journal_word_import, {"note", NULL}},
    {"moved", journal_word_moved, {"note", NULL}},
    {"verify", journal_word_verify, {"json", NULL}},
    {"prune", journal_word_prune, {"older-than", NULL}},
    {"export", journal_word_export, {"csv", "json", "state", "since", NULL}},
    {"backup", journal_word_backup, {NULL}},
};

enum { WORDS = sizeof words / sizeof *words };

static bool understands(const struct word *word, const char *option)
{
    const char *const *known = word->options;

    while (*known && strcmp(*known, option) != 0)
        known++;
    return *known || strcmp(option, "profile") == 0 ||
           strcmp(option, "journal") == 0;
}

static bool check_options(
    const struct word *word, const struct arguments *args, struct error *err)
{
    for (const struct option_row *row = args->rows; row->name; row++)
        if (arguments_given(args, row->name) && !understands(word, row->name))
            return error_set(err, ERROR_USAGE, "--%s does not belong to %s",
                row->name, word->name);
    return true;
}

static const struct word *find_word(const char *name)
{
    for (int i = 0; i < WORDS; i++)
        if (strcmp(words[i].name, name) == 0)
            return &words[i];
    return NULL;
}

static const char *nth_word(size_t n, const char *const **options)
{
    *options = n < WORDS ? words[n].options : NULL;
    return n < WORDS ? words[n].name : NULL;
}

static bool values(const char *option, struct buf *out)
{
    bool ok = true;

    for (int i = 0; ok && strcmp(option, "state") == 0 && i < JOURNAL_STATES;
         i++)
        ok = buf_printf(out, "%s\n", journal_state_name((enum journal_state)i));
    return ok;
}

static int run(const struct arguments *args)
{
    const char *name = args->plain_count ? args->plain[0] : "";
    const struct word *word = find_word(name);
    struct error err;

    if (!word) {
        error_set(&err, ERROR_USAGE,
            "journal needs a word: new, list, open, show, settle, cancel, "
            "retry, import, moved, verify, prune, export or backup%s%s",
            name[0] ? ", not " : "", name);
        return command_fail(&err);
    }
    if (check_options(word, args, &err) && journal_init(&err) &&
        word->run(args, args->plain_count - 1, args->plain + 1, &err))
        return 0;
    return command_fail(&err);
}

static const struct option_row options[] = {
    {"json", 0, NULL, false, true, "list, show, verify, export: for a machine"},
    {"csv", 0, NULL, false, true, "export: for a spreadsheet"},
    {"state", 0, "STATE", false, true, "list, export: only rows in this state"},
    {"since", 0, "TIME", false, true,
        "export: what changed since: 7d, or 2025-11-22"},
    {"older-than", 0, "TIME", false, true,
        "prune: what ended before; 400d without it"},
    {"done", 0, NULL, false, true, "settle: the host has it"},
    {"not-done", 0, NULL, false, true, "settle: the host does not have it"},
    {"all-unknown", 0, NULL, false, true, "settle: all that is unknown"},
    {"all-rejected", 0, NULL, false, true, "settle: all that is rejected"},
    {"from", 0, "FILE", false, true,
        "settle: the items in FILE, one a line; - is stdin"},
    {"pending", 0, NULL, false, true, "cancel: all that is pending"},
    {"rejected", 0, NULL, false, true, "cancel, retry: all that is rejected"},
    {"note", 0, "TEXT", false, true,
        "settle, cancel, retry, import, moved: why; kept with your name"},
    {"profile", 0, "FILE", false, true, "the profile whose journal it is"},
    {"journal", 0, "FILE", false, true, "another journal than the profile's"},
    {0},
};

const struct command command_journal = {
    .name = "journal",
    .usage = "journal WORD [ITEM...|FOLDER] [OPTION...]",
    .summary = "what was sent, and what a person says about it",
    .details =
        "journal new [FOLDER]      make an empty one: once for each customer\n"
        "journal list [FOLDER]     every row, or those with --state\n"
        "journal open [FOLDER]     what a person has to look at, and what to "
        "say then\n"
        "journal show ITEM         every attempt, answer and decision of one "
        "item\n"
        "journal verify [FOLDER]   is it whole? Exit code 7: it is not\n"
        "\n"
        "journal settle ITEM...|--all-unknown|--all-rejected|--from FILE\n"
        "               --done|--not-done --note TEXT\n"
        "    An unknown release was sent and may have been applied; a "
        "rejected one may\n"
        "    be in the host by another way. Look in the host's panel, then "
        "say so:\n"
        "    --done makes it confirmed, --not-done pending. Of an item in "
        "conflict,\n"
        "    --done says that what stands is right.\n"
        "journal cancel ITEM...|--pending|--rejected --note TEXT\n"
        "    Takes back what is pending or rejected; of an item in conflict, "
        "what was\n"
        "    asked.\n"
        "journal retry ITEM...|--rejected [--note TEXT]\n"
        "    The next run sends what was rejected once more, as it is.\n"
        "journal import FILE --note TEXT\n"
        "    Takes releases that are done already, by another script or by "
        "hand:\n"
        "    order_item_id;code;update_stock, JSON objects, or the log of a "
        "run.\n"
        "journal moved [FOLDER] --note TEXT\n"
        "    Says that its home is here now: on another machine, under "
        "another\n"
        "    name, or as a copy that was restored. See first that nothing "
        "runs\n"
        "    with the old one any more.\n"
        "\n"
        "journal prune [--older-than 400d]\n"
        "    Drops what nobody asks for any more of releases that were "
        "confirmed or\n"
        "    cancelled before that: earlier attempts, the host's words and "
        "replies, the\n"
        "    row as the rule saw it, what the program itself noted in the "
        "audit. Also\n"
        "    rows of inputs that became no release, summaries of runs, and "
        "runs that no\n"
        "    row names. What was released stays known for ever, and so does "
        "what a person\n"
        "    decided. Nothing that is open is touched. Where that frees much "
        "of the file\n"
        "    and its disk has the room to write it anew, it gets smaller.\n"
        "journal export --csv|--json [--state STATE] [--since TIME]\n"
        "    Every row, to stdout. In CSV (UTF-8 with a byte order mark, for "
        "Excel) a\n"
        "    text that a spreadsheet would run as a formula, or that begins "
        "with an\n"
        "    apostrophe, has one apostrophe more in front. --json is as list "
        "--json.\n"
        "journal backup FILE\n"
        "    A copy of one moment, also while a run goes on. An earlier copy "
        "of the same\n"
        "    journal is replaced, nothing else. To go back to a copy: let no "
        "run start;\n"
        "    move the journal away together with its -wal, -shm and .notes, so "
        "that\n"
        "    nothing of it meets the copy; put the copy in its place. It does "
        "not know\n"
        "    what was released after it was made, and a run sends that again: "
        "see what\n"
        "    the host does then (omnitron doctor --repeat), and look with "
        "omnitron plan\n"
        "    first. While the .notes are there, run refuses a copy that is "
        "older than the\n"
        "    last run.\n"
        "\n"
        "settle, cancel and retry change all the rows named, or none. They and "
        "prune wait\n"
        "up to 10 seconds for a run to end (then exit code 11). A FOLDER or "
        "--profile\n"
        "names another customer than the one in the current folder, --journal "
        "a journal.\n",
    .options = options,
    .word = nth_word,
    .values = values,
    .run = run,
};
