/* The service and the timer. What systemd's manual says of each line is in
 * systemd.exec(5), systemd.service(5) and systemd.timer(5). */
#include "cron/cron_own.h"

#include <string.h>

/* What a run needs of the machine is the network, its own folder and a clock
 * to read. @resources has setrlimit, which the program asks for no core; here
 * LimitCORE= does. AF_UNIX is for the name service, and wakes libcurl. */
static const char hardening[] = "CapabilityBoundingSet=\n"
                                "AmbientCapabilities=\n"
                                "NoNewPrivileges=yes\n"
                                "PrivateDevices=yes\n"
                                "PrivateMounts=yes\n"
                                "DevicePolicy=closed\n"
                                "ProtectClock=yes\n"
                                "ProtectHostname=yes\n"
                                "ProtectKernelTunables=yes\n"
                                "ProtectKernelModules=yes\n"
                                "ProtectKernelLogs=yes\n"
                                "ProtectControlGroups=yes\n"
                                "ProtectProc=invisible\n"
                                "ProcSubset=pid\n"
                                "RestrictAddressFamilies=AF_UNIX AF_INET "
                                "AF_INET6\n"
                                "RestrictNamespaces=yes\n"
                                "RestrictRealtime=yes\n"
                                "RestrictSUIDSGID=yes\n"
                                "LockPersonality=yes\n"
                                "MemoryDenyWriteExecute=yes\n"
                                "SystemCallArchitectures=native\n"
                                "SystemCallFilter=@system-service\n"
                                "SystemCallFilter=~@privileged @resources\n"
                                "SystemCallErrorNumber=EPERM\n"
                                "RemoveIPC=yes\n"
                                "KeyringMode=private\n"
                                "LimitCORE=0\n"
                                "UMask=0077\n";

static bool put_exec(const struct cron_job *job, struct buf *out)
{
    bool ok = buf_puts(out, "ExecStart=");

    // systemd takes no variable in the program's own name
    ok = ok && cron_put_unit_word(out, job->words[0]);
    for (const char *const *word = job->words + 1; ok && *word; word++)
        ok = buf_putc(out, ' ') && cron_put_exec_word(out, *word);
    return ok && buf_putc(out, '\n');
}

bool cron_put_root(const struct cron_job *job, struct buf *out)
{
    return buf_puts(out,
               "# The journal is root's, and as root a script can read every "
               "file of this\n"
               "# machine. Make a user, give him the folder, and put his name "
               "below:\n"
               "#   chown -R USER: ") &&
           cron_put_shell(out, job->folder) && buf_putc(out, '\n');
}

static bool put_user(const struct cron_job *job, struct buf *out)
{
    if (job->is_root)
        return cron_put_root(job, out) &&
               buf_puts(out, "User=" CRON_NO_USER "\n");
    return buf_printf(out, "User=%s\n", job->user);
}

static bool put_credential(const struct cron_job *job, struct buf *out)
{
    const char *name = job->name;

    return !job->lacks_token ||
           buf_printf(out,
               "# The profile names no token_file: the token is in a file of "
               "root's.\n"
               "#   mkdir -p -m 700 /etc/credstore\n"
               "#   install -m 600 /dev/stdin /etc/credstore/%s.token\n"
               "LoadCredential=omnitron-token:/etc/credstore/%s.token\n",
               name, name);
}

/* Whether a folder is another or lies in it. */
static bool is_within(const char *folder, const char *other)
{
    size_t len = strlen(other);

    return strncmp(folder, other, len) == 0 &&
           (folder[len] == '\0' || folder[len] == '/' || len == 1);
}

static bool put_writable(const struct cron_job *job, struct buf *out)
{
    const char *const more[] = {job->journal_folder, job->metrics_folder};
    bool ok = buf_puts(out, "# All that it may write to: add what else the "
                            "script writes to.\n"
                            "ProtectSystem=strict\n"
                            "ReadWritePaths=") &&
              cron_put_unit_word(out, job->folder);

    for (size_t i = 0; ok && i < sizeof more / sizeof *more; i++)
        if (more[i][0] && !is_within(more[i], job->folder))
            ok = buf_putc(out, ' ') && cron_put_unit_word(out, more[i]);
    return ok && buf_putc(out, '\n');
}

static bool put_hidden(const struct cron_job *job, struct buf *out)
{
    return buf_printf(
               out, "ProtectHome=%s\n", job->in_home ? "read-only" : "yes") &&
           buf_puts(out, job->in_tmp ? "# Not PrivateTmp: something of this "
                                       "lies in /tmp or /var/tmp.\n"
                                     : "PrivateTmp=yes\n");
}

static bool put_times(const struct cron_job *job, struct buf *out)
{
    return buf_printf(out,
        "# The run ends in order before systemd would end it.\n"
        "RuntimeMaxSec=%lld\n"
        "TimeoutStopSec=%lld\n"
        "# Nobody has to act: 5 is kept for the next run, 11 is a run that "
        "found\n"
        "# another at work, 143 one that was stopped in order.\n"
        "SuccessExitStatus=5 11 143\n",
        (long long)(job->deadline_s + job->stop_s), (long long)job->stop_s);
}

bool cron_put_service(const struct cron_job *job, struct buf *out)
{
    return buf_printf(out, "# /etc/systemd/system/%s.service\n", job->name) &&
           buf_puts(out, "# What it says: journalctl -u ") &&
           buf_printf(out, "%s\n[Unit]\nDescription=omnitron: ", job->name) &&
           cron_put_unit_text(out, job->label) &&
           buf_puts(out, "\nWants=network-online.target\n"
                         "After=network-online.target\n"
                         "\n"
                         "[Service]\n"
                         "Type=exec\n") &&
           put_user(job, out) && put_credential(job, out) &&
           buf_puts(out, "WorkingDirectory=") &&
           cron_put_unit_text(out, job->folder) && buf_putc(out, '\n') &&
           put_exec(job, out) && put_times(job, out) && buf_putc(out, '\n') &&
           put_writable(job, out) && put_hidden(job, out) &&
           buf_puts(out, hardening);
}

bool cron_put_timer(const struct cron_job *job, struct buf *out)
{
    return buf_printf(out,
        "# /etc/systemd/system/%s.timer\n"
        "#   systemctl daemon-reload\n"
        "#   systemctl enable --now %s.timer\n"
        "[Timer]\n"
        "OnCalendar=%s\n"
        "Persistent=yes\n"
        "RandomizedDelaySec=%d\n"
        "FixedRandomDelay=yes\n"
        "AccuracySec=1s\n"
        "\n"
        "[Install]\n"
        "WantedBy=timers.target\n",
        job->name, job->name, job->times.calendar, job->times.delay_s);
}
