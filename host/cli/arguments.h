/* arguments.h: a command line read by rows of options.
 *
 * The rows are a command's table: the parser and --help come from them.
 * Options end at the first word that is none, but for those of a row with
 * `anywhere`, and all of them at the first "--", which is dropped. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

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
    bool help; // --help or -h, which are in no table
    bool given[OPTIONS_MAX];
    const char *values[OPTIONS_MAX]; // the last one
    /* Every value of the rows that may be given more than once. */
    struct {
        size_t row;
        const char *value;
    } all[OPTION_VALUES_MAX];
    size_t all_count;
    char **words; // all of them, as far as `plain`; borrowed
    char **plain; // what follows; borrowed
    int plain_count;
    int open_count; // of these, how many stand before a "--"
};

/* Reads argv[0 …]; may reorder it. False, ERROR_USAGE: names the option and
 * says what there is. */
bool arguments_read(struct arguments *args, const struct option_row *rows,
    int argc, char **argv, struct error *err);

/* For a command all of whose words are its own: those that begin with '-' and
 * stand before a "--" are options, --help maybe. False, ERROR_USAGE: of no
 * row, or of one that has to stand in front. A number may be negative. */
bool arguments_own(struct arguments *args, struct error *err);

/* The row that a word is an option of: "--journal", "--journal=x", "-v". NULL:
 * of none. */
const struct option_row *arguments_row(
    const struct option_row *rows, const char *word);

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
