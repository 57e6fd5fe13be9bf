/* as_root.h: what it costs to run scripts as root. */
#ifndef CLI_AS_ROOT_H
#define CLI_AS_ROOT_H

/* What there is to say of it; NULL for any other user. */
const char *as_root_costs(void);

/* Says it of a run that was one: to a person at a terminal, with -v, and into
 * the log file; not in each of cron's mails. */
void as_root_say(void);

#endif
