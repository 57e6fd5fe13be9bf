#include "ending/run_result.h"

static enum exit_code exit_of_stop(enum stop_reason why)
{
    if (why == STOP_NONE || why == STOP_LEAVE)
        return EXIT_DONE;
    return stop_reason_needs_person(why) ? EXIT_STOPPED : EXIT_PENDING;
}

enum exit_code run_result_exit(const struct run_result *r)
{
    const int64_t *verdicts = r->tally.by_verdict;
    enum exit_code code = exit_of_stop(r->stop.why);

    if (r->counts.by_state[JOURNAL_UNKNOWN])
        code = exit_first(code, EXIT_UNKNOWN);
    if (r->rows.failed || r->rows.invalid || verdicts[VERDICT_REJECTED] ||
        verdicts[VERDICT_CONFLICT])
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
