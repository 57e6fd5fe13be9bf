#include "ending/run_result.h"

void run_result_fini(struct run_result *result)
{
    problems_fini(&result->problems);
    buf_free(&result->summary);
}
