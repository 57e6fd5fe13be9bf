#include "journal/op.h"

#include "base/mem.h"
#include "journal/bind.h"
#include "journal/row.h"
#include "journal/statement.h"

#include <string.h>

struct op_set {
    struct store *store;
    int64_t run;
    sqlite3_stmt *stmt[STATEMENTS];
};

struct op_set *op_set_new(struct store *store, int64_t run, struct error *err)
{
    struct op_set *set = mem_calloc(1, sizeof *set);
    int i;

    if (!set) {
        error_memory(err);
        return NULL;
    }
    set->store = store;
    set->run = run;
    for (i = 0; i < STATEMENTS; i++) {
        set->stmt[i] =
            store_prepare(store, statement_text((enum statement)i), err);
        if (!set->stmt[i]) {
            op_set_free(set);
            return NULL;
        }
    }
    return set;
}

void op_set_free(struct op_set *set)
{
    int i;

    if (!set)
        return;
    for (i = 0; set->store->db && i < STATEMENTS; i++)
        sqlite3_finalize(set->stmt[i]);
    mem_free(set);
}

static int changes(const struct op_set *set)
{
    return sqlite3_changes(set->store->db);
}

static void bind_code(struct bind *bind, const char *code)
{
    bind_whole(bind, code, strlen(code));
}

/* The end of each statement that writes what was asked for. */
static void bind_origin(
    struct bind *bind, const struct op_set *set, const struct journal_ask *ask)
{
    bind_text(bind, ask->source);
    bind_text(bind, ask->name);
    bind_text(bind, ask->order_number);
    bind_whole(bind, ask->seen, ask->seen ? strlen(ask->seen) : 0);
    bind_number(bind, set->run);
}

static int find(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_FIND]};
    int rc;

    bind_number(&bind, op->ask.order_item_id);
    rc = bind_row(&bind);
    op->found = rc == SQLITE_ROW;
    if (op->found)
        rc = row_read(bind.stmt, &op->row);
    else if (rc == SQLITE_DONE)
        rc = SQLITE_OK;
    sqlite3_reset(bind.stmt);
    return rc;
}

/* Another item that has the code, when it must stand for one alone. */
static int look_taken(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_TAKEN]};
    int rc;

    if (!op->unique)
        return SQLITE_OK;
    bind_code(&bind, op->ask.code);
    bind_number(&bind, op->ask.order_item_id);
    rc = bind_row(&bind);
    if (rc == SQLITE_ROW)
        op->taken = sqlite3_column_int64(bind.stmt, 0);
    sqlite3_reset(bind.stmt);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int insert(struct op_set *set, const struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_ADMIT]};
    const struct journal_ask *ask = &op->ask;

    bind_number(&bind, ask->order_item_id);
    bind_code(&bind, ask->code);
    bind_number(&bind, ask->update_stock);
    bind_number(&bind, ask->update_stock);
    bind_number(&bind, op->at);
    bind_number(&bind, op->at);
    bind_number(&bind, op->at);
    bind_origin(&bind, set, ask);
    return bind_done(&bind);
}

/* A row that is there is the answer, whoever else has the code. */
static int admit(struct op_set *set, struct journal_op *op)
{
    int rc = SQLITE_OK;

    if (op->unique) {
        rc = find(set, op);
        if (rc == SQLITE_OK && !op->found)
            rc = look_taken(set, op);
        if (rc != SQLITE_OK || op->found || op->taken)
            return rc;
    }
    rc = insert(set, op);
    return rc != SQLITE_OK || changes(set) > 0 ? rc : find(set, op);
}

static int archive(struct op_set *set, int64_t item)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_ARCHIVE]};

    bind_number(&bind, item);
    return bind_done(&bind);
}

static int audit(struct op_set *set, const struct journal_op *op,
    const char *what, int64_t now)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_AUDIT]};

    if (!op->note)
        return SQLITE_OK;
    bind_number(&bind, op->ask.order_item_id);
    bind_number(&bind, now);
    bind_text(&bind, what);
    bind_text(&bind, op->note);
    return bind_done(&bind);
}

/* A row that must be there and is not was taken out behind our back. */
static int one_changed(const struct op_set *set, int rc)
{
    return rc == SQLITE_OK && changes(set) != 1 ? SQLITE_CORRUPT : rc;
}

/* For another code, unless it is taken: the latest attempt goes to its table,
 * since it was made with the code that the row is about to lose. */
