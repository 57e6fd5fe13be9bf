/* omnitron doctor --repeat: what this Omnitron does with a second release. */
#include "base/escape.h"
#include "base/exit_code.h"
#include "base/log.h"
#include "base/say.h"
#include "base/secret.h"
#include "delivery/repeat_note.h"
#include "delivery/valid.h"
#include "doctor/doctor_own.h"
#include "session/repeat_run.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* "--repeat ITEM CODE" and FOLDER, in any order: the code is the word that
 * is no folder, and of two that are none or both the one in front. */
static bool read_words(const struct arguments *args, const char **folder,
    const char **code, struct error *err)
{
    char **words = args->plain;
    int n = args->plain_count;

    *folder = NULL;
    if (n < 1 || n > 2)
        return error_set(err, ERROR_USAGE,
            "--repeat needs an order item and a code: omnitron doctor [FOLDER] "
            "--repeat ITEM CODE --yes");
    *code = words[0];
    if (n == 1)
        return true;
    *folder = words[1];
    if (is_folder(words[0]) && !is_folder(words[1])) {
        *folder = words[0];
        *code = words[1];
    }
    return true;
}

static bool read_repeat(const struct arguments *args,
    struct repeat_run_options *run, const char **folder, struct error *err)
{
    const char *item = arguments_text(args, "repeat");

    return read_words(args, folder, &run->code, err) &&
           valid_item_text(item, strlen(item), &run->order_item_id, err) &&
           valid_code(run->code, strlen(run->code), err);
}

static bool warn(const struct arguments *args,
    const struct repeat_run_options *run, const struct profile *profile,
    struct error *err)
{
    if (arguments_given(args, "yes"))
        return true;
    return error_set(err, ERROR_USAGE,
        "this sends the release of item %lld as \"%s\" to %s, lets its stock "
        "go, and sends it again on purpose. Do it with a test item on a test "
        "tenant only, and say --yes.",
        (long long)run->order_item_id, run->code, profile->host);
}

/* What the second answer teaches. */
static const char *const lessons[REPEAT_LESSONS] = {
    [REPEAT_SAME] = "It answered with the same mapping: to send once more does "
                    "no harm.\nwhen_unknown = \"resend\" is right for it.",
    [REPEAT_SECOND] = "It made a second mapping: never send twice.\nKeep "
                      "when_unknown = \"hold\".",
    [REPEAT_REFUSED] =
        "It refuses a second release, so nothing is done twice; but a "
        "refusal does\nnot say what the first one was. Keep "
        "when_unknown = \"hold\": a person who\nsees such a refusal may "
        "settle with --done.",
    [REPEAT_UNCLEAR] =
        "That says nothing for sure. Keep when_unknown = \"hold\".",
};

static void say_attempt(const char *which, const struct repeat_attempt *a)
{
    char words[REPEAT_WORDS_MAX + 1], shown[4 * REPEAT_WORDS_MAX + 1];
    size_t len;

    snprintf(words, sizeof words, "%s", a->words);
    len = strlen(words);
    secret_mask(words, &len);
    if (a->outcome == OUTCOME_APPLIED)
        say_format(stdout, "%-6s  applied, mapping %lld\n", which,
            (long long)a->mapping.pk);
    else
        say_format(stdout, "%-6s  %s: %s\n", which, outcome_name(a->outcome),
            escape_copy(words, shown, sizeof shown));
}

static int say(const struct repeat_run_options *run,
    const struct profile *profile, const struct repeat_result *r)
{
    if (r->has_row) {
        log_error("item %lld is in the journal already (%s as \"%s\"): name "
                  "a test item that was never released. Nothing was sent.",
            (long long)run->order_item_id, journal_state_name(r->row.state),
            r->row.code);
        return EXIT_SETUP;
    }
    say_format(stdout, "%s, item %lld as \"%s\", sent twice on purpose:\n",
        profile->host, (long long)run->order_item_id, run->code);
    say_attempt("first", &r->first);
    if (!r->second.made) {
        say_format(stdout,
            "The second was not sent: there is nothing to learn from it "
            "before the first\nis applied.\n");
        return r->first.outcome == OUTCOME_UNKNOWN   ? EXIT_UNKNOWN
               : r->first.outcome == OUTCOME_REFUSED ? EXIT_ROWS
                                                     : EXIT_PENDING;
    }
    say_attempt("second", &r->second);
    say_format(stdout, "%s\n", lessons[repeat_lesson_of(r)]);
    return EXIT_DONE;
}

int doctor_repeat(const struct arguments *args, struct customer *customer)
{
    struct repeat_run_options run = {0};
    struct repeat_result result;
    const char *folder = NULL;
    struct error err;

    if (!read_repeat(args, &run, &folder, &err) ||
        !customer_load(
            customer, arguments_text(args, "profile"), folder, &err) ||
        !profile_ready(&customer->profile, &err) ||
        !warn(args, &run, &customer->profile, &err) ||
        !customer_unlock(customer, &err))
        return command_fail(&err);
    run.profile = &customer->profile;
    if (customer->token)
        run.token = secret_text(customer->token);
    else
        run.password = secret_text(customer->password);
    enum exit_code code = repeat_run_all(&run, &result, &err);
    if (code == EXIT_DONE)
        return say(&run, &customer->profile, &result);
    log_error("%s", err.text);
    return (int)code;
}
