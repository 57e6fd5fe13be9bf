-- journal_open.lua: what a person has to look at, and what to do. Records:
-- rows, conflicts and inputs, each with its `group`; and what lasts besides,
-- { lasting = kind, since =, text = }.

local text = require "text"
local item = require "cmd.item"

local concat = table.concat

local LINES_SHOWN = 20

-- What lasts and is no row: those that the journal itself does not know.
local LASTING = {
  stop = "sending stopped",
  held = "another run holds the journal",
  disk = "the journal or its disk failed",
  setup = "no run begins",
  away = "a host is away",
  fault = "a script does not come to its end",
}

-- What is alike: the first ones as lines, all of them counted.
local function new_group(line)
  return { line = line, lines = {}, count = 0 }
end

local function add(group, view, record)
  group.count = group.count + 1
  group.item = group.item or record.order_item_id
  if group.count == 1 then
    group.status = record.http_status
  elseif group.status ~= record.http_status then
    group.status = nil
  end
  if not group.oldest or record.first_at < group.oldest then
    group.oldest = record.first_at
  end
  if group.count <= LINES_SHOWN then
    group.lines[group.count] = group.line(view, record)
  end
end

local function stock(record)
  return record.update_stock and "let go" or "keep"
end

local function row_line(view, row)
  local message = item.words(row.message)
  return ("%10d  %-20s  %-6s  %s%s%s\n"):format(row.order_item_id,
    item.code(view, row.code), stock(row), item.short(view, row.source),
    message ~= "" and "  " or "", message)
end

local function conflict_line(view, conflict)
  return ("%10d  %-20s  %-6s  %s, run %d\n"):format(conflict.order_item_id,
    item.code(view, conflict.code), stock(conflict),
    item.short(view, conflict.source), conflict.run)
end

local function input_line(view, input)
  local name, place = item.short(view, input.name), item.code(view, input.place)
  return ("  %s%s%s  %s: %s%s%s\n"):format(item.short(view, input.source),
    name ~= "" and "  " or "", name, input.what, place,
    place ~= "" and ": " or "", item.words(input.message))
end

local function lines_of(group)
  local more = group.count - LINES_SHOWN
  return concat(group.lines)
    .. (more > 0 and ("           … and %d more\n"):format(more) or "")
end

-- "  omnitron journal WORD REST".
local function command(view, word, rest)
  return ("  %s%s\n"):format(item.command(view, word), rest)
end

local function of_item(group, rest)
  return (" %d%s"):format(group.item, rest or "")
end

-- The one status that all were answered with, where not_done of profile.lua may
-- have it.
local function not_done(view, group)
  local status = group.status
  return math.type(status) and (status == 408 or status == 409
    or status >= 500 and status < 600) and
    ("  Each was answered with %d. If %s means \"not applied\" by that, say\n"
    .. "  not_done = { %d } in profile.lua, and --not-done of these.\n"):format(
    status, view.host, status) or ""
end

local function unknown(view, group)
  local said = ' --done|--not-done --note "…"'
  return ("%d unknown, since %s:\nsent, and %s may have done %s.\n"):format(
    group.count, text.when(group.oldest), view.host,
    group.count == 1 and "it" or "them") .. lines_of(group)
    .. "  Look there, then say of one, or of all:\n"
    .. command(view, "settle", of_item(group, said))
    .. command(view, "settle", " --all-unknown" .. said)
    .. not_done(view, group)
end

local function rejected(view, group)
  return ("%d rejected, since %s: %s said no.\n"):format(group.count,
    text.when(group.oldest), view.host) .. lines_of(group)
    .. "  Mend the rule and run it again. Or to send one as it is, to give it "
    .. "up, or to\n  say that the host has it by another way:\n"
    .. command(view, "retry", of_item(group))
    .. command(view, "cancel", of_item(group, ' --note "…"'))
    .. command(view, "settle", of_item(group, ' --done --note "…"'))
end

local function conflicts(view, group)
  return ("%d in conflict, since %s:\nthe item has another code already, or "
    .. "has let its stock go.\n"):format(group.count, text.when(group.oldest))
    .. lines_of(group)
    .. "  Mend the rule, or it is asked again. Then say that what stands is "
    .. "right, or\n  only that what was asked is dropped:\n"
    .. command(view, "show", of_item(group))
    .. command(view, "settle", of_item(group, ' --done --note "…"'))
    .. command(view, "cancel", of_item(group, ' --note "…"'))
end

local function age(since)
  local days = text.days(since)
  return days > 0 and (" (%d day%s)"):format(days, days == 1 and "" or "s")
    or ""
end

local function waiting_line(view, input)
  local name = item.short(view, input.name)
  return ("  %s%s%s  waits%s: %s\n"):format(item.short(view, input.source),
    name ~= "" and "  " or "", name, age(input.first_at),
    item.words(input.message))
end

local function inputs(_, group)
  return ("%d failed or invalid in the last run, since %s%s:\n"):format(
    group.count, text.when(group.oldest), age(group.oldest))
    .. lines_of(group)
    .. "  Mend the rule or the input. They were not released.\n"
end

local function waiting(_, group)
  return ("%d waiting for more than a day, since %s%s:\n"):format(
    group.count, text.when(group.oldest), age(group.oldest))
    .. lines_of(group)
    .. "  The rule says later as long as the ERP has not said more.\n"
end

local function pending(_, group)
  return ("%d pending, since %s: the next run sends %s.\n"):format(
    group.count, text.when(group.oldest), group.count == 1 and "it" or "them")
end

-- What there may be, in the order of its weight.
local SECTIONS = {
  { "unknown", unknown, row_line },
  { "rejected", rejected, row_line },
  { "conflict", conflicts, conflict_line },
  { "input", inputs, input_line },
  { "waiting", waiting, waiting_line },
  { "pending", pending, row_line },
}

return function(view, write)
  local groups, lasting, said = {}, {}, {}
  for _, section in ipairs(SECTIONS) do
    groups[section[1]] = new_group(section[3])
  end
  groups.sending = groups.unknown -- it has no run any more

  local function tell_all()
    for _, section in ipairs(SECTIONS) do
      local group = groups[section[1]]
      said[#said + 1] = group.count > 0 and section[2](view, group) or nil
    end
    for _, trouble in ipairs(lasting) do
      said[#said + 1] = ("Since %s %s:\n%s"):format(text.when(trouble.since),
        LASTING[trouble.lasting], text.paragraph("  ", trouble.text))
    end
    if #lasting > 0 then
      said[#said + 1] = "  So the last run that cron began has left it.\n"
    end
    write(item.fitted(view, #said > 0 and concat(said)
      or view.path .. ": nothing waits for a person.\n"))
  end

  return function(record)
    if not record then
      tell_all()
    elseif record.lasting then
      lasting[#lasting + 1] = record
    else
      add(groups[record.what == "later" and "waiting" or record.group], view,
        record)
    end
  end
end
