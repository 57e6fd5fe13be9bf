#include "cmd/watch.h"

#include "base/clock.h"
#include "base/file_path.h"
#include "base/file_replace.h"
#include "base/log.h"
#include "base/secret.h"
#include "ending/metrics.h"
#include "ending/ping.h"
#include "session/script_path.h"

#include <string.h>

enum { METRICS_MODE = 0644 }; // the collector is another user

/* A URL that says more than a host is what only its owner knows. */
static bool hide(struct watch *watch, const char *url, struct error *err)
{
    const char *place = strstr(url, "://") + 3;

    if (place[strcspn(place, "/?")] == '\0')
        return true;
    watch->url = secret_new("the URL of --ping", url, strlen(url), err);
    return watch->url != NULL;
}

bool watch_open(
    struct watch *watch, const struct arguments *args, struct error *err)
{
    const char *ping = arguments_text(args, "ping");

    watch->started_at = clock_wall_ms();
    watch->script = args->plain_count ? args->plain[0] : "";
    watch->metrics = arguments_text(args, "metrics");
    if (watch->metrics &&
        !file_replace_check("--metrics", watch->metrics, err)) {
        log_warn("%s; the run goes on without", err->text);
        watch->metrics = NULL;
    }
    if (!ping)
        return true;
    if (!ping_check(ping, err) || !hide(watch, ping, err))
        return false;
    watch->ping = ping;
    return true;
}

static const char *known_host(const struct session_options *o)
{
    if (o->endpoint.name)
        return o->endpoint.name;
    return o->profile ? o->profile->host : "";
}

static void write_metrics(const struct watch *watch,
    const struct session_options *session, const struct run_result *result,
    int exit_code)
{
    struct metrics metrics = {.script = file_path_name(watch->script),
        .host = known_host(session),
        .result = result,
        .started_at = watch->started_at,
        .ended_at = clock_wall_ms(),
        .exit_code = exit_code};
    struct buf text = {0};
    struct error err;
    char label[SCRIPT_LABEL_MAX];

    script_label(watch->script, label);
    metrics.customer = label;
    if (!(metrics_put(&metrics, &text) || error_memory(&err)) ||
        !file_replace_write("--metrics", watch->metrics, METRICS_MODE,
            text.data, text.len, &err))
        log_warn("%s", err.text);
    buf_free(&text);
}

void watch_tell(const struct watch *watch,
    const struct session_options *session, const struct run_result *result,
    int exit_code)
{
    if (exit_code == EXIT_HELD)
        return;
    if (watch->metrics)
        write_metrics(watch, session, result, exit_code);
    if (watch->ping)
        ping_end(watch->ping, exit_code,
            session->profile ? session->profile->route.proxy : NULL);
}

void watch_close(struct watch *watch)
{
    secret_free(watch->url);
}
