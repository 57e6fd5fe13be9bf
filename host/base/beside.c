#include "base/beside.h"

const char *const beside_ends[BESIDE_ENDS] = {
    "", "-wal", "-shm", "-journal", ".lock", ".notes"};
