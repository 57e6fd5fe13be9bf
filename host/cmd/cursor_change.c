#include "cmd/cursor_change.h"

#include "cli/operator.h"
#include "ending/lock_wait.h"
#include "inspect/journal_own.h"
#include "journal/cursor.h"
#include "json/json.h"

#include <string.h>

enum { WAIT_MS = 10000 };

bool cursor_key_valid(const char *key, struct error *err)
{
    size_t len = strlen(key);

    return (len > 0 && len <= CURSOR_VALUE_KEY_MAX) ||
           error_set(err, ERROR_USAGE, "a key has 1 to %d bytes",
               CURSOR_VALUE_KEY_MAX);
}

bool cursor_change(const struct arguments *args, const char *command,
    const char *key, const struct cursor_value *memo, struct buf *was,
    struct error *err)
{
    char who[OPERATOR_MAX];
    struct journal_place place;
    struct cursor_order order = {
        .key = key, .memo = memo, .who = who, .script = command};

    operator_name(who);
    if (!cursor_key_valid(key, err) || !journal_init(err) ||
        !journal_place_find(args, NULL, &place, err))
        return false;
    bool ok = cursor_write(place.path, &order, was, err);
    if (!ok && err->kind == ERROR_HELD) {
        lock_wait_say_waiting(place.path);
        order.wait_ms = WAIT_MS;
        ok = cursor_write(place.path, &order, was, err);
    }
    return ok;
}

bool cursor_put_value(struct buf *out, const struct buf *kept)
{
    struct cursor_value memo;

    return cursor_value_read(buf_text(kept), kept->len, &memo)
               ? cursor_value_show(out, &memo)
               : json_put_string(out, buf_text(kept), kept->len);
}
