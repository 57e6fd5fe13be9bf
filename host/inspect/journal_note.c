#include "inspect/journal_own.h"

#include <string.h>

enum { NOTE_MAX = 1000 }; // bytes: what the journal keeps, and some room

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return true;
    return false;
}

bool journal_check_note(
    const char *word, const char *note, const char *example, struct error *err)
{
    if (!note || note[strspn(note, " ")] == '\0')
        return error_set(err, ERROR_USAGE,
            "%s needs a reason that is kept: --note \"%s\"", word, example);
    if (strlen(note) > NOTE_MAX)
        return error_set(
            err, ERROR_USAGE, "--note is longer than %d bytes", NOTE_MAX);
    if (has_control(note))
        return error_set(
            err, ERROR_USAGE, "--note has a control character; it is one line");
    return true;
}
