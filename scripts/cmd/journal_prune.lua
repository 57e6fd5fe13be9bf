-- journal_prune.lua: what was dropped from a journal, and what its file takes
-- now. The record: { path, before (wall clock, ms), how many of each were
-- dropped, bytes_before, bytes_after, bytes_free, bytes_needed }.

local text = require "text"

local DROPPED = {
  { "releases", "release's words, reply and row as the rule saw it",
    "releases' words, replies and rows as the rule saw them" },
  { "attempts", "earlier attempt", "earlier attempts" },
  { "audits", "audit row of the program's own (people's stay)",
    "audit rows of the program's own (people's stay)" },
  { "inputs", "input row that became no release",
    "input rows that became no release" },
  { "summaries", "run's summary", "runs' summaries" },
  { "runs", "run that no row names", "runs that no row names" },
}
local FREE_LEAST = 1 << 16 -- bytes that are worth a word

local function dropped(result)
  local out = {}
  for _, kind in ipairs(DROPPED) do
    local n = result[kind[1]]
    out[#out + 1] = n ~= 0
      and ("%10d %s\n"):format(n, n == 1 and kind[2] or kind[3]) or nil
  end
  return table.concat(out)
end

local function mib(bytes)
  return bytes / (1 << 20)
end

local function size(result)
  return ("The file: %.1f MiB before, %.1f MiB now"):format(
    mib(result.bytes_before), mib(result.bytes_after))
    .. (result.bytes_free >= FREE_LEAST
      and (", %.1f MiB of them free for what comes"):format(
        mib(result.bytes_free)) or "") .. ".\n"
    .. (result.bytes_needed ~= 0
      and ("To make it smaller, its disk needs %.0f MiB of room.\n"):format(
        mib(result.bytes_needed)) or "")
end

return function(_, write)
  return function(result)
    if not result then
      return
    end
    local path, before = text.escape(result.path), text.time(result.before)
    local lines = dropped(result)
    write((lines ~= "" and ("Dropped from %s, of what ended before %s:\n")
      or "%s has nothing to drop that ended before %s.\n"):format(path, before)
      .. lines .. size(result))
  end
end
