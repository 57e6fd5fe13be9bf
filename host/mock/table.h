/* table.h: the ids of the host's tables. */
#ifndef MOCK_TABLE_H
#define MOCK_TABLE_H

#include "call/call.h"

/* GET content_types/, by `model` if asked. */
void table_list(struct call *call);

#endif
