-- journal_verify.lua: what is in a journal, and whether it is whole. The record
-- is that of --json.

local text = require "text"

local LINES = { "pending", "sending", "confirmed", "rejected", "unknown",
  "cancelled", "attempts", "runs", { "audit", "audit rows" }, "conflicts" }

local function line(report, name)
  local key, words = name[1] or name, name[2] or name
  return ("%-12s %10d\n"):format(words, report[key])
end

return function(_, write)
  return function(report)
    if not report then
      return
    end
    for _, name in ipairs(LINES) do
      write(line(report, name))
    end
    if report.stranded > 0 then
      write(("%d of those sending are of a run that is dead: the next run calls "
        .. "them unknown.\n"):format(report.stranded))
    end
    for _, fault in ipairs(report.faults) do
      write(fault .. "\n")
    end
    if #report.faults == 0 then
      write(text.escape(report.journal) .. " is whole.\n")
    end
  end
end
