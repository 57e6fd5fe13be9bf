#include "history/import.h"

#include "base/clock.h"
#include "base/mem.h"
#include "history/words.h"
#include "journal/bind.h"
#include "journal/rollback.h"
#include "journal/row.h"
#include "journal/run_row.h"
#include "journal/sql.h"
#include "journal/writer.h"

#include <string.h>

enum statement { FIND, ARCHIVE, INSERT, CONFIRM, AUDIT, WORD, STATEMENTS };

static const char *const texts[STATEMENTS] = {
    [FIND] = SQL_FIND,
    [ARCHIVE] = SQL_ARCHIVE,
    [INSERT] = ("INSERT INTO release (order_item_id, code, update_stock,"
                " state, attempts, applied_stock, mapping_pk, source, run,"
                " first_at, last_at)"
                " VALUES (?, ?, ?, 'confirmed', 0, ?, ?, ?, 0, ?, ?)"),
    [CONFIRM] = ("UPDATE release SET state = 'confirmed', update_stock = ?,"
                 " applied_stock = ?, mapping_pk = ?, content_type = NULL,"
                 " integration_type = NULL, message = NULL, resent = 0,"
                 " source = ?, last_at = ? WHERE order_item_id = ?"),
    [AUDIT] = ("INSERT INTO audit (order_item_id, at, who, what, note)"
               " VALUES (?, ?, ?, ?, ?)"),
    [WORD] = WORDS_ADD,
};

struct import {
    struct writer writer;
    struct import_order order;
    struct import_result result;
    sqlite3_stmt *stmt[STATEMENTS];
    int64_t now;
    bool open; // a transaction is
};

static bool prepare(struct import *import, struct error *err)
{
    for (int i = 0; i < STATEMENTS; i++) {
        import->stmt[i] = store_prepare(&import->writer.store, texts[i], err);
        if (!import->stmt[i])
            return false;
    }
    return true;
}

static bool begin(struct import *import, struct error *err)
{
    struct store *store = &import->writer.store;
    const struct import_order *o = &import->order;

    if (!writer_open(
            &import->writer, store->name, o->script, o->wait_ms, err) ||
        !rollback_check(store, err) || !prepare(import, err) ||
        !store_exec(store, "BEGIN IMMEDIATE", err))
        return false;
    import->open = true;
    import->now = clock_wall_ms();
    return run_turn_orphans(store, err);
}

struct import *import_open(
    const char *path, const struct import_order *order, struct error *err)
{
    struct import *import = mem_calloc(1, sizeof *import);

    if (!import) {
        error_memory(err);
        return NULL;
    }
    import->order = *order;
    import->writer.store.name = path;
    if (begin(import, err))
        return import;
    writer_fail(&import->writer, err);
    import_close(import);
    return NULL;
}

static int find(struct import *import, int64_t item, struct journal_row *row)
{
    struct bind bind = {.stmt = import->stmt[FIND]};
    int rc;

    bind_number(&bind, item);
    rc = bind_row(&bind);
    if (rc == SQLITE_ROW)
        rc = row_read(bind.stmt, row);
    sqlite3_reset(bind.stmt);
    return rc;
}

static void bind_mapping(struct bind *bind, const struct import_row *row)
{
    if (row->mapping_pk)
        bind_number(bind, row->mapping_pk);
    else
        bind_text(bind, NULL);
}

static int audit(struct import *import, int64_t item)
{
    struct bind bind = {.stmt = import->stmt[AUDIT]};

    bind_number(&bind, item);
    bind_number(&bind, import->now);
    bind_text(&bind, import->order.who);
    bind_text(&bind, "imported: done already");
    bind_text(&bind, import->order.note);
    return bind_done(&bind);
}

static int add_word(struct import *import, int64_t item, const char *text)
{
    struct bind bind = {.stmt = import->stmt[WORD]};
    char folded[WORDS_MOST + 1];

    bind_whole(&bind, folded, words_fold(text, strlen(text), folded));
    bind_number(&bind, item);
    return bind_done(&bind);
}

