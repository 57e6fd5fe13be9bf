#include "mock/fault.h"

#include "call/damage.h"
#include "call/scripted_reply.h"

/* drop-after stays the first: the choices of a seed follow from the place. */
const struct fault_row fault_rows[] = {
    {"drop-after", NULL, 0, 0, FAULT_APPLIED, false, damage_close,
        "apply, then close without a reply"},
    {"reset-after", NULL, 0, 0, FAULT_APPLIED, false, damage_reset,
        "apply, then reset the connection"},
    {"silence-after", NULL, 0, 0, FAULT_APPLIED, false, scripted_silence,
        "apply, then never answer"},
    {"status-after", "CODE", 200, 599, FAULT_APPLIED, false, damage_status,
        "apply, then answer this status"},
    {"close-before", NULL, 0, 0, FAULT_UNREAD, false, damage_close,
        "close before the body is read"},
    {"reset-before", NULL, 0, 0, FAULT_UNREAD, false, damage_reset,
        "reset before the body is read"},
    {"close-read", NULL, 0, 0, FAULT_REFUSED, false, damage_close,
        "read, do not apply, close"},
    {"reset-read", NULL, 0, 0, FAULT_REFUSED, false, damage_reset,
        "read, do not apply, reset"},
    {"silence", NULL, 0, 0, FAULT_REFUSED, false, scripted_silence,
        "read, do not apply, never answer"},
    {"status", "CODE", 200, 599, FAULT_REFUSED, false, damage_status,
        "do not apply, answer this status"},
    {"retry-after", "SECONDS", 0, 1000000, FAULT_REFUSED, false,
        damage_retry_after, "429 with Retry-After: SECONDS"},
    {"retry-date", "SECONDS", 0, 1000000, FAULT_REFUSED, false,
        damage_retry_date, "429 with Retry-After: a date so far ahead"},
    {"redirect", NULL, 0, 0, FAULT_REFUSED, false, damage_redirect,
        "do not apply, 302 to a log-in page"},
    {"cut", "BYTES", 0, 100000000, FAULT_REPLY, true, scripted_cut,
        "so many bytes of the whole reply, then close"},
    {"cut-reset", "BYTES", 0, 100000000, FAULT_REPLY, true, scripted_cut_reset,
        "so many bytes of the whole reply, then reset"},
    {"unframed", NULL, 0, 0, FAULT_REPLY, true, scripted_unframed,
        "a reply without a length, ended by the close"},
    {"lengths", NULL, 0, 0, FAULT_REPLY, true, scripted_lengths,
        "two Content-Length that contradict, then close"},
    {"drip", "MS", 1, 600000, FAULT_REPLY, true, scripted_drip,
        "the reply byte by byte, so long apart"},
    {"push", NULL, 0, 0, FAULT_REPLY, true, damage_push,
        "answer, then push an unasked 400 after it"},
    {"half-json", NULL, 0, 0, FAULT_REPLY, false, damage_half_json,
        "half the body, announced as all of it"},
    {"empty", NULL, 0, 0, FAULT_REPLY, false, damage_empty,
        "200 without a body"},
    {"html", NULL, 0, 0, FAULT_REPLY, false, damage_html, "200 with HTML"},
    {"other-id", NULL, 0, 0, FAULT_APPLIED, false, damage_other_id,
        "apply, echo another item"},
    {"other-code", NULL, 0, 0, FAULT_APPLIED, false, damage_other_code,
        "apply, echo another code"},
    {"huge", NULL, 0, 0, FAULT_REPLY, false, damage_huge,
        "2 MiB of spaces behind the JSON"},
    {"endless", NULL, 0, 0, FAULT_REPLY, true, scripted_endless,
        "a chunked body without an end"},
    {"headers", NULL, 0, 0, FAULT_REPLY, true, scripted_headers,
        "headers without an end"},
    {"continues", NULL, 0, 0, FAULT_REPLY, true, scripted_continues,
        "100 Continue without an end"},
    {NULL, NULL, 0, 0, FAULT_REPLY, false, NULL, NULL},
};

/* splitmix64's last step: every bit of the input reaches every bit of the
 * result. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* From 0 to below 1, the same for the same three. */
static double draw(uint64_t seed, uint64_t n, const struct mock_fault *fault)
{
    uint64_t which = fault->row | (uint64_t)fault->arg << 16;

    return (double)(mix(mix(mix(seed) ^ which) ^ n) >> 11) * 0x1p-53;
}

static struct mock_fault *of_item(struct mock_options *options, int64_t item)
{
    for (size_t i = 0; i < options->fault_count; i++) {
        struct mock_fault *fault = &options->faults[i];
        if (fault->item == 0 || fault->item != item || fault->left == 0)
            continue;
        if (fault->left > 0)
            fault->left--;
        return fault;
    }
    return NULL;
}

static struct mock_fault *of_rate(struct mock_options *options, uint64_t n)
{
    for (size_t i = 0; i < options->fault_count; i++) {
        struct mock_fault *fault = &options->faults[i];
        if (fault->item == 0 && fault->rate > 0 &&
            draw(options->seed, n, fault) < fault->rate)
            return fault;
    }
    return NULL;
}

const struct fault_row *fault_choose(
    struct mock_options *options, uint64_t n, int64_t item, unsigned *arg)
{
    const struct mock_fault *fault = of_item(options, item);

    if (!fault)
        fault = of_rate(options, n);
    if (!fault)
        return NULL;
    *arg = fault->arg;
    return &fault_rows[fault->row];
}

const char *fault_bare(const struct mock_options *options)
{
    for (size_t i = 0; i < options->fault_count; i++)
        if (fault_rows[options->faults[i].row].bare)
            return fault_rows[options->faults[i].row].name;
    return NULL;
}
