#include "report/report_bar.h"

enum { EIGHTHS = 8 };

/* How many of `parts` stand for n: at least one for what is not nothing. */
static int share(int64_t n, int64_t most, int parts)
{
    double exact;

    if (n <= 0 || most <= 0)
        return 0;
    exact = (double)n / (double)most * parts;
    return exact < 1 ? 1 : exact > parts ? parts : (int)exact;
}

bool bar_put(struct buf *out, int64_t n, int64_t most, int width, bool blocks)
{
    static const char *const ends[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int parts = blocks ? EIGHTHS : 1, at = 0;
    int filled = share(n, most, width * parts);
    bool ok = true;

    for (; ok && at < filled / parts; at++)
        ok = buf_puts(out, blocks ? "█" : "#");
    if (ok && filled % parts) {
        ok = buf_puts(out, ends[filled % parts]);
        at++;
    }
    return ok && buf_printf(out, "%*s", width - at, "");
}

bool bar_put_small(struct buf *out, int64_t n, int64_t most, bool blocks)
{
    static const char *const tall[] = {
        "·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const plain[] = {
        " ", ".", ".", ":", "-", "=", "+", "*", "#"};

    return buf_puts(out, (blocks ? tall : plain)[share(n, most, EIGHTHS)]);
}
