#include "cli/operator.h"

#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Who became root by sudo is the one who decides; a name that is none is no
 * person's. */
static bool is_sudo(char out[OPERATOR_MAX])
{
    const char *name = getenv("SUDO_USER");
    char memory[4096];
    struct passwd entry, *found = NULL;

    if (geteuid() != 0 || !name || !name[0] || strlen(name) >= OPERATOR_MAX ||
        getpwnam_r(name, &entry, memory, sizeof memory, &found) != 0 || !found)
        return false;
    snprintf(out, OPERATOR_MAX, "%s", found->pw_name);
    return true;
}

void operator_name(char out[OPERATOR_MAX])
{
    char memory[4096];
    struct passwd entry, *found = NULL;

    if (is_sudo(out))
        return;
    if (getpwuid_r(getuid(), &entry, memory, sizeof memory, &found) == 0 &&
        found && found->pw_name[0])
        snprintf(out, OPERATOR_MAX, "%s", found->pw_name);
    else
        snprintf(out, OPERATOR_MAX, "%lu", (unsigned long)getuid());
}
