#include "json/json.h"

#include "json/json_escape.h"

#include <string.h>

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

/* The first token of a whole text. */
static enum json_step lex_first(struct json_lexer *l, const char *text,
    size_t len, struct json_value *out, struct error *err)
{
    if (len > JSON_TEXT_MAX) {
        error_set(err, ERROR_OTHER,
            "the text has %zu bytes, more than the %d MiB that are read", len,
            JSON_TEXT_MAX >> 20);
        return JSON_STEP_ERROR;
    }
    json_lexer_init(l, text, len);
    return json_lexer_next(l, out, err);
}

bool json_parse(
    const char *text, size_t len, struct json_value *out, struct error *err)
{
    struct json_lexer l;
    struct json_value token;
    enum json_step step = lex_first(&l, text, len, out, err);

    if (step == JSON_STEP_ERROR)
        return false;
    if (step == JSON_STEP_OPEN && !lex_rest(&l, out, err))
        return false;
    return json_lexer_next(&l, &token, err) == JSON_STEP_END;
}

void json_iter_init(struct json_iter *it, const struct json_value *container)
{
    struct json_value open;
    struct error err;
    bool inside =
        container->type == JSON_ARRAY || container->type == JSON_OBJECT;

    json_lexer_init(&it->lexer, container->text, inside ? container->len : 0);
    json_lexer_next(&it->lexer, &open, &err);
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

/* Unescaped, piece by piece. */
static bool reads_as(const char *p, const char *end, const char *want)
{
    size_t left = strlen(want);

    while (p < end) {
        char bytes[UTF8_MAX] = {*p};
        size_t n = 1;
        if (*p == '\\')
            n = json_escape_read(&p, end, bytes);
        else
            p++;
        if (n > left || memcmp(want, bytes, n) != 0)
            return false;
        want += n;
        left -= n;
    }
    return left == 0;
}

/* An escape is longer than what it stands for, so as many bytes are the same
 * or are none of it. */
bool json_is_text(const struct json_value *value, const char *want)
{
    if (value->type != JSON_STRING)
        return false;
    const char *text = value->text + 1;
    size_t len = value->len - 2, wanted = strlen(want);
    if (len <= wanted)
        return len == wanted && memcmp(text, want, len) == 0;
    return memchr(text, '\\', len) && reads_as(text, text + len, want);
}

/* Puts a member where it was asked for; a second one of a name is JSON_TWICE.
 */
static void pick(const struct json_value *key, const struct json_value *value,
    const char *const *names, size_t n, struct json_value *out)
{
    for (size_t i = 0; i < n; i++)
        if (json_is_text(key, names[i])) {
            out[i] = out[i].type == JSON_NONE
                         ? *value
                         : (struct json_value){.type = JSON_TWICE};
            return;
        }
}

/* From behind the opening brace to behind the closing one. */
static bool pick_all(struct json_lexer *l, const char *const *names, size_t n,
    struct json_value *out, struct error *err)
{
    struct json_value key, value;
    enum json_step step;

    while ((step = json_lexer_next(l, &key, err)) == JSON_STEP_NAME) {
        step = json_lexer_next(l, &value, err);
        if (step == JSON_STEP_OPEN ? !lex_rest(l, &value, err)
                                   : step != JSON_STEP_VALUE)
            return false;
        pick(&key, &value, names, n, out);
    }
    return step == JSON_STEP_CLOSE;
}

bool json_parse_members(const char *text, size_t len, const char *const *names,
    size_t n, struct json_value *out, enum json_type *out_type,
    struct error *err)
{
    struct json_lexer l;
    struct json_value value;
    enum json_step step = lex_first(&l, text, len, &value, err);
    bool ok = step == JSON_STEP_OPEN || step == JSON_STEP_VALUE;

    for (size_t i = 0; i < n; i++)
        out[i] = (struct json_value){0};
    *out_type = ok ? value.type : JSON_NONE;
    if (ok && value.type == JSON_OBJECT)
        ok = pick_all(&l, names, n, out, err);
    else if (step == JSON_STEP_OPEN)
        ok = lex_rest(&l, &value, err);
    return ok && json_lexer_next(&l, &value, err) == JSON_STEP_END;
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

bool json_bool(const struct json_value *value, bool *out)
{
    if (value->type != JSON_BOOL)
        return false;
    *out = value->text[0] == 't';
    return true;
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
            return buf_cut(out, before);
        p = stop_at;
        char bytes[UTF8_MAX];
        if (slash && !buf_add(out, bytes, json_escape_read(&p, end, bytes)))
            return buf_cut(out, before);
    }
    return true;
}
