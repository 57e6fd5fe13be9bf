#include "call/field.h"

#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char required[] = "This field is required.";
static const char null[] = "This field may not be null.";

enum { MAX_LENGTH = 255 };

/* str.isspace(): all that str.strip() takes off. */
static bool is_space(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } spaces[] = {
        {0x09, 0x0d},
        {0x1c, 0x20},
        {0x85, 0x85},
        {0xa0, 0xa0},
        {0x1680, 0x1680},
        {0x2000, 0x200a},
        {0x2028, 0x2029},
        {0x202f, 0x202f},
        {0x205f, 0x205f},
        {0x3000, 0x3000},
    };

    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        if (c >= spaces[i].first && c <= spaces[i].last)
            return true;
    return false;
}

static bool begins_with_space(const char *text, size_t len)
{
    uint32_t point = 0;

    return utf8_read(text, len, &point) > 0 && is_space(point);
}

static size_t last_length(const char *text, size_t len)
{
    size_t n = 1;

    while (n < len && utf8_is_tail(text[len - n]))
        n++;
    return n;
}

struct field_slice field_strip(const char *text, size_t len)
{
    size_t n;

    while (len > 0) {
        n = utf8_next(text, len);
        if (!begins_with_space(text, n))
            break;
        text += n;
        len -= n;
    }
    while (len > 0) {
        n = last_length(text, len);
        if (!begins_with_space(text + len - n, n))
            break;
        len -= n;
    }
    return (struct field_slice){text, len};
}

/* As Python's repr(float): the fewest digits that read back the same. */
static bool put_double(struct buf *text, double number)
{
    char exact[40];
    int digits = 0, exponent;

    do
        snprintf(exact, sizeof exact, "%.*e", digits++, number);
    while (digits <= 16 && strtod(exact, NULL) != number);
    exponent = atoi(strchr(exact, 'e') + 1);
    if (exponent < -4 || exponent >= 16)
        return buf_puts(text, exact);
    digits -= exponent + 1;
    return buf_printf(text, "%.*f", digits > 1 ? digits : 1, number);
}

static bool is_integer(const struct json_value *value)
{
    return !memchr(value->text, '.', value->len) &&
           !memchr(value->text, 'e', value->len) &&
           !memchr(value->text, 'E', value->len);
}

/* str() of a JSON number: a large integer keeps all of its digits. */
static bool put_number(struct buf *text, const struct json_value *value)
{
    double number;

    if (is_integer(value) && value->len == 2 && value->text[1] == '0')
        return buf_puts(text, "0"); // -0
    if (is_integer(value))
        return buf_add(text, value->text, value->len);
    if (!json_double(value, &number))
        return buf_puts(text, value->text[0] == '-' ? "-inf" : "inf");
    return put_double(text, number);
}

static const char *text_problem(const struct buf *text)
{
    struct field_slice kept = field_strip(buf_text(text), text->len);

    if (kept.len == 0)
        return "This field may not be blank.";
    if (memchr(kept.text, '\0', kept.len))
        return "Null characters are not allowed.";
    if (utf8_count(kept.text, kept.len) > MAX_LENGTH)
        return "Ensure this field has no more than 255 characters.";
    return NULL;
}

const char *field_text(const struct json_value *object, const char *name,
    struct buf *text, bool *usable, bool *memory)
{
    struct json_value value;
    bool ok;

    *usable = false;
    if (!json_member(object, name, &value))
        return required;
    if (value.type == JSON_NULL)
        return null;
    if (value.type != JSON_STRING && value.type != JSON_NUMBER)
        return "Not a valid string.";
    ok = value.type == JSON_STRING ? json_string(&value, text)
                                   : put_number(text, &value);
    if (!ok) {
        *memory = false;
        return "Not a valid string.";
    }
    *usable = true;
    return text_problem(text);
}

/* What BooleanField takes for true and false, beside the JSON values. */
static const struct {
    const char *text;
    bool flag;
} flags[] = {
    {"true", true},
    {"True", true},
    {"TRUE", true},
    {"t", true},
    {"T", true},
    {"yes", true},
    {"Yes", true},
    {"YES", true},
    {"y", true},
    {"Y", true},
    {"on", true},
    {"On", true},
    {"ON", true},
    {"1", true},
    {"false", false},
    {"False", false},
    {"FALSE", false},
    {"f", false},
    {"F", false},
    {"no", false},
    {"No", false},
    {"NO", false},
    {"n", false},
    {"N", false},
    {"off", false},
    {"Off", false},
    {"OFF", false},
    {"0", false},
};

bool field_flag_text(const char *text, bool *flag)
{
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(text, flags[i].text) == 0) {
            *flag = flags[i].flag;
            return true;
        }
    return false;
}

/* 1 and 0 in any spelling: Python's 1.0 == 1 == True. */
static bool number_flag(const struct json_value *value, bool *flag)
{
    double number;

    if (!json_double(value, &number) || (number != 0 && number != 1))
        return false;
    *flag = number == 1;
    return true;
}

static bool string_flag(
    const struct json_value *value, bool *flag, bool *memory)
{
    struct buf text = {0};
    bool known = false;

    if (!json_string(value, &text))
        *memory = false;
    else
        known = strlen(buf_text(&text)) == text.len &&
                field_flag_text(buf_text(&text), flag);
    buf_free(&text);
    return known;
}

const char *field_flag(
    const struct json_value *object, const char *name, bool *flag, bool *memory)
{
    static const char wrong[] = "Must be a valid boolean.";
    struct json_value value;

    if (!json_member(object, name, &value))
        return NULL;
    switch (value.type) {
    case JSON_NULL:
        return null;
    case JSON_BOOL:
        return json_bool(&value, flag) ? NULL : wrong;
    case JSON_NUMBER:
        return number_flag(&value, flag) ? NULL : wrong;
    case JSON_STRING:
        return string_flag(&value, flag, memory) ? NULL : wrong;
    default:
        return wrong;
    }
}
