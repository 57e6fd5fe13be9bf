-- status.lua: many customers, one line each; who needs a person comes first.
-- Records: those of --json.

local text = require "text"
local words = require "cmd.words"

local NAME_MOST = 24

local function run(c)
  if not c.run then
    return "no run yet"
  end
  return ("%s  %s"):format(text.when(c.started_at),
    c.exit and "exit " .. c.exit or c.ended_at and "" or "at work or killed")
end

local function open(c)
  local out = {}
  for _, state in ipairs { "unknown", "rejected", "conflict", "pending" } do
    local n = c[state] + (state == "unknown" and c.exit and c.sending or 0)
    out[#out + 1] = n > 0 and ("%d %s"):format(n, state == "conflict"
      and "in conflict" or state) or nil
  end
  local days = c.oldest and text.days(c.oldest) or 0
  local age = days > 0 and (" (%s)"):format(words.plural(days, "day", "days"))
    or ""
  return #out > 0 and table.concat(out, ", ") .. age or ""
end

local function line(view, c)
  local parts = { words.count(c.released) .. " released today" }
  for _, part in ipairs { open(c), c.overdue and "no run for longer than usual"
    or "", c.lasting } do
    parts[#parts + 1] = part ~= "" and text.escape(part) or nil
  end
  local head = text.fit(text.escape(c.customer), NAME_MOST) .. "  "
  if c.error ~= "" then
    return head .. text.words(text.escape(c.error), NAME_MOST + 2,
      view.columns) .. "\n"
  end
  return head .. text.words(run(c) .. "  " .. table.concat(parts, "; "),
    NAME_MOST + 2, view.columns) .. "\n"
end

return function(view, write)
  return function(record)
    if record then
      write(line(view, record))
    elseif view.cut then
      write("There are more: name the folders.\n")
    end
  end
end
