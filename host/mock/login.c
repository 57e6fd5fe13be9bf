#include "mock/login.h"

#include "call/answer.h"
#include "call/body.h"
#include "call/field.h"
#include "mock/site.h"

#include <stdio.h>
#include <string.h>

enum { TOKEN_MAX = 220 };

/* What is wrong with the header, in the framework's words; NULL: nothing. */
static const char *token_problem(const char *header, const char *token)
{
    static const char absent[] =
        "Authentication credentials were not provided.";
    size_t word;

    if (!header)
        return absent;
    header += strspn(header, " \t");
    word = strcspn(header, " \t");
    if (word != 5 ||
        (strncmp(header, "Token", 5) != 0 && strncmp(header, "token", 5) != 0))
        return absent;
    header += word;
    header += strspn(header, " \t");
    if (!*header)
        return "Invalid token header. No credentials provided.";
    if (header[strcspn(header, " \t")])
        return "Invalid token header. "
               "Token string should not contain spaces.";
    return strcmp(header, token) == 0 ? NULL : "Invalid token.";
}

/* The token that is good now: the first is the one of the options. */
static const char *token_now(const struct site *site, char *out, size_t size)
{
    if (site->token_no == 0)
        return site->options.token;
    snprintf(out, size, "%.200s-%u", site->options.token, site->token_no);
    return out;
}

static bool token_is_spent(const struct site *site)
{
    unsigned uses = site->options.token_uses;

    return uses > 0 && site->token_used >= uses;
}

bool login_token_fits(struct call *call)
{
    struct site *site = call->site;
    char now[TOKEN_MAX];
    const char *problem = token_problem(
        call_header(call, "Authorization"), token_now(site, now, sizeof now));

    if (!problem && token_is_spent(site))
        problem = "Token has expired.";
    if (!problem) {
        site->token_used++;
        return true;
    }
    answer_detail(call, 401, "%s", problem);
    answer_header(call, "WWW-Authenticate", "Token");
    return false;
}

/* A fresh one when the last is spent, else the same. */
static const char *hand_out(struct site *site, char *out, size_t size)
{
    if (token_is_spent(site)) {
        site->token_no++;
        site->token_used = 0;
    }
    return token_now(site, out, size);
}

static bool same(struct field_slice got, const char *wanted)
{
    return got.len == strlen(wanted) && memcmp(got.text, wanted, got.len) == 0;
}

/* False: the field's own refusal was answered. */
static bool read_field(struct call *call, const struct json_value *object,
    const char *name, struct buf *text)
{
    bool usable, memory = true;
    const char *problem = field_text(object, name, text, &usable, &memory);

    call->broken = call->broken || !memory;
    if (problem)
        answer_bad_field(call, name, problem);
    return !problem;
}

static void answer_login(struct call *call, const struct json_value *object)
{
    const struct mock_options *options = &call->site->options;
    struct buf user = {0}, password = {0};
    bool has_user = read_field(call, object, "username", &user);
    bool has_password = read_field(call, object, "password", &password);

    if (has_user && has_password &&
        same(field_strip(user.data, user.len), options->user) &&
        same((struct field_slice){password.data, password.len},
            options->password)) {
        char now[TOKEN_MAX];
        const char *token = hand_out(call->site, now, sizeof now);
        answer_begin(call, 200);
        answer_text(call, "{\"key\":");
        answer_string(call, token, strlen(token));
        answer_text(call, "}");
    } else if (has_user && has_password) {
        answer_bad_field(call, "non_field_errors",
            "Unable to log in with provided credentials.");
    }
    buf_free(&user);
    buf_free(&password);
}

void login_post(struct call *call)
{
    struct body body;

    if (body_read(call, &body))
        answer_login(call, &body.object);
    else
        body_answer(call, &body);
}
