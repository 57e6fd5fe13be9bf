#include "runtime/trial_run.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/secret.h"
#include "delivery/look.h"
#include "delivery/reply.h"
#include "delivery/visit.h"
#include "journal/logins.h"

#include <string.h>

enum { POLL_MS = 1000, SENTENCE_MAX = 600 };

struct trial_run {
    const struct trial_run_options *options;
    struct net *net;
    struct journal *journal;
    struct wire *wire;
    struct visit *visit;
    struct notes *notes;
    struct secret *login; // the token of a log-in
    const char *token;
    struct stop_note stop; // why not
    bool waiting;
};

static void wake(void *net)
{
    net_wake(net);
}

static bool open_all(struct trial_run *run, struct error *err)
{
    const struct profile *p = run->options->profile;
    struct journal_options journal = {.path = p->journal,
        .host = p->origin,
        .script = "doctor --repeat",
        .wake = wake};
    struct wire_options wire = {.origin = p->origin,
        .prefix = p->prefix,
        .at_once = 1,
        .timeout_ms = (long)p->timeout_ms,
        .connect_timeout_ms = (long)p->connect_timeout_ms,
        .ca_file = p->ca_file,
        .proxy = p->proxy};
    struct visit_options visit = visit_options_of(p, p->origin);

    run->net = journal.wake_arg = net_open(err);
    if (!run->net || !(run->journal = journal_open(&journal, err)) ||
        !(run->wire = wire_new(run->net, &wire, err)) ||
        !(run->visit = visit_new(run->net, &visit, err)))
        return false;
    run->notes = notes_open(p->journal);
    return run->notes || error_memory(err);
}

static void close_all(struct trial_run *run)
{
    visit_free(run->visit);
    wire_free(run->wire);
    journal_close(run->journal);
    net_close(run->net);
    if (run->notes)
        notes_close(run->notes);
    secret_free(run->login);
}

static void wait(struct trial_run *run)
{
    while (run->waiting) {
        net_poll(run->net, POLL_MS);
        net_turn(run->net);
    }
}

static void note(
    struct trial_run *run, enum stop why, const struct wire_reply *reply)
{
    run->stop.why = why;
    run->stop.status = reply->status;
    reply_explain(reply, run->stop.words, sizeof run->stop.words);
}

static void logged_in(void *arg, const struct wire_reply *reply)
{
    struct trial_run *run = arg;

    run->waiting = false;
    run->login = visit_token(reply);
    struct look_seen seen = {
        reply->curl, reply->complete, reply->status, run->login != NULL};
    note(run, look_judge_login(&seen), reply);
    reply_explain_login(reply, run->stop.words, sizeof run->stop.words);
}

static bool log_in(struct trial_run *run)
{
    int64_t now = clock_wall_ms();

    if (!logins_allowed(run->notes, now, &run->stop.next_at)) {
        run->stop.why = STOP_LOG_IN;
        return false;
    }
    logins_add(run->notes, now);
    run->waiting = true;
    visit_log_in(run->visit, run->options->profile->username,
        run->options->password, logged_in, run);
    wait(run);
    if (run->stop.why == STOP_NONE)
        run->token = secret_text(run->login);
    return run->stop.why == STOP_NONE;
}

static void looked(void *arg, const struct wire_reply *reply)
{
    struct trial_run *run = arg;
    struct json_value value;
    struct error ignored;
    struct look_seen seen = {reply->curl, reply->complete, reply->status,
        json_parse(reply->body, reply->body_len, &value, &ignored)};

    run->waiting = false;
    note(run, look_judge(&seen), reply);
}

static bool look(struct trial_run *run)
{
    run->token = run->options->token;
    if (!run->token && !log_in(run))
        return false;
    if (!run->options->profile->first_look)
        return true;
    run->waiting = true;
    visit_look(run->visit, run->token, looked, run);
    wait(run);
    return run->stop.why == STOP_NONE;
}

static enum exit_code stopped(const struct trial_run *run, struct error *err)
{
    char sentence[SENTENCE_MAX];

    stop_say(
        &run->stop, run->options->profile->host, sentence, sizeof sentence);
    error_set(err, ERROR_OTHER, "%s. Nothing was sent.", sentence);
    return stop_needs_person(run->stop.why) ? EXIT_STOPPED : EXIT_PENDING;
}

static enum exit_code try(
    struct trial_run *run, struct trial_result *result, struct error *err)
{
    struct trial trial = {run->net, run->journal, run->wire,
        run->options->profile->not_done, run->options->order_item_id,
        run->options->code};

    if (!look(run))
        return stopped(run, err);
    if (!wire_set_token(run->wire, run->token, err) ||
        !trial_run(&trial, result, err) ||
        !journal_end_run(run->journal, "", EXIT_DONE, err))
        return exit_of_error(err);
    return EXIT_DONE;
}

enum exit_code trial_run_all(const struct trial_run_options *options,
    struct trial_result *result, struct error *err)
{
    struct trial_run run = {.options = options};
    enum exit_code code = EXIT_DONE;

    if (!journal_init(err) || !open_all(&run, err))
        code = exit_of_error(err);
    else
        code = try(&run, result, err);
    close_all(&run);
    return code;
}
