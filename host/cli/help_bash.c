/* The tables as an array of bash, in front of scripts/completion.bash. Its
 * keys:
 *
 *     commands                     all names
 *     COMMAND options, late        all, and those behind a plain word
 *     COMMAND words, WORD options  of a command that takes a word first
 *     COMMAND --option             what its value may be; absent: none
 *     COMMAND plain                kinds of its plain words, in order
 *
 * A kind is @file, @folder, @script, @command, @word (of "COMMAND words"), or
 * @ for what cannot be listed. */
#include "cli/help.h"
#include "lua/embedded.h"

#include <string.h>

/* What a word of a usage line, or an option's value, stands for. The first
 * that is in it counts; "" for what is no word of its own. */
static const struct meaning {
    const char *name, *kind;
} meanings[] = {
    {"OPTION", ""},
    {"SCRIPT", "@script"},
    {"PATH", "@script"},
    {"FILE", "@file"},
    {"ARG", "@file"},
    {"FOLDER", "@folder"},
    {"DIR", "@folder"},
    {"COMMAND", "@command"},
    {"WORD", "@word"},
};

enum { MEANINGS = sizeof meanings / sizeof *meanings };

static bool is_within(const char *text, size_t len, const char *name)
{
    const char *at = strstr(text, name);

    return at && at + strlen(name) <= text + len;
}

/* "" when the word is lower case, or an option. */
static const char *kind_of(const char *text, size_t len)
{
    for (size_t i = 0; i < MEANINGS; i++)
        if (is_within(text, len, meanings[i].name))
            return meanings[i].kind;
    for (size_t i = 0; i < len; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            return "";
    return "@";
}

static bool close_entry(struct buf *out)
{
    return buf_puts(out, "'\n");
}

/* " TEXT", or "TEXT" as the first of an entry. */
static bool put_word(struct buf *out, const char *text, size_t len)
{
    bool first = out->data[out->len - 1] == '\'';

    return (first || buf_putc(out, ' ')) && buf_add(out, text, len);
}

/* The first word of each line; of "status:CODE" what stays as it is. */
static bool put_values(const char *lines, struct buf *out)
{
    bool ok = true;

    while (ok && *lines) {
        lines += strspn(lines, " ");
        ok = put_word(out, lines, strcspn(lines, " :\n"));
        lines += strcspn(lines, "\n");
        lines += *lines == '\n';
    }
    return ok;
}

/* text|json, FILE, N. */
static bool put_value_word(const char *value, struct buf *out)
{
    const char *kind = kind_of(value, strlen(value));
    bool ok = true;

    if (kind[0])
        return put_word(out, kind, strlen(kind));
    while (ok && *value) {
        size_t len = strcspn(value, "|");
        ok = put_word(out, value, len);
        value += len + (value[len] == '|');
    }
    return ok;
}

static bool put_value(const struct command *command,
    const struct option_row *row, struct buf *out)
{
    struct buf lines = {0};
    bool ok = buf_printf(out, "['%s --%s']='", command->name, row->name) &&
              (!command->values || command->values(row->name, &lines)) &&
              (lines.len ? put_values(lines.data, out)
                         : put_value_word(row->value, out)) &&
              close_entry(out);

    buf_free(&lines);
    return ok;
}

static bool put_option(const struct option_row *row, struct buf *out)
{
    char letter[3] = {'-', row->letter, '\0'};

    return put_word(out, "--", 2) && buf_puts(out, row->name) &&
           (!row->letter || put_word(out, letter, 2));
}

static bool put_options(
    const struct command *command, const char *what, bool late, struct buf *out)
{
    const struct option_row *row = command->options;
    bool ok = buf_printf(out, "['%s %s']='", command->name, what);

    for (; ok && row->name; row++)
        ok = (late && !row->anywhere) || put_option(row, out);
    return ok && close_entry(out);
}

static bool put_word_options(const struct command *command, const char *word,
    const char *const *options, struct buf *out)
{
    bool ok = buf_printf(out, "['%s %s options']='", command->name, word);

    for (; ok && *options; options++)
        ok = put_word(out, "--", 2) && buf_puts(out, *options);
    for (const struct option_row *row = command->options; ok && row->name;
         row++)
        ok = (strcmp(row->name, "profile") != 0 &&
                 strcmp(row->name, "journal") != 0) ||
             put_option(row, out);
    return ok && close_entry(out);
}

static bool put_words(const struct command *command, struct buf *out)
{
    const char *const *options;
    const char *word;
    bool ok = buf_printf(out, "['%s words']='", command->name);

    for (size_t n = 0; ok && (word = command->word(n, &options)); n++)
        ok = put_word(out, word, strlen(word));
    ok = ok && close_entry(out);
    for (size_t n = 0; ok && (word = command->word(n, &options)); n++)
        ok = put_word_options(command, word, options, out);
    return ok;
}

/* The kinds of "SCRIPT [ARG...]", the command's name before it. */
static bool put_plain(const struct command *command, struct buf *out)
{
    const char *at = command->usage + strcspn(command->usage, " ");
    bool ok = buf_printf(out, "['%s plain']='", command->name);

    while (ok && *at) {
        at += strspn(at, " ");
        size_t len = strcspn(at, " ");
        const char *kind = kind_of(at, len);
        ok = !kind[0] || put_word(out, kind, strlen(kind));
        at += len;
    }
    return ok && close_entry(out);
}

static bool put_command(const struct command *command, struct buf *out)
{
    bool ok = put_options(command, "options", false, out) &&
              put_options(command, "late", true, out) &&
              put_plain(command, out);

    for (const struct option_row *row = command->options; ok && row->name;
         row++)
        ok = !row->value || put_value(command, row, out);
    return ok && (!command->word || put_words(command, out));
}

bool help_bash(const struct command *const *commands, struct buf *out)
{
    const struct embedded *script = embedded_find("completion.bash");
    bool ok = buf_puts(out, "# Completion for omnitron, as `omnitron help "
                            "--bash` prints it.\n"
                            "declare -gA _omnitron=(\n"
                            "['commands']='");

    for (const struct command *const *c = commands; ok && *c; c++)
        ok = put_word(out, (*c)->name, strlen((*c)->name));
    ok = ok && close_entry(out);
    for (const struct command *const *c = commands; ok && *c; c++)
        ok = put_command(*c, out);
    return ok && buf_puts(out, ")\n") &&
           buf_add(out, script->bytes, script->len);
}
