/* The tables as one JSON object, for whoever checks or completes them. */
#include "base/exit_code.h"
#include "base/version.h"
#include "cli/help.h"
#include "profile/profile.h"
#include "json/json.h"

#include <string.h>

static bool put_option(const struct option_row *row, struct buf *out)
{
    char letter[2] = {row->letter, '\0'};

    return json_put_comma(out) && buf_putc(out, '{') &&
           json_put_member_text(out, "name", row->name) &&
           json_put_member_text(out, "letter", row->letter ? letter : NULL) &&
           json_put_member_text(out, "value", row->value) &&
           json_put_member_bool(out, "many", row->many) &&
           json_put_member_text(out, "help", row->help) && buf_putc(out, '}');
}

static bool put_names(const char *const *names, struct buf *out)
{
    bool ok = json_put_name(out, "options") && buf_putc(out, '[');

    for (; ok && *names; names++)
        ok =
            json_put_comma(out) && json_put_string(out, *names, strlen(*names));
    return ok && buf_putc(out, ']');
}

static bool put_words(const struct command *command, struct buf *out)
{
    const char *const *options;
    const char *word;
    bool ok = json_put_name(out, "words") && buf_putc(out, '[');

    for (size_t n = 0; ok && command->word; n++) {
        word = command->word(n, &options);
        if (!word)
            break;
        ok = json_put_comma(out) && buf_putc(out, '{') &&
             json_put_member_text(out, "name", word) &&
             put_names(options, out) && buf_putc(out, '}');
    }
    return ok && buf_putc(out, ']');
}

static bool put_command(const struct command *command, struct buf *out)
{
    bool ok = json_put_comma(out) && buf_putc(out, '{') &&
              json_put_member_text(out, "name", command->name) &&
              json_put_member_text(out, "usage", command->usage) &&
              json_put_member_text(out, "summary", command->summary) &&
              json_put_name(out, "options") && buf_putc(out, '[');

    for (const struct option_row *row = command->options; ok && row->name;
         row++)
        ok = put_option(row, out);
    return ok && buf_putc(out, ']') && put_words(command, out) &&
           buf_putc(out, '}');
}

static bool put_keys(struct buf *out)
{
    const char *otherwise, *key;
    bool ok = json_put_name(out, "profile") && buf_putc(out, '[');

    for (size_t n = 0; ok && (key = profile_key(n, &otherwise)); n++)
        ok = json_put_comma(out) && buf_putc(out, '{') &&
             json_put_member_text(out, "key", key) &&
             json_put_member_text(out, "default", otherwise) &&
             buf_putc(out, '}');
    return ok && buf_putc(out, ']');
}

static bool put_exit_codes(struct buf *out)
{
    bool ok = json_put_name(out, "exit_codes") && buf_putc(out, '[');

    for (const struct exit_row *row = exit_rows; ok && row->meaning; row++)
        ok = json_put_comma(out) && buf_putc(out, '{') &&
             json_put_member_int(out, "code", (int)row->code) &&
             json_put_member_text(out, "meaning", row->meaning) &&
             buf_putc(out, '}');
    return ok && buf_putc(out, ']');
}

bool help_json(const struct command *const *commands, struct buf *out)
{
    bool ok = buf_putc(out, '{') &&
              json_put_member_text(out, "version", OMNITRON_VERSION) &&
              json_put_name(out, "commands") && buf_putc(out, '[');

    for (; ok && *commands; commands++)
        ok = put_command(*commands, out);
    return ok && buf_putc(out, ']') && put_keys(out) && put_exit_codes(out) &&
           buf_puts(out, "}\n");
}
