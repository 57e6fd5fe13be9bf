#include "base/json.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
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
        } else if ((l->text[i] & 0xC0) != 0x80) {
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

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The four digits of a \u escape that begins at `text`; -1 when it is none. */
static int escape_unit(const char *text, size_t len)
{
    int unit = 0;

    if (len < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static bool is_high(int unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(int unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

static bool lex_unicode_escape(struct json_lexer *l, struct error *err)
{
    const char *p = l->text + l->at;
    size_t left = l->len - l->at;
    int unit = escape_unit(p, left);

    if (unit < 0)
        return json_lexer_fail(
            l, l->at, err, "\\u needs four hexadecimal digits");
    if (is_low(unit) ||
        (is_high(unit) && (left < 12 || !is_low(escape_unit(p + 6, left - 6)))))
        return json_lexer_fail(l, l->at, err,
            "\\u%04x is half of a surrogate pair", (unsigned)unit);
    l->at += is_high(unit) ? 12 : 6;
    return true;
}

static const char escapes[] = "\"\\/bfnrt";
static const char escaped[] = "\"\\/\b\f\n\r\t";

static bool lex_escape(struct json_lexer *l, struct error *err)
{
    char c = l->at + 1 < l->len ? l->text[l->at + 1] : '\0';

    if (c == 'u')
        return lex_unicode_escape(l, err);
    if (c == '\0' || !strchr(escapes, c))
        return json_lexer_fail(
            l, l->at, err, "an escape that JSON does not know");
    l->at += 2;
    return true;
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

static bool lex_string(struct json_lexer *l, struct error *err)
{
    size_t start = l->at++;

    for (;;) {
        while (l->at < l->len && is_plain((unsigned char)l->text[l->at]))
            l->at++;
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

/* Goes on from an opening bracket to behind its closing one. */
static bool lex_rest(
    struct json_lexer *l, struct json_value *value, struct error *err)
{
    int outside = l->depth - 1;
    struct json_value token;

    while (l->depth > outside) {
        enum json_step step = json_lexer_next(l, &token, err);
        if (step == JSON_STEP_ERROR || step == JSON_STEP_END)
            return false;
    }
    value->len = (size_t)(l->text + l->at - value->text);
    return true;
}

bool json_parse(
    const char *text, size_t len, struct json_value *out, struct error *err)
{
    struct json_lexer l;
    struct json_value token;

    if (len > JSON_TEXT_MAX)
        return error_set(err, ERROR_OTHER,
            "the text has %zu bytes, more than the %d MiB that are read", len,
            JSON_TEXT_MAX >> 20);
    json_lexer_init(&l, text, len);
    enum json_step step = json_lexer_next(&l, out, err);
    if (step == JSON_STEP_ERROR)
        return false;
    if (step == JSON_STEP_OPEN && !lex_rest(&l, out, err))
        return false;
    return json_lexer_next(&l, &token, err) == JSON_STEP_END;
}

bool json_check(const char *text, size_t len, struct error *err)
{
    struct json_value value;

    return json_parse(text, len, &value, err);
}

void json_iter_init(struct json_iter *it, const struct json_value *container)
{
    struct json_value open;
    struct error err;
    bool inside =
        container->type == JSON_ARRAY || container->type == JSON_OBJECT;

    json_lexer_init(&it->lexer, container->text, container->len);
    if (!inside || json_lexer_next(&it->lexer, &open, &err) != JSON_STEP_OPEN)
        stop(&it->lexer, JSON_STEP_END);
}

bool json_iter_next(
    struct json_iter *it, struct json_value *name, struct json_value *value)
{
    struct json_value unnamed;
    struct error err;
    struct json_value *to = name ? name : &unnamed;

    *to = (struct json_value){0};
    enum json_step step = json_lexer_next(&it->lexer, value, &err);
    if (step == JSON_STEP_NAME) {
        *to = *value;
        step = json_lexer_next(&it->lexer, value, &err);
    }
    if (step == JSON_STEP_OPEN)
        return lex_rest(&it->lexer, value, &err);
    return step == JSON_STEP_VALUE;
}

/* The bytes that the escape at *p stands for; *p goes behind it. Only what a
 * lexer let through comes here. */
static size_t unescape(const char **p, const char *end, char out[UTF8_MAX])
{
    const char *at = *p;

    if (at[1] != 'u') {
        const char *row = strchr(escapes, at[1]);
        out[0] = row ? escaped[row - escapes] : at[1];
        *p += 2;
        return 1;
    }
    int unit = escape_unit(at, (size_t)(end - at));
    if (!is_high(unit)) {
        *p += 6;
        return utf8_write((uint32_t)unit, out);
    }
    int low = escape_unit(at + 6, (size_t)(end - at - 6));
    *p += 12;
    return utf8_write(
        0x10000U + ((unsigned)(unit - 0xD800) << 10) + (unsigned)(low - 0xDC00),
        out);
}

bool json_is_text(const struct json_value *value, const char *want)
{
    if (value->type != JSON_STRING)
        return false;
    const char *p = value->text + 1;
    const char *end = value->text + value->len - 1;
    size_t left = strlen(want);
    while (p < end) {
        char bytes[4] = {*p};
        size_t n = 1;
        if (*p == '\\')
            n = unescape(&p, end, bytes);
        else
            p++;
        if (n > left || memcmp(want, bytes, n) != 0)
            return false;
        want += n;
        left -= n;
    }
    return left == 0;
}

bool json_member(
    const struct json_value *object, const char *name, struct json_value *out)
{
    struct json_iter it;
    struct json_value key, value;
    bool found = false;

    if (object->type != JSON_OBJECT)
        return false;
    json_iter_init(&it, object);
    while (json_iter_next(&it, &key, &value)) {
        if (!json_is_text(&key, name))
            continue;
        if (found) {
            *out = (struct json_value){.type = JSON_TWICE};
            return true;
        }
        *out = value;
        found = true;
    }
    return found;
}

bool json_integer(const struct json_value *value, int64_t *out)
{
    if (value->type != JSON_NUMBER)
        return false;
    bool negative = value->text[0] == '-';
    int64_t sum = 0;
    for (size_t i = negative; i < value->len; i++) {
        int digit = value->text[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_sub_overflow(sum, digit, &sum))
            return false;
    }
    if (!negative && sum == INT64_MIN)
        return false;
    *out = negative ? sum : -sum;
    return true;
}

/* A number as its significant digits and a power of ten. 767 digits decide
 * how any decimal rounds to a double (no halfway point has more); of those
 * behind, only whether one is not zero. */
struct decimal {
    char digits[800]; // then a possible sticky digit
    int n;
    bool sticky;
    long long exponent;
};

enum { DECIMAL_DIGITS = 770, EXPONENT_CAP = 1000000000 };

static void decimal_digit(struct decimal *d, char c, bool fraction)
{
    bool kept = d->n < DECIMAL_DIGITS && (d->n > 0 || c != '0');

    if (kept)
        d->digits[d->n++] = c;
    else if (d->n > 0 && c != '0')
        d->sticky = true;
    bool counted = kept || d->n == 0;
    if (fraction && counted)
        d->exponent--;
    else if (!fraction && !counted)
        d->exponent++;
}

static long long read_exponent(const char *p, const char *end)
{
    bool negative = *p == '-';
    long long sum = 0;

    if (*p == '-' || *p == '+')
        p++;
    for (; p < end; p++)
        if (sum < EXPONENT_CAP)
            sum = sum * 10 + (*p - '0');
    return negative ? -sum : sum;
}

static double decimal_value(struct decimal *d)
{
    char text[DECIMAL_DIGITS + 40];

    if (d->sticky) {
        d->digits[d->n++] = '1';
        d->exponent--;
    }
    snprintf(text, sizeof text, "%.*se%lld", d->n, d->digits, d->exponent);
    return d->n ? strtod(text, NULL) : 0.0;
}

bool json_double(const struct json_value *value, double *out)
{
    struct decimal d = {.n = 0};
    bool fraction = false;

    if (value->type != JSON_NUMBER)
        return false;
    const char *p = value->text, *end = p + value->len;
    bool negative = *p == '-';
    for (p += negative; p < end && *p != 'e' && *p != 'E'; p++) {
        if (*p == '.')
            fraction = true;
        else
            decimal_digit(&d, *p, fraction);
    }
    if (p < end)
        d.exponent += read_exponent(p + 1, end);
    double size = decimal_value(&d);
    if (__builtin_isinf(size))
        return false;
    *out = negative ? -size : size;
    return true;
}

bool json_bool(const struct json_value *value, bool *out)
{
    if (value->type != JSON_BOOL)
        return false;
    *out = value->text[0] == 't';
    return true;
}

/* Cuts the buffer back to what it was before a call that failed. */
static bool give_back(struct buf *b, size_t len)
{
    b->len = len;
    if (b->data)
        b->data[len] = '\0';
    return false;
}

bool json_string(const struct json_value *value, struct buf *out)
{
    size_t before = out->len;

    if (value->type != JSON_STRING)
        return false;
    const char *p = value->text + 1;
    const char *end = value->text + value->len - 1;
    while (p < end) {
        const char *slash = memchr(p, '\\', (size_t)(end - p));
        const char *stop_at = slash ? slash : end;
        if (!buf_add(out, p, (size_t)(stop_at - p)))
            return give_back(out, before);
        p = stop_at;
        char bytes[4];
        if (slash && !buf_add(out, bytes, unescape(&p, end, bytes)))
            return give_back(out, before);
    }
    return true;
}

/* One character that cannot stand in a string as it is. */
static bool put_odd(struct buf *b, unsigned char c)
{
    static const char short_for[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    const char *row = c ? strchr(short_for, c) : NULL;

    if (row)
        return buf_putc(b, '\\') && buf_putc(b, letters[row - short_for]);
    if (c < ' ')
        return buf_printf(b, "\\u%04X", c);
    return buf_puts(b, "\xEF\xBF\xBD");
}

/* How many bytes from the start can stand in a string as they are. */
static size_t clean_run(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len) {
        size_t n = is_plain((unsigned char)text[i]) ? 1 : 0;
        if ((unsigned char)text[i] >= 0x80)
            n = utf8_next(text + i, len - i);
        if (n == 0)
            break;
        i += n;
    }
    return i;
}

static bool put_text(struct buf *b, const char *text, size_t len)
{
    if (!buf_putc(b, '"'))
        return false;
    for (size_t i = 0; i < len;) {
        size_t run = clean_run(text + i, len - i);
        if (!buf_add(b, text + i, run))
            return false;
        i += run;
        if (i < len && !put_odd(b, (unsigned char)text[i++]))
            return false;
    }
    return buf_putc(b, '"');
}

bool json_put_string(struct buf *b, const char *text, size_t len)
{
    size_t before = b->len;

    return put_text(b, text, len) || give_back(b, before);
}

bool json_put_int(struct buf *b, int64_t value)
{
    return buf_printf(b, "%" PRId64, value);
}

bool json_put_comma(struct buf *b)
{
    char last = b->len ? b->data[b->len - 1] : '[';

    return last == '[' || last == '{' || buf_putc(b, ',');
}

bool json_put_name(struct buf *b, const char *name)
{
    size_t before = b->len;

    return (json_put_comma(b) && put_text(b, name, strlen(name)) &&
               buf_putc(b, ':')) ||
           give_back(b, before);
}

static bool put_text_or_null(struct buf *b, const char *text)
{
    return text ? put_text(b, text, strlen(text)) : buf_puts(b, "null");
}

bool json_put_member_text(struct buf *b, const char *name, const char *text)
{
    size_t before = b->len;

    return (json_put_name(b, name) && put_text_or_null(b, text)) ||
           give_back(b, before);
}

bool json_put_member_int(struct buf *b, const char *name, int64_t value)
{
    size_t before = b->len;

    return (json_put_name(b, name) && json_put_int(b, value)) ||
           give_back(b, before);
}

bool json_put_member_bool(struct buf *b, const char *name, bool value)
{
    size_t before = b->len;

    return (json_put_name(b, name) && buf_puts(b, value ? "true" : "false")) ||
           give_back(b, before);
}

bool json_put_member_null(struct buf *b, const char *name)
{
    return json_put_member_text(b, name, NULL);
}
