#include "session/repeat_run.h"

#include "base/clock.h"
#include "delivery/repeat_note.h"
#include "session/contact.h"

enum { SENTENCE_MAX = 600 };

struct repeat_run {
    const struct repeat_run_options *options;
    struct contact contact;
    struct journal *journal;
    struct wire *wire;
};

static void wake(void *net)
{
    net_wake(net);
}

static bool open_all(struct repeat_run *run, struct error *err)
{
    const struct repeat_run_options *o = run->options;
    const struct profile *p = o->profile;
    struct journal_options journal = {.path = p->journal,
        .host = p->origin,
        .script = "doctor --repeat",
        .wake = wake};
    struct wire_options wire = {.origin = p->origin,
        .prefix = p->prefix,
        .at_once = 1,
        .route = p->route};

    if (!contact_open(&run->contact, p, o->token, o->password, err))
        return false;
    journal.wake_arg = run->contact.net;
    run->journal = journal_open(&journal, err);
    if (run->journal)
        run->wire = wire_new(run->contact.net, &wire, err);
    return run->wire != NULL;
}

static void close_all(struct repeat_run *run)
{
    wire_free(run->wire);
    journal_close(run->journal);
    contact_close(&run->contact);
}

static bool look(struct repeat_run *run)
{
    return contact_log_in(&run->contact) &&
           (!run->options->profile->first_look || contact_look(&run->contact));
}

static enum exit_code stopped(const struct repeat_run *run, struct error *err)
{
    char sentence[SENTENCE_MAX];

    stop_reason_say(&run->contact.stop, run->options->profile->host, sentence,
        sizeof sentence);
    error_set(err, ERROR_OTHER, "%s. Nothing was sent.", sentence);
    return stop_reason_needs_person(run->contact.stop.why) ? EXIT_STOPPED
                                                           : EXIT_PENDING;
}

static enum exit_code try(
    struct repeat_run *run, struct repeat_result *result, struct error *err)
{
    struct repeat trial = {run->contact.net, run->journal, run->wire,
        run->options->profile->not_done, run->options->order_item_id,
        run->options->code};

    if (!look(run))
        return stopped(run, err);
    // the only token of its life
    if (!wire_set_token(run->wire, run->contact.token, 1, err) ||
        !repeat_run(&trial, result, err) ||
        !journal_end_run(run->journal, "", EXIT_DONE, err))
        return exit_of_error(err);
    repeat_note_write(run->options->profile->journal, clock_wall_ms(),
        run->options->order_item_id, result);
    return EXIT_DONE;
}

enum exit_code repeat_run_all(const struct repeat_run_options *options,
    struct repeat_result *result, struct error *err)
{
    struct repeat_run run = {.options = options};
    enum exit_code code = EXIT_DONE;

    if (!journal_init(err) || !open_all(&run, err))
        code = exit_of_error(err);
    else
        code = try(&run, result, err);
    close_all(&run);
    return code;
}
