/* arguments.h: a command line read by rows of options.
 *
 * The rows are a command's table: the parser and --help come from them.
 * Options end at the first word that is none, or at "--". */
#ifndef CMD_ARGUMENTS_H
#define CMD_ARGUMENTS_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct option_row {
    const char *name;  // "journal"; NULL ends the table
    char letter;       // 'v', or 0
    const char *value; // "FILE": it takes one; NULL: a flag
    bool many;         // may be given more than once
    bool anywhere;     // also understood after the first plain word
    const char *help;
};

enum { OPTIONS_MAX = 40, OPTION_VALUES_MAX = 256 };

struct arguments {
    const struct option_row *rows;
    bool given[OPTIONS_MAX];
    const char *values[OPTIONS_MAX]; // the last one
    /* Every value of the rows that may be given more than once. */
    struct {
        size_t row;
        const char *value;
    } all[OPTION_VALUES_MAX];
    size_t all_count;
    char **plain; // what follows; borrowed
    int plain_count;
};

/* Reads argv[0 …]; may reorder it. False, ERROR_USAGE: names the option and
 * says what there is. */
bool arguments_read(struct arguments *args, const struct option_row *rows,
    int argc, char **argv, struct error *err);

/* Whether it was given; what is in no row never was. */
bool arguments_given(const struct arguments *args, const char *name);

/* NULL when it was not given. */
const char *arguments_text(const struct arguments *args, const char *name);

/* The values of an option that may be given more than once; at most `most`. */
size_t arguments_list(const struct arguments *args, const char *name,
    const char **out, size_t most);

/* A whole number from `least`; `otherwise` when it was not given. */
bool arguments_number(const struct arguments *args, const char *name,
    int64_t least, int64_t otherwise, int64_t *out, struct error *err);

/* A time as duration.h reads it, more than nothing; 0 when it was not
 * given. */
bool arguments_duration(const struct arguments *args, const char *name,
    int64_t *ms, struct error *err);

/* --since: as long before `now` (wall clock, ms), or a moment that is past;
 * `otherwise` when it was not given. */
bool arguments_since(const struct arguments *args, int64_t now,
    int64_t otherwise, int64_t *since, struct error *err);

/* "  --journal FILE  …" for each row. */
bool arguments_help(const struct option_row *rows, struct buf *out);

#endif
