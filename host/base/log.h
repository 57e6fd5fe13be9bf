/* log.h: what the program has to say while it works.
 *
 * To stderr (text, or one JSON object per line) and to a log file when one
 * was named. Living secrets are masked in every line. Until log_open, and
 * without options, warnings and errors go to stderr as text. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_OFF };

struct log_options {
    enum log_level level; // the least that stderr shows
    bool json;            // --log-format json
    const char *file;     // appended to, everything from LOG_INFO up; or NULL
};

/* A name and its text, both borrowed for the call. In JSON, a name that the
 * line has already gets a "_" behind it. */
struct log_field {
    const char *key;
    const char *value;
    bool bare; // a number, true or false: JSON has it without quotes
};

/* What log_write keeps to from now on. False, ERROR_USAGE: the file cannot be
 * opened, or is a link or a journal; stderr is set up all the same. */
bool log_open(const struct log_options *options, struct error *err);
void log_close(void);

/* False, ERROR_USAGE: the file is one that only the program itself opens
 * (protected.h), and nothing may be written into it. */
bool log_check(struct error *err);

/* Whether stderr gets JSON. */
bool log_is_json(void);

/* One line. `fields` may be NULL when n is 0. */
void log_write(enum log_level level, const char *text,
    const struct log_field *fields, size_t n);

/* The same, to the log file alone: who reads stderr knows it. */
void log_aside(enum log_level level, const char *text,
    const struct log_field *fields, size_t n);

/* A line of a script's own: as log_write, but what the listener says no to
 * goes to the log file alone. It may be called from this thread only. */
void log_script(enum log_level level, const char *text,
    const struct log_field *fields, size_t n);
void log_listen(bool (*listener)(enum log_level level, const char *text,
    const struct log_field *fields, size_t n));

void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Called before a line goes to stderr and after it: a progress bar takes
 * itself off the screen and comes back. NULL for none. */
void log_around(void (*before)(void), void (*after)(void));

#endif
