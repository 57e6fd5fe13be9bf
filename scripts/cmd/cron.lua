-- cron.lua: a script that runs unattended, as a line of a crontab, and as a
-- systemd service with its timer. `view` is the job: its words, its times, its
-- folders, all absolute. Records: { piece = "crontab", "service", "timer" or
-- "command", what cron hands to sh }, or { all = true }.

local concat = table.concat

-- Nobody is called that, so neither cron nor systemd runs it.
local NO_USER = "put-a-user-here"

-- What a run needs of the machine is the network, its own folder and a clock
-- to read. @resources has setrlimit, which the program asks for no core; here
-- LimitCORE= does. AF_UNIX is for the name service, and wakes libcurl.
local HARDENING = [[
CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
PrivateDevices=yes
PrivateMounts=yes
DevicePolicy=closed
ProtectClock=yes
ProtectHostname=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
RemoveIPC=yes
KeyringMode=private
LimitCORE=0
UMask=0077
]]

local function is_plain(word)
  return word:find("^[a-zA-Z0-9_./:@,+=-]+$") ~= nil
end

-- A word as a line of a crontab has it: for sh, which cron hands it to when it
-- has made % of \%. Nothing within quotes needs a backslash, of which each cron
-- thinks otherwise, but for the one in front of %.
local function shell(word)
  local quote = is_plain(word) and "" or "'"
  return quote .. word:gsub("['%%]", { ["'"] = "'\"'\"'", ["%"] = "\\%" })
    .. quote
end

-- systemd.syntax(7), "Quoting"; systemd.unit(5), "Specifiers". `twice` are the
-- characters that stand for themselves when they are doubled.
local function quoted(word, twice)
  if is_plain(word) then
    return word
  end
  local quote = word:find('"', 1, true) and "'" or '"'
  return quote .. word:gsub(twice, "%0%0"):gsub(quote, "\\%0") .. quote
end

-- A word of a unit's list, such as ReadWritePaths=.
local function unit_word(word)
  return quoted(word, "%%")
end

-- Of ExecStart=, where a variable would be put in for $NAME.
local function exec_word(word)
  return quoted(word, "[%%$]")
end

-- The rest of a unit's line, not quoted.
local function unit_text(words)
  return (words:gsub("%%", "%%%%"))
end

local function each(words, quote, from)
  local out = {}
  for i = from, #words do
    out[#out + 1] = quote(words[i])
  end
  return concat(out, " ")
end

local function command(job)
  return each(job.words, shell, 1)
end

local function for_root(job)
  return "# The journal is root's, and as root a script can read every file of "
    .. "this\n# machine. Make a user, give him the folder, and put his name "
    .. "below:\n#   chown -R USER: " .. shell(job.folder) .. "\n"
end

local function crontab(job)
  return (job.is_root and "# For /etc/crontab, which has a user behind the "
      .. "times.\n" .. for_root(job)
      or "# For the crontab of " .. job.user .. ": crontab -e\n")
    .. "# A good run prints nothing; what there is to say is mailed to "
    .. "MAILTO.\n"
    .. (job.lacks_token and "# cron has no token for it: name a token_file in "
      .. "the profile first.\n" or "")
    .. job.crontab .. " " .. (job.is_root and NO_USER .. " " or "")
    .. command(job) .. "\n"
end

local function user(job)
  return job.is_root and for_root(job) .. "User=" .. NO_USER .. "\n"
    or "User=" .. job.user .. "\n"
end

local function credential(job)
  local name = job.name
  return job.lacks_token
    and ("# The profile names no token_file: the token is in a file of "
      .. "root's.\n"
      .. "#   mkdir -p -m 700 /etc/credstore\n"
      .. "#   install -m 600 /dev/stdin /etc/credstore/%s.token\n"
      .. "LoadCredential=omnitron-token:/etc/credstore/%s.token\n")
      :format(name, name) or ""
end

-- systemd takes no variable in the program's own name.
local function exec(job)
  return ("ExecStart=%s %s\n"):format(unit_word(job.words[1]),
    each(job.words, exec_word, 2))
end

local function times(job)
  return ("# The run ends in order before systemd would end it.\n"
    .. "RuntimeMaxSec=%d\n"
    .. "TimeoutStopSec=%d\n"
    .. "# Nobody has to act: 5 is kept for the next run, 11 is a run that "
    .. "found\n"
    .. "# another at work, 143 one that was stopped in order.\n"
    .. "SuccessExitStatus=5 11 143\n"):format(job.runtime_s, job.stop_s)
end

-- Whether a folder is another or lies in it.
local function is_within(folder, other)
  local n = #other
  return folder:sub(1, n) == other
    and (#folder == n or n == 1 or folder:sub(n + 1, n + 1) == "/")
end

local function writable(job)
  local paths = { unit_word(job.folder) }
  for _, folder in ipairs { job.journal_folder, job.metrics_folder } do
    if folder ~= "" and not is_within(folder, job.folder) then
      paths[#paths + 1] = unit_word(folder)
    end
  end
  return "# All that it may write to: add what else the script writes to.\n"
    .. "ProtectSystem=strict\nReadWritePaths=" .. concat(paths, " ") .. "\n"
end

local function hidden(job)
  return ("ProtectHome=%s\n"):format(job.in_home and "read-only" or "yes")
    .. (job.in_tmp
      and "# Not PrivateTmp: something of this lies in /tmp or /var/tmp.\n"
      or "PrivateTmp=yes\n")
end

-- What systemd's manual says of each line is in systemd.exec(5),
-- systemd.service(5) and systemd.timer(5).
local function service(job)
  return ("# /etc/systemd/system/%s.service\n"
    .. "# What it says: journalctl -u %s\n"
    .. "[Unit]\nDescription=omnitron: %s\n"
    .. "Wants=network-online.target\nAfter=network-online.target\n\n"
    .. "[Service]\nType=exec\n"):format(job.name, job.name,
    unit_text(job.label)) .. user(job) .. credential(job)
    .. "WorkingDirectory=" .. unit_text(job.folder) .. "\n" .. exec(job)
    .. times(job) .. "\n" .. writable(job) .. hidden(job) .. HARDENING
end

local function timer(job)
  return ([[
# /etc/systemd/system/%s.timer
#   systemctl daemon-reload
#   systemctl enable --now %s.timer
[Timer]
OnCalendar=%s
Persistent=yes
RandomizedDelaySec=%d
FixedRandomDelay=yes
AccuracySec=1s

[Install]
WantedBy=timers.target
]]):format(job.name, job.name, job.calendar, job.delay_s)
end

local PIECES = {
  crontab = crontab,
  service = service,
  timer = timer,
  command = command,
}

return function(job, write)
  return function(record)
    if not record then
      return
    elseif record.all then
      write("# By cron, or by systemd below; not by both.\n" .. crontab(job)
        .. "\n" .. service(job) .. "\n" .. timer(job))
    else
      write(PIECES[record.piece](job))
    end
  end
end
