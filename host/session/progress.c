#include "session/progress.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "session/progress_line.h"
#include "terminal/terminal.h"

#include <stdio.h>
#include <unistd.h>

enum { EVERY_MS = 100 };

/* There is one screen. */
static struct {
    bool open, shown;
    bool cut; // a line of stdout has no end yet
    bool colour;
    int64_t last_ms, started_ms;
} line;

static void hide(void)
{
    static const char erase[] = "\r\x1B[K";

    if (line.shown)
        (void)file_say(STDERR_FILENO, erase, sizeof erase - 1);
    line.shown = false;
}

/* What a script writes, by print or by io.write, on the same screen. */
static ssize_t write_aside(void *arg, const char *text, size_t len)
{
    hide();
    if (len)
        line.cut = text[len - 1] != '\n';
    return write(*(const int *)arg, text, len);
}

/* The stream becomes one that takes the line off the screen first. */
static void guard(FILE **stream, int *fd, int mode)
{
    FILE *guarded;

    if (!isatty(*fd))
        return;
    guarded =
        fopencookie(fd, "w", (cookie_io_functions_t){.write = write_aside});
    if (!guarded)
        return;
    setvbuf(guarded, NULL, mode, BUFSIZ);
    fflush(*stream);
    *stream = guarded;
}

bool progress_open(const struct arguments *args)
{
    static int out = STDOUT_FILENO, err = STDERR_FILENO;

    if (line.open || arguments_given(args, "quiet") || log_is_json() ||
        !terminal_can_redraw(STDERR_FILENO))
        return line.open;
    line.open = true;
    line.colour = terminal_has_colour(STDERR_FILENO);
    line.started_ms = clock_monotonic_ms();
    log_around(hide, NULL);
    guard(&stdout, &out, _IOLBF);
    guard(&stderr, &err, _IONBF);
    return true;
}

/* The width is asked for each time: the window may have changed. The last
 * column stays free, or some terminals go to the next line. */
void progress_show(const struct run_progress *progress)
{
    int64_t now = clock_monotonic_ms();
    struct buf text = {0};

    if (!line.open || line.cut || now - line.last_ms < EVERY_MS ||
        (!progress->rows->rows && !progress->expected))
        return;
    line.last_ms = now;
    if (buf_puts(&text, "\r\x1B[K") &&
        progress_line_put(&text, progress, now - line.started_ms,
            terminal_columns(STDERR_FILENO) - 1, line.colour)) {
        (void)file_say(STDERR_FILENO, text.data, text.len);
        line.shown = true;
    }
    buf_free(&text);
}

void progress_close(void)
{
    if (!line.open)
        return;
    fflush(stdout);
    hide();
    log_around(NULL, NULL);
    line.open = false;
}
