-- doctor.lua: a sentence for each thing that was found, and the way out of what
-- is not as it should be. Records: { name, state = "ok", "look" or "bad",
-- what = the sentence, and its facts }, and last { looks, bads }.

local text = require "text"
local words = require "cmd.words"

local plural = words.plural

local HEAD_MOST = 63 -- bytes of a line's head
local UNDER, WAY = (" "):rep(21), (" "):rep(23)

-- {name} stands for a fact.
local function fill(sentence, facts)
  return (sentence:gsub("{([%w_]+)}", facts))
end

local function day(ms)
  return text.time(ms):match("^[^ ]*")
end

-- "from acme/token, mode 0600"
local function from(f)
  return (f.is_password == 1 and "the password " or "") .. "from "
    .. f.token_place .. (f.mode >= 0 and (", mode %04o"):format(f.mode) or "")
end

local function clock(f)
  return f.clock_is_right == 1 and ", clock right" or ""
end

-- "41 GB", in the units that disks are sold in.
local function amount(bytes)
  local n, units = bytes / 1000, { "kB", "MB", "GB", "TB" }
  local unit = 1
  while n >= 1000 and unit < #units do
    n, unit = n / 1000, unit + 1
  end
  return (n < 10 and "%.1f %s" or "%.0f %s"):format(n, units[unit])
end

local function rows(f)
  return plural(f.rows, "row", "rows") .. ", " .. amount(f.free) .. " free"
end

local function seconds(f)
  return ("%.2f"):format(f.ms / 1000)
end

local LESSONS = {
  same = "it answers a second release with the same mapping",
  second = "it makes a second mapping of a second release",
  refused = "it refuses a second release",
}

local UNTRIED = "Nobody has tried what this Omnitron does with a second "
  .. "release of one item. On a test item:"
local TRY = "omnitron doctor{place} --repeat ITEM CODE --yes"

-- The variables that were set, and what to do in their place.
local KINDS = {
  { "proxies", "name a proxy in {profile}" },
  { "authorities", "name a ca_file in {profile}" },
  { "others", "not for the environment to decide" },
  { "lua", "modules lie beside the script" },
  { "overruled", "what comes before it stands in {profile}" },
}

