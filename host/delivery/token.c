#include "delivery/token.h"

#include "base/clock.h"
#include "base/mem.h"
#include "delivery/first_look.h"
#include "delivery/logins.h"
#include "delivery/reply.h"

enum {
    FAILED_FOR_MS = 5000, // a log-in that fails may lock an account
    REFUSED_MOST = 2,     // tokens in a row
};

struct token {
    struct token_options options;
    struct request *visit;
    struct sidecar *notes;
    struct secret *secret; // of a log-in
    const char *text;      // the present one, or NULL
    int number;
    bool asking; // a log-in is under way
    struct token_wait *first;
    struct stop_note failure;
    int64_t failed_ms; // monotonic
    int refused;       // tokens in a row that were good for nothing
    int refused_number;
};

struct token *token_new(
    struct net *net, const struct token_options *options, struct error *err)
{
    struct token *token = mem_calloc(1, sizeof *token);

    if (!token) {
        error_memory(err);
        return NULL;
    }
    token->options = *options;
    token->text = options->given;
    token->number = options->given ? 1 : 0;
    token->visit = request_new(net, &options->visit, err);
    token->notes = token->visit ? sidecar_open(options->journal_path) : NULL;
    if (token->notes)
        return token;
    if (token->visit)
        error_memory(err);
    token_free(token);
    return NULL;
}

static void keep(struct token *token, struct secret *secret)
{
    secret_free(token->secret);
    token->secret = secret;
    token->text = secret_text(secret);
    token->number++;
}

static void note(struct token *token, const struct wire_reply *reply, bool has)
{
    struct first_look_seen seen = {
        reply->curl, reply->complete, reply->status, has};
    struct stop_note *failure = &token->failure;

    *failure = (struct stop_note){.why = first_look_judge_login(&seen),
        .kind = reply->kind,
        .status = reply->status};
    token->failed_ms = clock_monotonic_ms();
    reply_explain_login(reply, failure->words, sizeof failure->words);
}

static void logged_in(void *arg, const struct wire_reply *reply)
{
    struct token *token = arg;
    bool ok = reply->status >= 200 && reply->status <= 299;
    struct secret *secret = ok ? request_token(reply) : NULL;
    struct token_wait *wait = token->first;

    token->asking = false;
    token->first = NULL;
    note(token, reply, secret != NULL);
    if (token->failure.why == STOP_NONE)
        keep(token, secret);
    else
        secret_free(secret);
    while (wait) {
        struct token_wait *next = wait->next;
        wait->done(wait, reply);
        wait = next;
    }
}

/* Whether the latest failure is an answer to this wish as well. */
static bool still_fails(const struct token *token)
{
    enum stop_reason why = token->failure.why;

    return why != STOP_NONE &&
           (stop_reason_needs_person(why) ||
               clock_monotonic_ms() - token->failed_ms < FAILED_FOR_MS);
}

/* The answer may come from inside. */
static void log_in(struct token *token)
{
    int64_t now = clock_wall_ms(), next;

    if (!token->options.username) {
        token->failure = (struct stop_note){.why = STOP_TOKEN, .status = 401};
        token->failed_ms = clock_monotonic_ms();
        return;
    }
    if (!logins_allowed(token->notes, now, &next)) {
        token->failure =
            (struct stop_note){.why = STOP_LOG_IN, .next_at = next};
        token->failed_ms = clock_monotonic_ms();
        return;
    }
    logins_add(token->notes, now);
    token->asking = true;
    request_log_in(token->visit, token->options.username,
        token->options.password, logged_in, token);
}

enum token_answer token_want(
    struct token *token, int after, struct token_wait *wait)
{
    if (token->number > after)
        return TOKEN_HERE;
    if (!token->asking && !still_fails(token))
        log_in(token);
    if (!token->asking)
        return token->number > after ? TOKEN_HERE : TOKEN_NONE;
    wait->next = token->first;
    token->first = wait;
    return TOKEN_ASKED;
}

void token_forget(struct token *token, struct token_wait *wait)
{
    struct token_wait **at = &token->first;

    while (*at && *at != wait)
        at = &(*at)->next;
    if (*at)
        *at = wait->next;
}

const char *token_text(const struct token *token)
{
    return token->text;
}

int token_number(const struct token *token)
{
    return token->number;
}

const struct stop_note *token_failure(const struct token *token)
{
    return &token->failure;
}

/* Several requests may find out about one token. */
bool token_answered(struct token *token, int number, bool refused)
{
    if (!refused) {
        token->refused = 0;
        return true;
    }
    if (!token->options.username)
        return false;
    if (number < token->number)
        return true;
    if (token->refused_number != number)
        token->refused++;
    token->refused_number = number;
    return token->refused < REFUSED_MOST;
}

void token_free(struct token *token)
{
    if (!token)
        return;
    request_free(token->visit);
    if (token->notes)
        sidecar_close(token->notes);
    secret_free(token->secret);
    mem_free(token);
}
