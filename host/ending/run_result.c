#include "ending/run_result.h"

#include "ending/counts.h"

static enum exit_code exit_of_stop(enum stop_reason why)
{
    if (why == STOP_NONE || why == STOP_LEAVE)
        return EXIT_DONE;
    return stop_reason_needs_person(why) ? EXIT_STOPPED : EXIT_PENDING;
}

static bool some_rejected(const struct run_result *r)
{
    for (int i = 0; i < COUNTS_ENDS; i++)
        if (counts_needs_person(i) &&
            counts_of(i, &r->rows, r->tally.by_verdict))
            return true;
    return false;
}

enum exit_code run_result_exit(const struct run_result *r)
{
    enum exit_code code = exit_of_stop(r->stop.why);

    if (r->counts.by_state[JOURNAL_UNKNOWN])
        code = exit_first(code, EXIT_UNKNOWN);
    if (some_rejected(r) || r->counts.by_state[JOURNAL_REJECTED] ||
        r->counts.conflicts)
        code = exit_first(code, EXIT_ROWS);
    if (r->counts.by_state[JOURNAL_PENDING])
        code = exit_first(code, EXIT_PENDING);
    return code;
}

void run_result_fini(struct run_result *result)
{
    problems_fini(&result->problems);
    buf_free(&result->summary);
}
