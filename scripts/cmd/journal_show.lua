-- journal_show.lua: all that is known of one item, as it was written down.
-- The record: { item = as --json has it, conflicts =, alive = }.

local text = require "text"
local item = require "cmd.item"

local WORD_MOST = 200 -- bytes of a word in a line of others
local CODE_MOST, TEXT_MOST = 510, 1023

-- No run has sent what was imported.
local function run_text(row)
  return row.run == 0 and "imported" or "run " .. row.run
    .. (row.script ~= "" and " of " .. row.script or "")
end

local function row_text(row)
  local from = { row.source, row.name, run_text(row),
    row.mapping_pk and "mapping " .. row.mapping_pk or "" }
  local origin = {}
  for _, part in ipairs(from) do
    origin[#origin + 1] = part ~= "" and part or nil
  end
  return ("item %d  code \"%s\"  update_stock %s  %s\n%s"
    .. "  first %s, last %s\n"):format(row.order_item_id,
    text.escape(row.code, CODE_MOST), row.update_stock, row.state,
    text.paragraph("  ", table.concat(origin, ", ")),
    text.when(row.first_at), text.when(row.last_at))
end

local function answer(attempt)
  if attempt.http_status then
    return attempt.http_status .. " " .. attempt.reply
  elseif attempt.curl > 0 then
    return ("none (curl %d) %s"):format(attempt.curl, attempt.reply)
  end
  return "none" .. attempt.reply
end

local function attempt_text(attempt)
  local has_ended = attempt.outcome ~= ""
  local head = ("attempt %d  %s"):format(attempt.n,
    text.when(attempt.started_at))
  local outcome = has_ended and (", %d ms: %s"):format(attempt.ms,
    text.escape(attempt.outcome, WORD_MOST)) or ": on its way"
  local sent = ("  %s\"%s\", update_stock %s\n"):format(
    (not has_ended or attempt.sent) and "sent     " or "not sent ",
    text.escape(attempt.code, CODE_MOST), attempt.update_stock)
  return head .. outcome .. "\n" .. sent .. (has_ended
    and text.paragraph("  answer   ", answer(attempt))
      .. text.paragraph("  because  ", attempt.why) or "")
end

local function audit_text(audit)
  return ("%s  %s\n%s%s"):format(text.when(audit.at),
    text.escape(audit.who, WORD_MOST),
    text.paragraph("  did      ", audit.what),
    audit.note ~= "" and text.paragraph("  note     ", audit.note) or "")
end

local function conflict_text(conflict)
  return ("conflict  %s, run %d\n  asked    \"%s\", update_stock %s\n"
    .. "  by       %s%s%s\n"):format(text.when(conflict.last_at), conflict.run,
    text.escape(conflict.code, CODE_MOST), conflict.update_stock,
    text.escape(conflict.source, TEXT_MOST),
    conflict.name ~= "" and ", " or "", text.escape(conflict.name, TEXT_MOST))
end

return function(view, write)
  return function(record)
    if not record then
      return
    end
    local row = record.item
    write(row_text(row))
    for _, attempt in ipairs(row.attempts_made) do
      write(attempt_text(attempt))
    end
    for _, audit in ipairs(row.audit) do
      write(audit_text(audit))
    end
    for _, conflict in ipairs(record.conflicts) do
      write(conflict_text(conflict))
    end
    write(item.advice(view, row, #record.conflicts > 0, record.alive))
  end
end
