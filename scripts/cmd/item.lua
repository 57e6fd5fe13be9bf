-- item.lua: what the commands about single items say alike: which command
-- means this journal, and what a person can do now about an item.

local text = require "text"

local item = {}

-- "omnitron journal WORD", with what it takes to mean this journal.
function item.command(view, word)
  local folder = view.folder
  return (folder ~= "" and ("cd %s && "):format(folder) or "")
    .. "omnitron journal " .. word .. view.named
end

function item.stock(update_stock)
  return update_stock and "stock let go" or "stock kept"
end

-- "lines.csv:118, SO-1": those of the two that there are.
function item.origin(source, name)
  return source .. (source ~= "" and name ~= "" and ", " or "") .. name
end

local function advice_of(state, has_conflict, alive, host)
  if state == "unknown" or state == "sending" and not alive then
    return "It was sent, and " .. host
      .. " may have done it. Look there, then say:",
      "settle", " --done|--not-done --note \"…\""
  elseif state == "rejected" then
    return host .. " said no. Mend the rule and run it again; if the host has "
      .. "it by another way, settle --done says so. To send it as it is:",
      "retry", ""
  elseif has_conflict then
    return "Mend the rule, or it is asked again. If what stands is right:",
      "settle", " --done --note \"…\""
  end
end

-- What can be done now, and the command for it; "" when there is nothing.
-- `row` is the item's record, `alive`: a run holds the journal.
function item.advice(view, row, has_conflict, alive)
  local words, word, rest
    = advice_of(row.state, has_conflict, alive, view.host)
  if not words then
    return ""
  end
  return ("%s  %s %d%s\n"):format(text.paragraph("", words),
    item.command(view, word), row.order_item_id, rest)
end

local TEXT_MOST, CODE_MOST, INDENT_MOST = 1023, 510, 20

-- A cut text is shorter, also in bytes: what goes is more than an ellipsis, or
-- stays.
local function cut(view, shown)
  local most = view.columns - INDENT_MOST
  if view.columns == 0 or utf8.len(shown, 1, -1, true) <= most then
    return shown
  end
  local fitted = text.fit(shown, most)
  return #fitted <= #shown and fitted or shown
end

-- A code, source or name of others on one line, as far as the terminal goes.
function item.code(view, code)
  return cut(view, text.escape(code, CODE_MOST))
end

function item.short(view, words)
  return cut(view, text.escape(words, TEXT_MOST))
end

function item.words(words)
  return text.escape(words, TEXT_MOST)
end

-- Whole lines as wide as the terminal; a command stays in one line, for it is
-- copied from there.
function item.fitted(view, lines)
  if view.columns == 0 then
    return lines
  end
  return (lines:gsub("([^\n]*)\n", function(line)
    return not line:find("^  omnitron ") and not line:find("^  cd ")
      and text.wrap(line, view.columns) or nil
  end))
end

return item
