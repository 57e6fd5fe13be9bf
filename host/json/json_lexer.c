#include "json/json.h"

#include "base/utf8.h"
#include "json/json_escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum state {
    WANT_VALUE,
    WANT_FIRST, // right after [ or {: a value, a name or the closing bracket
    WANT_NAME,
    AFTER_VALUE,
    STOPPED,
};

bool json_lexer_fail(const struct json_lexer *l, size_t at, struct error *err,
    const char *fmt, ...)
{
    char what[400];
    size_t line = 1, column = 1;
    va_list args;

    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    for (size_t i = 0; i < at; i++) {
        if (l->text[i] == '\n') {
            line++;
            column = 1;
        } else if (!utf8_is_tail(l->text[i])) {
            column++;
        }
    }
    return error_set(
        err, ERROR_OTHER, "line %zu, column %zu: %s", line, column, what);
}

/* The byte at the lexer's place, -1 at the end. */
static int peek(const struct json_lexer *l)
{
    return l->at < l->len ? (unsigned char)l->text[l->at] : -1;
}

static bool fail_expected(
    const struct json_lexer *l, struct error *err, const char *expected)
{
    int c = peek(l);

    if (c < 0)
        return json_lexer_fail(
            l, l->at, err, "the text ends where %s was expected", expected);
    if (c <= ' ' || c >= 0x7F)
        return json_lexer_fail(l, l->at, err,
            "expected %s but found byte 0x%02X", expected, (unsigned)c);
    return json_lexer_fail(
        l, l->at, err, "expected %s but found '%c'", expected, c);
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool skip_digits(struct json_lexer *l)
{
    size_t start = l->at;

    while (is_digit(peek(l)))
        l->at++;
    return l->at > start;
}

/* What runs on like a number or a word. */
static bool is_wordy(int c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '.' || c == '+' || c == '-';
}

static bool number_form(struct json_lexer *l)
{
    if (peek(l) == '-')
        l->at++;
    if (peek(l) == '0')
        l->at++;
    else if (!skip_digits(l))
        return false;
    if (peek(l) == '.') {
        l->at++;
        if (!skip_digits(l))
            return false;
    }
    if (peek(l) == 'e' || peek(l) == 'E') {
        l->at++;
        if (peek(l) == '+' || peek(l) == '-')
            l->at++;
        if (!skip_digits(l))
            return false;
    }
    return !is_wordy(peek(l));
}

static bool lex_number(struct json_lexer *l, struct error *err)
{
    size_t start = l->at;

    if (number_form(l))
        return true;
    while (is_wordy(peek(l)))
        l->at++;
    size_t shown = l->at - start < 24 ? l->at - start : 24;
    return json_lexer_fail(l, start, err, "'%.*s' is not a JSON number",
        (int)shown, l->text + start);
}

static bool lex_word(struct json_lexer *l, const char *word, struct error *err)
{
    size_t len = strlen(word);

    if (l->len - l->at < len || memcmp(l->text + l->at, word, len) != 0)
        return fail_expected(l, err, "a value");
    l->at += len;
    if (is_wordy(peek(l)))
        return fail_expected(l, err, "the end of a word");
    return true;
}

static bool lex_escape(struct json_lexer *l, struct error *err)
{
    const char *why;
    int half;
    size_t n = json_escape_length(l->text + l->at, l->len - l->at, &why, &half);

    l->at += n;
    if (n == 0 && half >= 0)
        return json_lexer_fail(l, l->at, err,
            "\\u%04x is half of a surrogate pair", (unsigned)half);
    return n > 0 || json_lexer_fail(l, l->at, err, "%s", why);
}

/* May stand in a string as it is. */
static bool is_plain(unsigned char c)
{
    return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
}

/* What is not plain inside a string, but for its end. */
static bool lex_odd(struct json_lexer *l, struct error *err)
{
    unsigned char c = (unsigned char)l->text[l->at];

    if (c == '\\')
        return lex_escape(l, err);
    if (c < ' ')
        return json_lexer_fail(l, l->at, err,
            "a control character (0x%02X) in a string: write \\u%04X", c, c);
    size_t n = utf8_next(l->text + l->at, l->len - l->at);
    if (n == 0)
        return json_lexer_fail(l, l->at, err, "not UTF-8 (byte 0x%02X)", c);
    l->at += n;
    return true;
}

static void skip_plain(struct json_lexer *l)
{
    const char *p = l->text + l->at, *end = l->text + l->len;

    while (p < end && is_plain((unsigned char)*p))
        p++;
    l->at = (size_t)(p - l->text);
}

static bool lex_string(struct json_lexer *l, struct error *err)
{
    size_t start = l->at++;

    for (;;) {
        skip_plain(l);
        if (l->at == l->len)
            return json_lexer_fail(l, start, err, "a string that does not end");
        if (l->text[l->at] == '"') {
            l->at++;
            return true;
        }
        if (!lex_odd(l, err))
            return false;
    }
}

static void skip_space(struct json_lexer *l)
{
    int c = peek(l);

    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        l->at++;
        c = peek(l);
    }
}

