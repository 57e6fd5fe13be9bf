#include "mock/outage.h"

#include "call/answer.h"
#include "call/damage.h"
#include "call/scripted_reply.h"
#include "mock/option_text.h"

#include <string.h>

static void answer_bad_gateway(struct call *call, unsigned arg)
{
    (void)arg;
    answer_page(call, 502, "Bad Gateway");
}

static void answer_missing(struct call *call, unsigned arg)
{
    (void)arg;
    answer_page(call, 404, "Not Found");
}

static void answer_denied(struct call *call, unsigned arg)
{
    (void)arg;
    answer_detail(call, 401, "Invalid token.");
    answer_header(call, "WWW-Authenticate", "Token");
}

const struct outage_row outage_rows[] = {
    {"502-html", answer_bad_gateway, 0, "502 with HTML"},
    {"503", damage_status, 503, "503 with JSON"},
    {"login-page", damage_html, 0, "200 with HTML"},
    {"404", answer_missing, 0, "404 with HTML"},
    {"401", answer_denied, 0, "401, whatever the token"},
    {"redirect", damage_redirect, 0, "302 to a log-in page"},
    {"silence", scripted_silence, 0, "read, never answered"},
    {"close", damage_close, 0, "read, then closed"},
    {NULL, NULL, 0, NULL},
};

bool outage_read(
    const char *text, struct mock_options *options, struct error *err)
{
    char known[200] = "";

    for (unsigned i = 0; outage_rows[i].name; i++) {
        if (strcmp(text, outage_rows[i].name) == 0) {
            options->outage = i + 1;
            return true;
        }
        option_text_name(known, sizeof known, outage_rows[i].name);
    }
    return error_set(
        err, ERROR_USAGE, "there is no outage '%.60s'; known: %s", text, known);
}

bool outage_help(struct buf *out)
{
    bool ok = true;

    for (const struct outage_row *row = outage_rows; ok && row->name; row++)
        ok = buf_printf(out, "  %-26s %s\n", row->name, row->help);
    return ok;
}

const struct outage_row *outage_of(const struct mock_options *options)
{
    return options->outage ? &outage_rows[options->outage - 1] : NULL;
}
