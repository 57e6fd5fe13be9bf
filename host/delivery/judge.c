#include "delivery/judge.h"

#include "delivery/differ.h"

#include <stdio.h>
#include <string.h>

static const char *stock_word(bool update_stock)
{
    return update_stock ? "true" : "false";
}

static bool same_code(
    const struct journal_row *row, const struct journal_ask *ask)
{
    return strcmp(row->code, ask->code) == 0;
}

static enum judgement conflict(
    const struct journal_row *row, const struct journal_ask *ask, char *note)
{
    char differ[DIFFER_MAX];

    if (!same_code(row, ask))
        snprintf(note, JUDGE_NOTE_MAX,
            "item %lld has the code \"%s\" already (%s); \"%s\" was asked%s",
            (long long)row->order_item_id, row->code,
            journal_state_name(row->state), ask->code,
            differ_words(row->code, ask->code, differ));
    else
        snprintf(note, JUDGE_NOTE_MAX,
            "item %lld was released with update_stock = true (%s); false "
            "was asked",
            (long long)row->order_item_id, journal_state_name(row->state));
    return JUDGE_CONFLICT;
}

/* The audit row keeps both decisions. */
static enum judgement send(const struct journal_row *row,
    const struct journal_ask *ask, const char *because, char *note)
{
    note[0] = '\0';
    if (!same_code(row, ask) || row->update_stock != ask->update_stock)
        snprintf(note, JUDGE_NOTE_MAX,
            "code \"%s\", update_stock %s became \"%s\", %s", row->code,
            stock_word(row->update_stock), ask->code,
            stock_word(ask->update_stock));
    else if (because)
        snprintf(note, JUDGE_NOTE_MAX, "%s", because);
    return JUDGE_SEND;
}

const char judge_resend_note[] =
    "unknown; sent once more: when_unknown = \"resend\"";

/* Nobody knows whether Omnitron has it. Just that is sent again: an attempt
 * for more would leave two things unknown in one row. */
static enum judgement judge_unknown(const struct journal_row *row,
    const struct journal_ask *ask, const struct judge_rules *rules, char *note)
{
    if (!rules->resend || row->resent || row->run == rules->run ||
        row->update_stock != ask->update_stock)
        return JUDGE_UNKNOWN;
    snprintf(note, JUDGE_NOTE_MAX, "%s", judge_resend_note);
    return JUDGE_RESEND;
}

static enum judgement judge_final(const struct journal_row *row,
    const struct journal_ask *ask, const struct judge_rules *rules, char *note)
{
    if (!same_code(row, ask) || (row->update_stock && !ask->update_stock))
        return conflict(row, ask, note);
    if (row->state == JOURNAL_UNKNOWN || row->state == JOURNAL_SENDING)
        return judge_unknown(row, ask, rules, note);
    if (!row->update_stock && ask->update_stock)
        return send(row, ask, NULL, note);
    return JUDGE_ALREADY;
}

/* Omnitron keeps the mapping and the reservation; letting the stock go was
 * asked for, is certainly not done, and is what may still be changed. */
static enum judgement judge_half_done(
    const struct journal_row *row, const struct journal_ask *ask, char *note)
{
    if (!same_code(row, ask))
        return conflict(row, ask, note);
    if (ask->update_stock)
        return send(row, ask, NULL, note);
    snprintf(note, JUDGE_NOTE_MAX,
        "update_stock true, not sent yet, became false: as confirmed before");
    return JUDGE_RESTORE;
}

static enum judgement judge_rejected(const struct journal_row *row,
    const struct journal_ask *ask, int64_t now_ms,
    const struct judge_rules *rules, char *note)
{
    bool same = same_code(row, ask) && row->update_stock == ask->update_stock;
    int64_t age = now_ms - row->last_at, most = rules->retry_rejected_ms;

    if (same && age < most && age > -most)
        return JUDGE_REJECTED;
    return send(row, ask, "released again after its refusal", note);
}

enum judgement judge_release(const struct journal_row *row,
    const struct journal_ask *ask, int64_t now_ms,
    const struct judge_rules *rules, char *note)
{
    note[0] = '\0';
    switch (row->state) {
    case JOURNAL_CONFIRMED:
    case JOURNAL_UNKNOWN:
    case JOURNAL_SENDING:
        return judge_final(row, ask, rules, note);
    case JOURNAL_REJECTED:
        if (row->applied_stock < 0)
            return judge_rejected(row, ask, now_ms, rules, note);
        return judge_half_done(row, ask, note);
    case JOURNAL_PENDING:
    case JOURNAL_CANCELLED:
    case JOURNAL_STATES:
        break;
    }
    if (row->applied_stock >= 0)
        return judge_half_done(row, ask, note);
    return send(row, ask,
        row->state == JOURNAL_CANCELLED ? "released again after it was "
                                          "cancelled"
                                        : NULL,
        note);
}