static int make_way(struct op_set *set, struct journal_op *op)
{
    int rc = look_taken(set, op);

    if (rc != SQLITE_OK || op->taken)
        return rc;
    return archive(set, op->ask.order_item_id);
}

static int again(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_AGAIN]};
    const struct journal_ask *ask = &op->ask;
    int64_t now = op->at;
    int rc = make_way(set, op);

    if (rc != SQLITE_OK || op->taken)
        return rc;
    bind_code(&bind, ask->code);
    bind_number(&bind, ask->update_stock);
    bind_number(&bind, ask->update_stock);
    bind_number(&bind, now);
    bind_number(&bind, now);
    bind_origin(&bind, set, ask);
    bind_number(&bind, op->resend);
    bind_number(&bind, ask->order_item_id);
    rc = one_changed(set, bind_done(&bind));
    return rc == SQLITE_OK ? audit(set, op, "sent again", now) : rc;
}

static int keep(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_KEEP]};
    const struct journal_ask *ask = &op->ask;
    int64_t now = op->at;
    int rc = make_way(set, op);

    if (rc != SQLITE_OK || op->taken)
        return rc;
    bind_number(&bind, ask->order_item_id);
    bind_code(&bind, ask->code);
    bind_number(&bind, ask->update_stock);
    bind_number(&bind, now);
    bind_number(&bind, now);
    bind_origin(&bind, set, ask);
    rc = bind_done(&bind);
    return rc == SQLITE_OK ? audit(set, op, "kept as pending", now) : rc;
}

static int restore(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_RESTORE]};
    int64_t now = op->at;
    int rc;

    bind_number(&bind, now);
    bind_number(&bind, set->run);
    bind_number(&bind, op->ask.order_item_id);
    rc = one_changed(set, bind_done(&bind));
    return rc == SQLITE_OK ? audit(set, op, "taken back", now) : rc;
}

static bool may_take_up(const struct op_set *set, const struct journal_op *op)
{
    const struct journal_row *row = &op->row;

    return op->found && row->run != set->run &&
           (row->state == JOURNAL_PENDING ||
               (op->resend && row->state == JOURNAL_UNKNOWN && !row->resent));
}

static int take_up(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_TAKE_UP]};
    int rc = find(set, op);

    op->found = rc == SQLITE_OK && may_take_up(set, op);
    if (!op->found)
        return rc;
    rc = archive(set, op->ask.order_item_id);
    if (rc != SQLITE_OK)
        return rc;
    bind_number(&bind, op->at);
    bind_number(&bind, set->run);
    bind_number(&bind, op->ask.order_item_id);
    rc = one_changed(set, bind_done(&bind));
    if (rc != SQLITE_OK || op->row.state == JOURNAL_PENDING)
        return rc;
    return audit(set, op, "sent again", op->at);
}

static int set_back(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_SET_BACK]};
    int rc;

    bind_number(&bind, op->ask.update_stock);
    bind_number(&bind, op->at);
    bind_number(&bind, set->run);
    bind_number(&bind, op->ask.order_item_id);
    rc = bind_done(&bind);
    op->found = rc == SQLITE_OK && changes(set) > 0;
    return op->found ? audit(set, op, "set back", op->at) : rc;
}

static int left(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_LEFT]};

    buf_clear(&op->text);
    bind_number(&bind, op->ask.order_item_id);
    bind_number(&bind, set->run);
    bind_number(&bind, op->resend);
    return bind_each(&bind, row_add_item, &op->text);
}

static void bind_null(struct bind *bind)
{
    bind->at++;
}

static void bind_mapping(
    struct bind *bind, const struct journal_mapping *mapping)
{
    if (!mapping->known) {
        bind_null(bind);
        bind_null(bind);
        bind_null(bind);
        return;
    }
    bind_number(bind, mapping->pk);
    bind_number(bind, mapping->content_type);
    bind_text_of(bind, mapping->integration_type, JOURNAL_TYPE_MAX);
}

