#include "cmd/progress.h"

#include "base/buf.h"
#include "base/clock.h"
#include "runtime/report.h"

#include <stdio.h>
#include <unistd.h>

enum { EVERY_MS = 100, WIDTH = 79 };

static struct {
    bool shown;
    int64_t last_ms, started_ms;
} line;

/* Asked once: it is a call into the kernel, and comes with every row. */
static bool has_terminal(void)
{
    static int known = -1;

    if (known < 0)
        known = isatty(STDERR_FILENO);
    return known;
}

void progress_show(
    const struct host_rows *rows, const struct delivery_tally *tally)
{
    int64_t now = clock_monotonic_ms();
    struct buf text = {0};

    if (!line.started_ms)
        line.started_ms = now;
    if (!has_terminal() || now - line.last_ms < EVERY_MS)
        return;
    line.last_ms = now;
    line.shown = true;
    int64_t ms = now - line.started_ms;
    if (buf_printf(&text, "%lld lines: ", (long long)rows->rows) &&
        report_counts(rows, tally, false, &text))
        fprintf(stderr, "\r\033[K%.*s  %lld/s", WIDTH - 10, buf_text(&text),
            (long long)(ms ? rows->rows * 1000 / ms : 0));
    buf_free(&text);
}

void progress_hide(void)
{
    if (line.shown)
        fputs("\r\033[K", stderr);
    line.shown = false;
}
