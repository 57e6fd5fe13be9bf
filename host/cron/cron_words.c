#include "cron/cron_own.h"

#include <string.h>

static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                            "0123456789_./:@,+=-";

static bool is_plain(const char *word)
{
    return word[0] && word[strspn(word, plain)] == '\0';
}

/* Nothing within quotes needs a backslash, of which each cron thinks
 * otherwise, but for the one in front of %. */
bool cron_put_shell(struct buf *out, const char *word)
{
    bool quote = !is_plain(word);
    bool ok = !quote || buf_putc(out, '\'');

    for (; ok && *word; word++)
        ok = *word == '\''  ? buf_puts(out, "'\"'\"'")
             : *word == '%' ? buf_puts(out, "\\%")
                            : buf_putc(out, *word);
    return ok && (!quote || buf_putc(out, '\''));
}

/* systemd.syntax(7), "Quoting"; systemd.unit(5), "Specifiers". `twice` is
 * what stands for itself when it is doubled. */
static bool put_quoted(struct buf *out, const char *word, const char *twice)
{
    char quote = strchr(word, '"') ? '\'' : '"';
    bool ok = true;

    if (is_plain(word))
        quote = '\0';
    if (quote)
        ok = buf_putc(out, quote);
    for (; ok && *word; word++)
        ok = (*word != quote || buf_putc(out, '\\')) &&
             (!strchr(twice, *word) || buf_putc(out, *word)) &&
             buf_putc(out, *word);
    return ok && (!quote || buf_putc(out, quote));
}

bool cron_put_unit_word(struct buf *out, const char *word)
{
    return put_quoted(out, word, "%");
}

bool cron_put_exec_word(struct buf *out, const char *word)
{
    return put_quoted(out, word, "%$");
}

bool cron_put_unit_text(struct buf *out, const char *text)
{
    bool ok = true;

    for (; ok && *text; text++)
        ok = (*text != '%' || buf_putc(out, '%')) && buf_putc(out, *text);
    return ok;
}