static int outcome(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_OUTCOME]};
    const struct journal_outcome *out = &op->outcome;

    sqlite3_clear_bindings(bind.stmt);
    bind_text(&bind, journal_state_name(out->state));
    bind_number(&bind, out->update_stock);
    bind_number(&bind, out->sent);
    bind_number(&bind, out->curl);
    bind_number(&bind, out->http_status);
    bind_number(&bind, out->ms);
    bind_text(&bind, out->outcome);
    bind_text(&bind, out->why);
    bind_text_of(&bind, out->message, JOURNAL_MESSAGE_MAX);
    bind_blob(&bind, out->reply, out->reply_len);
    bind_mapping(&bind, &out->mapping);
    bind_number(&bind, op->at);
    bind_number(&bind, out->resent);
    bind_number(&bind, op->ask.order_item_id);
    return one_changed(set, bind_done(&bind));
}

static int conflict(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_CONFLICT]};
    const struct journal_ask *ask = &op->ask;
    int64_t now = op->at;

    bind_number(&bind, ask->order_item_id);
    bind_code(&bind, ask->code);
    bind_number(&bind, ask->update_stock);
    bind_number(&bind, now);
    bind_number(&bind, now);
    bind_text(&bind, ask->source);
    bind_text(&bind, ask->name);
    bind_number(&bind, set->run);
    return bind_done(&bind);
}

static int remember(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_REMEMBER]};

    bind_whole(&bind, op->key, strlen(op->key));
    bind_whole(&bind, buf_text(&op->text), op->text.len);
    bind_number(&bind, op->at);
    bind_number(&bind, set->run);
    return bind_done(&bind);
}

static int take_value(sqlite3_stmt *stmt, struct buf *text)
{
    const char *value = row_text(stmt, 0);

    buf_clear(text);
    if (!value)
        return SQLITE_NOMEM;
    return buf_add(text, value, (size_t)sqlite3_column_bytes(stmt, 0))
               ? SQLITE_OK
               : SQLITE_NOMEM;
}

static int recall(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_RECALL]};
    int rc;

    bind_whole(&bind, op->key, strlen(op->key));
    rc = bind_row(&bind);
    op->found = rc == SQLITE_ROW;
    if (op->found)
        rc = take_value(bind.stmt, &op->text);
    else if (rc == SQLITE_DONE)
        rc = SQLITE_OK;
    sqlite3_reset(bind.stmt);
    return rc;
}

static int put_input(
    struct op_set *set, const struct journal_input *input, int64_t now)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_INPUT]};

    bind_text(&bind, input->source);
    bind_text(&bind, input->name);
    bind_text(&bind, input->item);
    bind_text(&bind, input->what);
    bind_text_of(&bind, input->message, JOURNAL_MESSAGE_MAX);
    bind_text(&bind, input->place);
    bind_whole(&bind, input->seen, input->seen ? strlen(input->seen) : 0);
    bind_number(&bind, set->run);
    bind_number(&bind, now);
    return bind_done(&bind);
}

static int put_inputs(struct op_set *set, struct journal_op *op)
{
    struct bind bind = {.stmt = set->stmt[STATEMENT_FEWER_INPUTS]};
    int rc = SQLITE_OK;

    for (size_t i = 0; i < op->input_count && rc == SQLITE_OK; i++)
        rc = put_input(set, &op->inputs[i], op->at);
    if (rc != SQLITE_OK)
        return rc;
    bind_number(&bind, JOURNAL_INPUTS_MAX);
    return bind_done(&bind);
}

static int (*const kinds[])(struct op_set *set, struct journal_op *op) = {
    [JOURNAL_ADMIT] = admit,
    [JOURNAL_AGAIN] = again,
    [JOURNAL_TAKE_UP] = take_up,
    [JOURNAL_KEEP] = keep,
    [JOURNAL_RESTORE] = restore,
    [JOURNAL_OUTCOME] = outcome,
    [JOURNAL_CONFLICT] = conflict,
    [JOURNAL_SET_BACK] = set_back,
    [JOURNAL_LEFT] = left,
    [JOURNAL_FIND] = find,
    [JOURNAL_REMEMBER] = remember,
    [JOURNAL_RECALL] = recall,
    [JOURNAL_INPUTS] = put_inputs,
};

static int simple(struct op_set *set, enum statement which)
{
    struct bind bind = {.stmt = set->stmt[which]};

    return bind_done(&bind);
}

int op_begin(struct op_set *set)
{
    return simple(set, STATEMENT_BEGIN);
}

int op_commit(struct op_set *set)
{
    return simple(set, STATEMENT_COMMIT);
}

int op_run(struct op_set *set, struct journal_op *op)
{
    op->found = false;
    op->taken = 0;
    return kinds[op->kind](set, op);
}
