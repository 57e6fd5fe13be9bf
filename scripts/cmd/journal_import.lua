-- journal_import.lua: what of a file contradicts the journal, or what was taken
-- into it. Records: the first contradictions, { at, order_item_id, code,
-- update_stock, there_code, there_stock, there_state }; and last the result.

local text = require "text"
local words = require "cmd.words"

local function stock(let_go)
  return let_go and "let go" or "keep"
end

local function contradiction(row)
  local there = row.there_state == "unknown"
    and "unknown: settle it first" or ("%s as %s, stock: %s"):format(
      row.there_state, text.escape(row.there_code), stock(row.there_stock))
  return ("  %s  item %d  %s, stock: %s; in the journal it is %s\n"):format(
    text.escape(row.at), row.order_item_id, text.escape(row.code),
    stock(row.update_stock), there)
end

local function said(n, one, many)
  return n == 0 and "" or words.plural(n, one, many) .. "\n"
end

local function taken(result)
  return said(result.rows, "release is confirmed now, as done by others.",
      "releases are confirmed now, as done by others.")
    .. said(result.changed, "that was not done is confirmed now.",
      "that were not done are confirmed now.")
    .. said(result.already, "was in the journal already.",
      "were in the journal already.")
    .. said(result.passed_over, "line says nothing of a release.",
      "lines say nothing of a release.")
end

return function(_, write)
  local shown = 0
  return function(record)
    if record and record.at then
      shown = shown + 1
      write(contradiction(record))
    elseif record and record.kept then
      local all = taken(record)
      write(all ~= "" and all or "Nothing is in it.\n")
    elseif record and record.refused > shown then
      write(("  … and %d more\n"):format(record.refused - shown))
    end
  end
end
