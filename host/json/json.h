/* json.h: JSON texts without Lua: checked, read where they lie, written.
 *
 * RFC 8259 to the letter, and beyond its letter: invalid UTF-8 and half
 * surrogate pairs are refused, since nothing could write them again. A byte
 * order mark in front is passed over. A number is only checked for its form;
 * whether it fits is asked by json_integer and json_double.
 *
 * A struct json_value borrows the text it was read from; nothing here
 * allocates but what is told to write into a buf. json_lexer.c has the tokens,
 * json.c the values, json_number.c the numbers, base/json_put.c the writing. */
#ifndef JSON_JSON_H
#define JSON_JSON_H

#include "base/buf.h"
#include "base/error.h"
#include "base/json_put.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    JSON_DEPTH_MAX = 1000,    // arrays and objects inside one another
    JSON_TEXT_MAX = 64 << 20, // bytes of one text
};

enum json_type {
    JSON_NONE, // no value
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
    JSON_TWICE, // json_member: the name occurs more than once
};

/* One value as it is written: a string with its quotes, an array or object
 * with its brackets. */
struct json_value {
    enum json_type type;
    const char *text;
    size_t len;
};

/* Whether the whole text is one JSON value of at most JSON_TEXT_MAX bytes and
 * JSON_DEPTH_MAX levels. If not, *err says where and what: "line 3, column 12:
 * expected , or ] but found 'x'" (columns count characters, from 1). *out is
 * the value, without the white space around it. */
bool json_parse(
    const char *text, size_t len, struct json_value *out, struct error *err);

/* The member called `name` (compared after unescaping). False when it is not
 * there or `object` is none; a name that is there twice gives JSON_TWICE
 * without text, so that a caller can refuse what is ambiguous. `object` must
 * come from json_parse or from a value inside it. */
bool json_member(
    const struct json_value *object, const char *name, struct json_value *out);

/* Members of an object, read in the one pass that checks the text: out[i] is
 * the value of the member called names[i], as json_member has it, JSON_NONE
 * when it is not there or the text is no object; *out_type is what the text
 * is. False: it is not JSON, and *err says where. */
bool json_parse_members(const char *text, size_t len, const char *const *names,
    size_t n, struct json_value *out, enum json_type *out_type,
    struct error *err);

/* Whether `value` is a string that reads as `want`. */
bool json_is_text(const struct json_value *value, const char *want);

/* An integer literal within 64 bits; 10.0 and 1e1 are none. */
bool json_integer(const struct json_value *value, int64_t *out);

/* Any number, rounded to the nearest double; false when it is too large. */
bool json_double(const struct json_value *value, double *out);

/* Puts it into *out; false when it is neither true nor false. */
bool json_bool(const struct json_value *value, bool *out);

/* Adds the unescaped UTF-8 (which may hold a NUL) to *out. False when it is
 * no string, or when there is no memory (*out is then as before). */
bool json_string(const struct json_value *value, struct buf *out);

/* The text token by token. The fields are the lexer's own, but for `at`: the
 * offset just behind the last token. */
struct json_lexer {
    const char *text;
    size_t len;
    size_t at;
    int depth;
    int state;
    unsigned char objects[JSON_DEPTH_MAX / 8 + 1];
};

enum json_step {
    JSON_STEP_VALUE, // null, a boolean, a number, a string
    JSON_STEP_NAME,  // a member's name (its colon is already passed)
    JSON_STEP_OPEN,  // [ or {, type JSON_ARRAY or JSON_OBJECT
    JSON_STEP_CLOSE, // ] or }
    JSON_STEP_END,   // the text is complete
    JSON_STEP_ERROR, // *err says what
};

/* Begins at the start of a text; passes over a byte order mark. */
void json_lexer_init(struct json_lexer *l, const char *text, size_t len);

/* The next token into *out. Once END or ERROR came, nothing else follows. */
enum json_step json_lexer_next(
    struct json_lexer *l, struct json_value *out, struct error *err);

/* Fills *err with "line L, column C: ..." for the offset `at`; false. */
bool json_lexer_fail(const struct json_lexer *l, size_t at, struct error *err,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The elements of an array, or the members of an object, in order. */
struct json_iter {
    struct json_lexer lexer;
};

/* `container` as in json_member; of anything else there are no elements. */
void json_iter_init(struct json_iter *it, const struct json_value *container);

/* False at the end. `name` is of type JSON_NONE in an array; may be NULL. */
bool json_iter_next(
    struct json_iter *it, struct json_value *name, struct json_value *value);

#endif