/* Who did it; and what it is found by, for no run's end will add that. */
static int note(struct import *import, const struct import_row *row)
{
    int64_t item = row->order_item_id;
    int rc = audit(import, item);

    if (rc == SQLITE_OK)
        rc = add_word(import, item, row->code);
    return rc == SQLITE_OK
               ? add_word(import, item, words_end_of_path(row->source))
               : rc;
}

static int insert(struct import *import, const struct import_row *row)
{
    struct bind bind = {.stmt = import->stmt[INSERT]};

    bind_number(&bind, row->order_item_id);
    bind_text(&bind, row->code);
    bind_number(&bind, row->update_stock);
    bind_number(&bind, row->update_stock);
    bind_mapping(&bind, row);
    bind_text(&bind, row->source);
    bind_number(&bind, import->now);
    bind_number(&bind, import->now);
    int rc = bind_done(&bind);
    import->result.rows += rc == SQLITE_OK;
    return rc == SQLITE_OK ? note(import, row) : rc;
}

static int confirm(struct import *import, const struct import_row *row)
{
    struct bind archive = {.stmt = import->stmt[ARCHIVE]};
    struct bind bind = {.stmt = import->stmt[CONFIRM]};

    bind_number(&archive, row->order_item_id);
    int rc = bind_done(&archive);
    if (rc != SQLITE_OK)
        return rc;
    bind_number(&bind, row->update_stock);
    bind_number(&bind, row->update_stock);
    bind_mapping(&bind, row);
    bind_text(&bind, row->source);
    bind_number(&bind, import->now);
    bind_number(&bind, row->order_item_id);
    rc = bind_done(&bind);
    import->result.changed += rc == SQLITE_OK;
    return rc == SQLITE_OK ? note(import, row) : rc;
}

/* Of what may be on the host nobody but a person who looked can say more. */
static bool contradicts(
    const struct import_row *row, const struct journal_row *there)
{
    if (strcmp(row->code, there->code) != 0)
        return true;
    switch (there->state) {
    case JOURNAL_CONFIRMED:
        return row->update_stock != there->update_stock;
    case JOURNAL_PENDING:
    case JOURNAL_REJECTED:
    case JOURNAL_CANCELLED:
        return there->applied_stock == 1 && !row->update_stock;
    case JOURNAL_SENDING:
    case JOURNAL_UNKNOWN:
    case JOURNAL_STATES:
        break;
    }
    return true;
}

static int take(struct import *import, const struct import_row *row,
    const struct journal_row *there)
{
    if (there->state != JOURNAL_CONFIRMED)
        return confirm(import, row);
    import->result.already++;
    return SQLITE_OK;
}

bool import_add(struct import *import, const struct import_row *row,
    bool *refused, struct journal_row *there, struct error *err)
{
    int rc = find(import, row->order_item_id, there);

    *refused = rc == SQLITE_OK && contradicts(row, there);
    import->result.refused += *refused;
    if (rc == SQLITE_OK && !*refused)
        rc = take(import, row, there);
    else if (rc == SQLITE_DONE)
        rc = insert(import, row);
    if (rc == SQLITE_OK)
        return true;
    store_fail(&import->writer.store, rc, err);
    writer_fail(&import->writer, err);
    return false;
}

bool import_keep(struct import *import, struct error *err)
{
    import->open = !store_exec(&import->writer.store, "COMMIT", err);
    if (import->open)
        writer_fail(&import->writer, err);
    return !import->open;
}

const struct import_result *import_result(const struct import *import)
{
    return &import->result;
}

void import_close(struct import *import)
{
    if (!import)
        return;
    if (import->open)
        store_rollback(&import->writer.store);
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(import->stmt[i]);
    writer_close(&import->writer);
    mem_free(import);
}
