#include "cli/as_root.h"

#include "base/log.h"

#include <stddef.h>
#include <unistd.h>

const char *as_root_costs(void)
{
    return geteuid() != 0
               ? NULL
               : "this runs as root, so a script can read every file of this "
                 "machine. Better: a user of its own, who has the customer's "
                 "folder (chown -R USER: FOLDER, then sudo -u USER omnitron …)";
}

void as_root_say(void)
{
    const char *costs = as_root_costs();

    if (costs)
        log_write(isatty(STDERR_FILENO) ? LOG_WARN : LOG_INFO, costs, NULL, 0);
}
