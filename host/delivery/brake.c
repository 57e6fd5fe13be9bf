#include "delivery/brake.h"

bool brake_is_forbidden(enum outcome outcome, int status)
{
    return outcome == OUTCOME_REFUSED && (status == 403 || status == 405);
}

static int longer(int row, bool fits)
{
    return fits ? row + 1 : 0;
}

static void count(struct brake *brake, const struct brake_seen *seen)
{
    bool refused = seen->outcome == OUTCOME_REFUSED;

    brake->applied |= seen->outcome == OUTCOME_APPLIED;
    brake->unknown = longer(brake->unknown, seen->outcome == OUTCOME_UNKNOWN);
    brake->forbidden = longer(
        brake->forbidden, brake_is_forbidden(seen->outcome, seen->status));
    if (!refused || !seen->rejected_before)
        brake->refused = longer(brake->refused, refused);
}

enum stop_reason brake_count(struct brake *brake, const struct brake_seen *seen)
{
    bool redirect = seen->outcome == OUTCOME_UNKNOWN && seen->status >= 300 &&
                    seen->status <= 399;

    if (seen->outcome != OUTCOME_NOT_SENT)
        count(brake, seen);
    if (redirect)
        return STOP_REDIRECT;
    if (brake->unknown >= BRAKE_UNKNOWN)
        return STOP_UNKNOWN;
    if (brake->forbidden >= BRAKE_FORBIDDEN)
        return STOP_FORBIDDEN;
    if (brake->refused >= BRAKE_REFUSED && !brake->applied)
        return STOP_REJECTED;
    return seen->given_up ? STOP_NO_ANSWER : STOP_NONE;
}

bool brake_wants_look(struct brake *brake)
{
    if (!brake->applied || brake->refused < BRAKE_REFUSED)
        return false;
    brake->refused = 0;
    return true;
}
