#include "cli/operator.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

void operator_name(char out[OPERATOR_MAX])
{
    char memory[4096];
    struct passwd entry, *found = NULL;

    if (getpwuid_r(getuid(), &entry, memory, sizeof memory, &found) == 0 &&
        found && found->pw_name[0])
        snprintf(out, OPERATOR_MAX, "%s", found->pw_name);
    else
        snprintf(out, OPERATOR_MAX, "%lu", (unsigned long)getuid());
}
