-- journal_settle.lua: what a person's decision changed. The record: { path,
-- decision, state = all rows of which, "": items were named, rows, restored, conflicts }.

local text = require "text"
local words = require "cmd.words"

local AGAIN = { "release is pending now: the next run sends it.",
  "releases are pending now: the next run sends them." }
local ROWS = {
  done = { "release is confirmed now.", "releases are confirmed now." },
  not_done = AGAIN,
  cancel = { "release is cancelled now.", "releases are cancelled now." },
  retry = AGAIN,
}
local RESTORED = {
  "release is confirmed with update_stock false, as it was.",
  "releases are confirmed with update_stock false, as they were.",
}
local CONFLICTS = {
  done = { "conflict is settled: what stands is right.",
    "conflicts are settled: what stands is right." },
  cancel = { "conflict is cancelled: what was asked is dropped.",
    "conflicts are cancelled: what was asked is dropped." },
}

local function line(n, said)
  return n == 0 and "" or words.plural(n, said[1], said[2]) .. "\n"
end

return function(_, write)
  return function(result)
    if not result then
      return
    end
    local decision = result.decision
    write(line(result.rows - result.restored, ROWS[decision])
      .. line(result.restored, RESTORED)
      .. line(result.conflicts, CONFLICTS[decision]))
    if result.rows == 0 and result.conflicts == 0 then
      write(("%s has nothing that is %s.\n"):format(text.escape(result.path),
        result.state))
    end
  end
end
