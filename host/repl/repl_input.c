#include "repl/repl_input.h"

#include "base/mem.h"
#include "repl/repl_edit.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS = 80, ROWS_MIN = 10, ROWS_KEPT = 3 };

struct repl_input {
    struct repl_calls calls;
    struct repl_edit *edit; // owns; NULL: no terminal
    struct buf waiting;     // that was read and not asked for yet
    size_t at;              // in it
    bool ended;
};

struct repl_input *repl_input_open(
    const struct repl_calls *calls, struct error *err)
{
    struct repl_input *input = mem_calloc(1, sizeof *input);

    if (!input) {
        error_memory(err);
        return NULL;
    }
    input->calls = *calls;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return input;
    input->edit = repl_edit_open(&input->calls, err);
    if (input->edit)
        return input;
    mem_free(input);
    return NULL;
}

void repl_input_close(struct repl_input *input)
{
    if (!input)
        return;
    repl_edit_close(input->edit);
    buf_free(&input->waiting);
    mem_free(input);
}

bool repl_input_is_terminal(const struct repl_input *input)
{
    return input->edit != NULL;
}

void repl_input_screen(const struct repl_input *input, int *columns, int *rows)
{
    struct winsize size;

    *columns = COLUMNS;
    *rows = 0;
    if (!input->edit)
        return;
    *rows = ROWS_MIN;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return;
    *columns = size.ws_col;
    if (size.ws_row > ROWS_MIN + ROWS_KEPT)
        *rows = size.ws_row - ROWS_KEPT;
}

/* False: a signal. */
static bool wait_for_input(const struct repl_input *input)
{
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
        {.fd = input->calls.signal_fd, .events = POLLIN}};

    while (poll(fds, 2, -1) < 0 && errno == EINTR)
        ;
    return !(fds[1].revents & POLLIN);
}

static bool fill(struct repl_input *input)
{
    ssize_t n = -1;

    if (buf_reserve(&input->waiting, 4096))
        n = read(STDIN_FILENO, input->waiting.data + input->waiting.len, 4096);
    if (n > 0)
        input->waiting.len += (size_t)n;
    input->ended = n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
    return !input->ended;
}

/* The line that is waiting; what has no line end is one at the end. */
static bool take(struct repl_input *input, struct buf *line)
{
    const char *from = buf_text(&input->waiting) + input->at;
    size_t left = input->waiting.len - input->at;
    const char *end = left ? memchr(from, '\n', left) : NULL;
    size_t len = end ? (size_t)(end - from) : left;

    if (!end && (!input->ended || left == 0))
        return false;
    buf_clear(line);
    input->at += len + (end != NULL);
    if (len && from[len - 1] == '\r')
        len--;
    return buf_add(line, from, len);
}

static enum repl_came read_plain(struct repl_input *input, struct buf *line)
{
    while (!take(input, line)) {
        if (input->ended)
            return REPL_END;
        if (input->at == input->waiting.len)
            buf_clear(&input->waiting), input->at = 0;
        if (!wait_for_input(input))
            return REPL_SIGNAL;
        fill(input);
    }
    return REPL_LINE;
}

enum repl_came repl_input_read(
    struct repl_input *input, const char *prompt, struct buf *line)
{
    return input->edit ? repl_edit_read(input->edit, prompt, line)
                       : read_plain(input, line);
}