static bool in_object(const struct json_lexer *l)
{
    int level = l->depth - 1;

    return l->objects[level / 8] >> (level % 8) & 1;
}

static enum json_step stop(struct json_lexer *l, enum json_step step)
{
    l->state = STOPPED;
    return step;
}

static enum json_step lex_open(
    struct json_lexer *l, struct json_value *out, struct error *err)
{
    bool object = peek(l) == '{';

    if (l->depth == JSON_DEPTH_MAX) {
        json_lexer_fail(
            l, l->at, err, "nested deeper than %d levels", JSON_DEPTH_MAX);
        return stop(l, JSON_STEP_ERROR);
    }
    unsigned bit = 1U << (l->depth % 8);
    unsigned byte = l->objects[l->depth / 8];
    l->objects[l->depth / 8] =
        (unsigned char)(object ? byte | bit : byte & ~bit);
    l->depth++;
    *out = (struct json_value){
        object ? JSON_OBJECT : JSON_ARRAY, l->text + l->at++, 1};
    l->state = WANT_FIRST;
    return JSON_STEP_OPEN;
}

static enum json_step lex_close(struct json_lexer *l, struct json_value *out)
{
    *out = (struct json_value){
        in_object(l) ? JSON_OBJECT : JSON_ARRAY, l->text + l->at++, 1};
    l->depth--;
    l->state = AFTER_VALUE;
    return JSON_STEP_CLOSE;
}

/* A name and the colon behind it. */
static enum json_step lex_name(
    struct json_lexer *l, struct json_value *out, struct error *err)
{
    size_t start = l->at;

    if (peek(l) != '"') {
        fail_expected(l, err, "a name in \"quotes\"");
        return stop(l, JSON_STEP_ERROR);
    }
    if (!lex_string(l, err))
        return stop(l, JSON_STEP_ERROR);
    *out = (struct json_value){JSON_STRING, l->text + start, l->at - start};
    skip_space(l);
    if (peek(l) != ':') {
        fail_expected(l, err, ":");
        return stop(l, JSON_STEP_ERROR);
    }
    l->at++;
    l->state = WANT_VALUE;
    return JSON_STEP_NAME;
}

static enum json_type lex_scalar(struct json_lexer *l, struct error *err)
{
    switch (peek(l)) {
    case '"':
        return lex_string(l, err) ? JSON_STRING : JSON_NONE;
    case 't':
        return lex_word(l, "true", err) ? JSON_BOOL : JSON_NONE;
    case 'f':
        return lex_word(l, "false", err) ? JSON_BOOL : JSON_NONE;
    case 'n':
        return lex_word(l, "null", err) ? JSON_NULL : JSON_NONE;
    default:
        if (peek(l) == '-' || is_digit(peek(l)))
            return lex_number(l, err) ? JSON_NUMBER : JSON_NONE;
        fail_expected(l, err, "a value");
        return JSON_NONE;
    }
}

static enum json_step lex_value(
    struct json_lexer *l, struct json_value *out, struct error *err)
{
    size_t start = l->at;

    if (peek(l) == '[' || peek(l) == '{')
        return lex_open(l, out, err);
    enum json_type type = lex_scalar(l, err);
    if (type == JSON_NONE)
        return stop(l, JSON_STEP_ERROR);
    *out = (struct json_value){type, l->text + start, l->at - start};
    l->state = AFTER_VALUE;
    return JSON_STEP_VALUE;
}

static enum json_step lex_end(struct json_lexer *l, struct error *err)
{
    if (l->at == l->len)
        return stop(l, JSON_STEP_END);
    fail_expected(l, err, "the end of the text");
    return stop(l, JSON_STEP_ERROR);
}

/* Behind a value in an array or object: passes the comma. */
static bool lex_comma(struct json_lexer *l, struct error *err)
{
    if (peek(l) != ',')
        return fail_expected(l, err, in_object(l) ? ", or }" : ", or ]");
    l->at++;
    skip_space(l);
    l->state = in_object(l) ? WANT_NAME : WANT_VALUE;
    return true;
}

void json_lexer_init(struct json_lexer *l, const char *text, size_t len)
{
    *l = (struct json_lexer){.text = text, .len = len, .state = WANT_VALUE};
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        l->at = 3;
}

enum json_step json_lexer_next(
    struct json_lexer *l, struct json_value *out, struct error *err)
{
    if (l->state == STOPPED)
        return JSON_STEP_END;
    skip_space(l);
    if (l->state == AFTER_VALUE && l->depth == 0)
        return lex_end(l, err);
    if (l->state == AFTER_VALUE || l->state == WANT_FIRST) {
        if (peek(l) == (in_object(l) ? '}' : ']'))
            return lex_close(l, out);
        if (l->state == WANT_FIRST)
            l->state = in_object(l) ? WANT_NAME : WANT_VALUE;
        else if (!lex_comma(l, err))
            return stop(l, JSON_STEP_ERROR);
    }
    if (l->state == WANT_NAME)
        return lex_name(l, out, err);
    return lex_value(l, out, err);
}
