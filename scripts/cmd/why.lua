-- why.lua: the whole story of an item, or of a row of an input that became
-- none: its end, what happened in the order of time, where it came from, what
-- can be done. Records: a story (inspect/why_story.h), or what there is
-- besides of a list: { items =, begin =, or_more = }, { more_items = },
-- { more_rows = }.

local text = require "text"
local item = require "cmd.item"

local concat, sort = table.concat, table.sort

local HASH_SHOWN, LABEL_MOST, WORD_MOST = 12, 23, 15

-- The outcomes of attempts, as people know them.
local OUTCOMES = { applied = "released", refused = "rejected" }

local function verdict(row, alive, host)
  if row.state == "confirmed" then
    return row.mapping_pk and ("released, mapping %d."):format(row.mapping_pk)
      or "released, as a person said."
  elseif row.state == "rejected" then
    return ("not released: %s said no."):format(host)
  elseif row.state == "pending" then
    return "not released yet: it goes out with a later run."
  elseif row.state == "cancelled" then
    return "not released: a person took it back."
  elseif row.state == "sending" and alive then
    return "on its way now."
  end
  return ("unknown: %s may have done it."):format(host)
end

-- The first line.
local function head_of(story, alive, host)
  if story.order_item_id then
    return ("item %d as %s, %s: %s"):format(story.order_item_id, story.code,
      item.stock(story.update_stock), verdict(story, alive, host))
  end
  return item.origin(story.source, story.name)
    .. (story.item ~= "" and ", item " .. story.item or "")
    .. ": not released."
end

-- A text without white space and quotes stands as it is.
local function field_value(raw, is_text)
  if not is_text or raw ~= "" and not raw:find('[ \t\r\n"=]') then
    return raw
  end
  return '"' .. raw .. '"'
end

