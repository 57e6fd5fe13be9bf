#include "journal/bind.h"

#include "base/utf8.h"
#include "journal/row.h"

#include <string.h>

static void keep(struct bind *bind, int rc)
{
    if (bind->rc == SQLITE_OK)
        bind->rc = rc;
}

void bind_number(struct bind *bind, int64_t number)
{
    keep(bind, sqlite3_bind_int64(bind->stmt, ++bind->at, number));
}

void bind_whole(struct bind *bind, const char *text, size_t len)
{
    keep(bind, sqlite3_bind_text64(bind->stmt, ++bind->at, text, len,
                   SQLITE_STATIC, SQLITE_UTF8));
}

void bind_text_of(struct bind *bind, const char *text, size_t max)
{
    bind_whole(bind, text, text ? utf8_cut(text, strlen(text), max) : 0);
}

void bind_text(struct bind *bind, const char *text)
{
    bind_text_of(bind, text, BIND_TEXT_MAX);
}

void bind_blob(struct bind *bind, const void *bytes, size_t len)
{
    keep(bind, sqlite3_bind_blob64(bind->stmt, ++bind->at, len ? bytes : NULL,
                   len, SQLITE_STATIC));
}

int bind_row(struct bind *bind)
{
    return bind->rc == SQLITE_OK ? sqlite3_step(bind->stmt) : bind->rc;
}

int bind_done(struct bind *bind)
{
    int rc = bind_row(bind);

    sqlite3_reset(bind->stmt);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int take_rows(struct bind *bind, bind_take *take, void *arg)
{
    int rc;

    while ((rc = bind_row(bind)) == SQLITE_ROW) {
        rc = take(bind->stmt, arg);
        if (rc != SQLITE_OK)
            return rc;
    }
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int bind_each(struct bind *bind, bind_take *take, void *arg)
{
    int rc = take_rows(bind, take, arg);

    sqlite3_reset(bind->stmt);
    return rc;
}

static bool end(
    struct store *store, struct bind *bind, int rc, struct error *err)
{
    if (rc != SQLITE_OK)
        store_fail(store, rc, err);
    sqlite3_finalize(bind->stmt);
    return rc == SQLITE_OK;
}

bool bind_once(struct store *store, struct bind *bind, struct error *err)
{
    return end(store, bind, bind_done(bind), err);
}

bool bind_once_each(struct store *store, struct bind *bind, bind_take *take,
    void *arg, struct error *err)
{
    return end(store, bind, take_rows(bind, take, arg), err);
}
