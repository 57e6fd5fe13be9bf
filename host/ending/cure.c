#include "ending/cure.h"

#include "base/clock.h"
#include "net/environment.h"

#include <string.h>

static const char *profile_of(const struct ending_run *run)
{
    return run->profile ? run->profile : "profile.lua";
}

static bool put_name(const struct ending_run *run, struct buf *out)
{
    return buf_printf(out,
        " Look at url%s in %s; if it is right, at this machine's DNS.",
        run->has_proxy ? " and proxy" : "", profile_of(run));
}

/* Where nothing but a proxy is let out, a connection fails like this. */
static bool put_connection(const struct ending_run *run, struct buf *out)
{
    const char *variable = run->has_proxy ? NULL : environment_proxy();

    if (!variable)
        return buf_puts(out, " You need to do nothing.");
    return buf_printf(out,
        " %s is set and not used; if this machine needs it, write proxy = env "
        "\"%s\" in %s.",
        variable, variable, profile_of(run));
}

/* The clock stands in the message: with a wrong one every certificate is. */
static bool put_trust(const struct ending_run *run, struct buf *out)
{
    char now[CLOCK_TEXT_MAX];

    return buf_printf(out,
        " This machine's clock says %s. If that is right, it is the host's "
        "certificate, or ca_file in %s: omnitron doctor says more.",
        clock_local(clock_wall_ms(), now), profile_of(run));
}

static const struct {
    const char *kind;
    bool (*put)(const struct ending_run *run, struct buf *out);
} rows[] = {
    {"dns", put_name},
    {"connect", put_connection},
    {"timeout", put_connection},
    {"tls", put_trust},
};

bool cure_no_answer(const struct ending_run *run, struct buf *out)
{
    const char *kind = run->stop->kind ? run->stop->kind : "";

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(kind, rows[i].kind) == 0)
            return rows[i].put(run, out);
    return buf_puts(out, " You need to do nothing.");
}
