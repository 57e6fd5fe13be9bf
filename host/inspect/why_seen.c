#include "inspect/why_seen.h"

#include "json/json.h"

#include <string.h>

static bool read_object(const char *seen, struct json_value *object)
{
    struct error ignored;

    return json_parse(seen, strlen(seen), object, &ignored) &&
           object->type == JSON_OBJECT;
}

/* A text without white space and quotes stands as it is. */
static bool put_value(struct buf *out, const struct json_value *value)
{
    struct buf text = {0};

    if (value->type != JSON_STRING)
        return buf_add(out, value->text, value->len);
    bool ok = json_string(value, &text);
    bool plain = ok && text.len > 0 && !strpbrk(text.data, " \t\r\n\"=");
    ok = ok && (plain ? buf_add(out, text.data, text.len)
                      : buf_printf(out, "\"%s\"", buf_text(&text)));
    buf_free(&text);
    return ok;
}

static bool put_field(struct buf *out, const struct json_value *name,
    const struct json_value *value)
{
    if (out->len && !buf_putc(out, ' '))
        return false;
    if (json_is_text(name, "…"))
        return buf_puts(out, "and ") && buf_add(out, value->text, value->len) &&
               buf_puts(out, " fields more");
    return json_string(name, out) && buf_putc(out, '=') &&
           put_value(out, value);
}

bool why_seen_text(const char *seen, struct buf *out)
{
    struct json_value object, name, value;
    struct json_iter it;
    bool ok = true;

    if (!read_object(seen, &object))
        return true;
    json_iter_init(&it, &object);
    while (ok && json_iter_next(&it, &name, &value))
        ok = put_field(out, &name, &value);
    return ok;
}

bool why_seen_json(const char *seen, struct buf *out)
{
    struct json_value object;

    if (!read_object(seen, &object))
        return json_put_member_null(out, "seen");
    return json_put_name(out, "seen") && buf_add(out, object.text, object.len);
}