local function not_used(f)
  local out = {}
  for _, kind in ipairs(KINDS) do
    local names = f[kind[1]]
    out[#out + 1] = names and ("%s (%s)"):format(names, fill(kind[2], f))
  end
  return "set and not used: " .. table.concat(out, "; ")
end

-- Each a sentence, or a function of the facts that gives one; a list has
-- behind it the command that is the way out, and what there is to say then.
local SENTENCES = {
  error = "{words}",

  profile = "{host}, prefix {prefix}",
  profile_no_look =
    "{host}, prefix {prefix}; no first look (first_look = false)",
  profile_unread = "{words}. Nothing was sent to anybody.",
  no_profile = "there is none at {profile}. OMNITRON_URL says {host}, all else "
    .. "is the default.",

  token_from = from,
  token_accepted = function(f) return from(f) .. ", accepted" end,
  token_not_tried = function(f) return from(f) .. ", not tried" end,
  token_refused = function(f)
    return from(f) .. fill(": {host} refused it ({words}). Put a valid one "
      .. "into {token_place}.", f)
  end,
  logged_in = "{host} is logged in as {user}",
  password_refused = "{host} refused the user name or the password ({words}). "
    .. "Look at username in {profile}, and put the right password into "
    .. "{token_place}.",
  log_in_waits = function(f)
    return fill("not tried: there were 3 within 6 minutes, and {host} might "
      .. "lock the user out. Look again at ", f) .. text.time(f.next_at) .. "."
  end,
  log_in_answered = "POST /api/{prefix}/auth/login/ was answered with: {words}",

  no_name = { "no DNS server knows {dns} ({words}). Look at url in {profile}; "
    .. "if it is right, at this machine's DNS (/etc/resolv.conf).",
    "getent hosts {dns}" },
  no_name_or_proxy = "no DNS server knows the host or the proxy ({words}). "
    .. "Look at url in {profile}; if it is right, at this machine's DNS "
    .. "(/etc/resolv.conf).",
  no_connection = function(f)
    return fill("no connection to {host} ({words}). Is it the right port, and "
      .. "does a firewall let this machine out?"
      .. (f.proxy and " {proxy} is set and not used: write proxy = env "
        .. "\"{proxy}\" in {profile}." or ""), f)
  end,
  certificate_expired = function(f)
    return fill("the certificate of {host} expired on ", f)
      .. text.utc(f.good_until * 1000):sub(1, 10) .. ". Who runs it must renew "
      .. "it; unless this machine's clock is wrong: it says "
      .. text.time(f.now) .. "."
  end,
  certificate_early = function(f)
    return fill("the certificate of {host} is good from ", f)
      .. text.utc(f.good_from * 1000):sub(1, 10) .. " on. Is this machine's "
      .. "clock wrong? It says " .. text.time(f.now) .. "."
  end,
  no_trust = "the connection to {host} cannot be trusted, so nothing is sent "
    .. "over it: {words}. If a company's own authority stands in between, name "
    .. "its certificate in {profile}: ca_file = \"company.pem\".",
  no_answer = "{host} takes connections and does not answer ({words}). Look at "
    .. "url in {profile}.",
  http = function(f) return "http, on this machine" .. clock(f) end,
  tls = function(f) return f.tls .. clock(f) end,
  tls_good = function(f)
    return ("%s, certificate good for %d days%s"):format(f.tls, f.days,
      clock(f))
  end,
  tls_ends = function(f)
    return fill("{tls}, but the certificate of {host} is good for ", f)
      .. plural(f.days, "day", "days")
      .. " only. Who runs it has to renew it."
  end,

  clock_close = "{amount} that of {host}",
  clock_off = { "this machine's clock is {amount} that of {host}. Have it set "
    .. "by the network:", "timedatectl set-ntp true" },
  clock_wrong = { "this machine's clock is {amount} that of {host}: "
    .. "certificates and tokens may be refused for it, and what is kept has "
    .. "wrong times. Have it set by the network:", "timedatectl set-ntp true" },

  look_answered = function(f)
    return fill("GET {path} answered {status} in ", f) .. seconds(f) .. " s"
  end,
  look_without_token = function(f)
    return fill("GET {path} without a token answered {status} in ", f)
      .. seconds(f) .. " s"
  end,
  look_forbidden = "GET {path} is forbidden ({words}). A run goes on, since "
    .. "the releases may be allowed; first_look in {profile} names another "
    .. "path.",
  look_unwanted = "a run takes none (first_look = false in {profile}), so a "
    .. "wrong url, prefix or token is met by its first release. GET {path} was "
    .. "answered with {status}.",
  look_redirected = "{words}. Look at url in {profile}.",
  look_refused = "{words}, and it came from the log-in just now. Look at url "
    .. "in {profile}.",
  look_failed = "{words}. A run would keep its releases, and the next one "
    .. "would try again.",
  other_prefix = "{host} does not know GET {path} ({words}), but it does under "
    .. "{right}: write prefix = \"{right}\" in {profile}.",
  no_api = "GET {path} was answered with: {words}. That is no Omnitron's API: "
    .. "look at url, prefix and first_look in {profile}.",

  untried_hold = { UNTRIED, TRY,
    "Until then an answer that got lost waits for a person." },
  untried_resend = { UNTRIED, TRY, "Until then nothing says that "
    .. "when_unknown = \"resend\" does no harm." },
  repeat_unclear = { function(f)
    return "tried on " .. day(f.at) .. "; what came of it says nothing for "
      .. "sure, or was not kept:"
  end, "omnitron journal show{option} {item}" },
  repeat_tried = function(f)
    return ("tried on %s: %s; when_unknown is \"%s\""):format(day(f.at),
      LESSONS[f.lesson], f.when_unknown)
  end,
  resend_harms = function(f)
    return ("tried on %s with item %d: %s. So when_unknown = \"resend\" in %s "
      .. "may release twice: write \"hold\"."):format(day(f.at), f.item,
      LESSONS[f.lesson], f.profile)
  end,
  resend_harmless = function(f)
    return ("tried on %s: %s, so when_unknown = \"resend\" would do no harm; "
      .. "it is \"hold\""):format(day(f.at), LESSONS[f.lesson])
  end,

  journal_rows = rows,
  journal_open = { function(f)
    return ("%s. %d unknown, %d rejected and %d in conflict need a person:")
      :format(rows(f), f.unknown, f.rejected, f.conflicts)
  end, "omnitron journal open{place}" },
  journal_old = "an older omnitron wrote it. The next run brings it up to "
    .. "date; the older one cannot use it then.",
  journal_faulty = "it is not as omnitron made it: {words}. Keep a copy of it "
    .. "and its -wal, and find the last good one.",
  lock_at_work = function(f)
    return ("a run is at work since %s (process %d, %s); another one would do "
      .. "nothing"):format(text.time(f.since), f.process, f.script)
  end,
  lock_hangs = { function(f)
    return ("the run that started at %s (process %d, %s) still holds the "
      .. "journal, and no other can begin. If it hangs, end it; nothing gets "
      .. "lost:"):format(text.time(f.since), f.process, f.script)
  end, "kill {process}" },

  script_unreadable = "cannot open {path}: {words}. It must be this user's to "
    .. "read: chmod u+r {path}",
  no_release = function(f)
    return ("there is none in %s, and it is what cron usually runs. If another "
      .. "script is run instead, all is well."):format(
      f.folder == "." and "this folder" or f.folder)
  end,
  release_no_file =
    "cannot read {path}: it is not a file. Put the script there.",
  scripts = function(f)
    return plural(f.n, "compiles", "compile")
  end,

  modules = "{names}: loaded. What a C module does, no plan can hold back.",

  not_used = not_used,
}

local function line(f)
  local entry = SENTENCES[f.what]
  local all = type(entry) == "table" and entry or { entry }
  local sentence, way, more = all[1], all[2], all[3]
  local head = ("%-5s %-14s "):format(f.state, f.name):sub(1, HEAD_MOST)
  return text.paragraph(head, type(sentence) == "function" and sentence(f)
    or fill(sentence, f))
    .. (way and WAY .. fill(way, f) .. "\n" or "")
    .. (more and text.paragraph(UNDER, more) or "")
end

local function verdict(sums)
  local looks, bads = sums.looks, sums.bads
  return (bads > 0 and "not ready: "
      .. plural(bads, "line is bad", "lines are bad")
    or looks > 0 and "ready, but look at " .. plural(looks, "line", "lines")
    or "ready") .. ". Nothing was released.\n"
end

return function(_, write)
  return function(record)
    if record then
      write(record.what and line(record) or verdict(record))
    end
  end
end