-- `erp_doc=SO-1240 qty="1,00 kg"`: what is kept of the row's fields.
local function fields_of(seen)
  local out = {}
  for _, member in ipairs(text.members(seen)) do
    local name, raw, is_text = member[1], member[2], member[3]
    out[#out + 1] = name == "…" and ("and %s fields more"):format(raw)
      or name .. "=" .. field_value(raw, is_text)
  end
  return concat(out, " ")
end

local function answer_of(attempt)
  if not attempt.http_status then
    return attempt.why ~= "" and ": " .. attempt.why or ""
  elseif attempt.outcome == "applied" then
    return ": " .. attempt.http_status
  end
  local why = attempt.outcome ~= "refused" and attempt.why ~= ""
    and (" (%s)"):format(attempt.why) or ""
  return ": " .. text.reply(attempt.http_status, attempt.reply) .. why
end

-- What was asked for is said where it is not what the row says now.
local function attempt_text(story, attempt)
  local line = "attempt " .. attempt.n
  if attempt.code ~= story.code then
    line = line .. " as " .. attempt.code
  end
  if attempt.update_stock ~= story.update_stock then
    line = line .. ", " .. item.stock(attempt.update_stock)
  end
  return attempt.outcome == "" and line
    or ("%s, %d ms%s"):format(line, attempt.ms, answer_of(attempt))
end

local function attempt_word(attempt, alive)
  if attempt.outcome == "" then
    return alive and "on its way" or "unknown"
  end
  return OUTCOMES[attempt.outcome] or attempt.outcome
end

local function input_text(story, input)
  local elsewhere = story.order_item_id and input.source ~= story.source
  return (elsewhere and input.source .. ": " or "")
    .. input.place .. (input.place ~= "" and ": " or "") .. input.message
    .. (input.times > 1 and (" (in %d runs, since run %d)"):format(
      input.times, input.first_run) or "")
end

local function run_label(run)
  return run ~= 0 and "run " .. run or ""
end

-- Everything that happened, each { at, label, word, text }, in order.
local function events_of(story, alive)
  local events = {}
  local function add(at, label, word, line)
    events[#events + 1] = { at = at, label = label, word = word, text = line,
      n = #events }
  end
  if story.attempts == 0 and story.run ~= 0 then
    add(story.first_at, run_label(story.run), "pending",
      "kept, nothing has left yet")
  end
  for _, a in ipairs(story.attempts_made or {}) do
    add(a.started_at, run_label(a.run), attempt_word(a, alive),
      attempt_text(story, a))
  end
  for _, a in ipairs(story.audit or {}) do
    add(a.at, a.who, "", a.what .. (a.note ~= "" and ": " or "") .. a.note)
  end
  for _, c in ipairs(story.conflicts or {}) do
    add(c.last_at, run_label(c.run), "conflict",
      ("asked was %s, %s, by %s"):format(c.code, item.stock(c.update_stock),
        item.origin(c.source, c.name)))
  end
  for _, i in ipairs(story.inputs or { story }) do
    add(i.last_at, run_label(i.run), i.what == "later" and "waits" or i.what,
      input_text(story, i))
  end
  -- In one millisecond a decision, which has no word, comes before the
  -- attempt that it led to.
  sort(events, function(a, b)
    if a.at ~= b.at then
      return a.at < b.at
    elseif (a.word == "") ~= (b.word == "") then
      return a.word == ""
    end
    return a.n < b.n
  end)
  return events
end

-- A line for each, with a line for the day where it is another one.
local function put_events(events, view, write)
  local today = text.when(view.now):sub(1, 10)
  local day = today
  for _, event in ipairs(events) do
    local at = text.when(event.at)
    local date, time, zone = at:match("^(%S+) (%S+) (%S+)$")
    date, time, zone = date or at, time or "", zone or ""
    if date ~= day then
      write(date == today and "  today\n"
        or ("  %s %s\n"):format(date, zone))
    end
    day = date
    write(text.paragraph(("  %s  %-8s  %-9s "):format(time,
      text.escape(event.label, LABEL_MOST),
      text.escape(event.word, WORD_MOST)), event.text))
  end
end

-- Where the name does not say it.
local function order_of(story)
  local order = story.order_number or ""
  return order ~= "" and not story.name:find(order, 1, true)
    and ", order " .. order or ""
end

local function put_more(story, runs, write)
  local source, name = story.source, story.name
  if story.order_item_id and (source ~= "" or name ~= "") then
    write(text.paragraph("  from      ",
      item.origin(source, name) .. order_of(story)))
  end
  local fields = story.seen_text and fields_of(story.seen_text) or ""
  if fields ~= "" then
    write(text.paragraph("  the row   ", fields))
  end
  for _, run in ipairs(runs) do
    local hash = run.script_hash
      and (" (%s)"):format(run.script_hash:sub(1, HASH_SHOWN)) or ""
    write(text.paragraph(("  %-8s  "):format("run " .. run.run),
      ("%s, %s%s"):format(text.when(run.started_at), run.script, hash)))
  end
  if not story.order_item_id then
    write("Omnitron was never asked.\n")
  end
end

local function count_of(word, record)
  local n = record.items .. (record.or_more and " or more" or "")
  if not record.begin then
    return ("%s stands for %s items:"):format(word, n)
  end
  return ("nothing is %s; %s begin%s with it:"):format(word,
    n == "1" and "1 item" or n .. " items", n == "1" and "s" or "")
end

return function(view, write)
  local is_first, begin = true, false

  local function tell(record)
    local story = record.story
    write(is_first and "" or "\n")
    write(text.paragraph("", head_of(story, record.alive, view.host)))
    put_events(events_of(story, record.alive), view, write)
    put_more(story, record.runs, write)
    if story.order_item_id then
      write(item.advice(view, story, #story.conflicts > 0, record.alive))
    end
  end

  -- What is found by its beginning says what else it is called.
  local function brief(record)
    local story = record.story
    local called = begin and story.name .. order_of(story) or ""
    write(text.paragraph("  ", head_of(story, record.alive, view.host)
      .. (called ~= "" and (" (%s)"):format(called:gsub("^, ", "")) or "")))
  end

  return function(record)
    if not record then
      return
    elseif record.items then
      begin = record.begin
      write(text.paragraph("", count_of(view.word, record)))
    elseif record.more_items then
      if record.more_items > 0 then
        write(("  … and %d more: --json\n"):format(record.more_items))
      end
      write("One of them: omnitron why ITEM\n")
    elseif record.more_rows then
      write(("… and %d rows more: --json\n"):format(record.more_rows))
    elseif record.brief then
      brief(record)
    else
      tell(record)
    end
    is_first = false
  end
end
