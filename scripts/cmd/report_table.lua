-- report_table.lua: the tables of the report for a terminal: the runs by
-- their exit codes, and what became of the releases in each span.

local bar = require "cmd.bar"
local words = require "cmd.words"
local report_words = require "cmd.report_words"

local count, span = words.count, words.span

local report_table = {}

local NARROW = 64 -- fewer columns have no room for the lesser ones
local BAR_MOST = 40
local EXIT_REST, EXIT_REST_NARROW = 66, 18 -- of a line, without its bar
local SPAN_REST, SPAN_REST_NARROW = 40, 26 -- likewise, and without its name
local BAR_LEAST = 4 -- below which there is none where it is narrow
local HOURS = 24

local NAME_WIDTHS = { hour = 18, day = 12, week = 13, month = 10 }

local function right(words_shown, width)
  return (" "):rep(width - #words_shown) .. words_shown
end

local function is_narrow(view)
  return view.columns < NARROW
end

local function bar_between(columns)
  return math.max(BAR_LEAST, math.min(columns, BAR_MOST))
end

local function put_exit(paper, view, record, exit, width)
  local line = ("%8s %7s "):format(report_words.exit(exit), count(exit.runs))
    .. bar.long(exit.runs, record.runs.count, width, view.blocks)
  if is_narrow(view) then
    paper:line("%s", line)
  else
    paper:line("%s %16s  %s", line, report_words.moment(record, exit.last_at),
      report_words.meaning(exit))
  end
end

local function put_last(paper, record)
  local runs = record.runs
  if runs.last then
    paper:say(2, "The last was run %d, %s: exit %d after %s. The longest took "
      .. "%s.", runs.last, report_words.moment(record, runs.last_at),
      runs.last_exit, span(runs.last_ms), span(runs.longest_ms))
  end
end

function report_table.runs(paper, view, record)
  local runs = record.runs
  if runs.count == 0 then
    paper:head("No run.")
    return
  end
  local idle = report_words.idle(runs)
  paper:head(words.many(runs.count, "run", "runs")
    .. (idle ~= "" and ", " or "") .. idle)
  put_last(paper, record)
  local width = bar_between(view.columns
    - (is_narrow(view) and EXIT_REST_NARROW or EXIT_REST))
  if #runs.exits > 0 and not is_narrow(view) then
    paper:line("%8s %7s %s %16s", "exit", "runs", (" "):rep(width), "last")
  end
  for i = #runs.exits, 1, -1 do
    put_exit(paper, view, record, runs.exits[i], width)
  end
end

-- A column for each hour of a day; days have them, the rest has a bar.
local function has_hours(view, record)
  return record.span == "day" and not is_narrow(view)
end

-- The most that one of them has of confirmed releases.
local function most_of(list)
  local most = 0
  for _, sums in ipairs(list) do
    most = math.max(most, sums.confirmed)
  end
  return most
end

-- How the table is laid out: `skip`: "Sat " goes where it is narrow; `bar` 0:
-- there is no room for bars beside the numbers.
local function layout_of(view, record)
  local is_named = record.span == "hour" or record.span == "day"
  local layout = { narrow = is_narrow(view), hours = has_hours(view, record) }
  layout.skip = layout.narrow and is_named and #"Sat " or 0
  layout.name = NAME_WIDTHS[record.span] - layout.skip
  local rest = view.columns - layout.name
    - (layout.narrow and SPAN_REST_NARROW or SPAN_REST)
  layout.bar = layout.hours and HOURS
    or layout.narrow and rest < BAR_LEAST and 0 or bar_between(rest)
  layout.most = most_of(layout.hours and record.cells or record.spans)
  return layout
end

local function hours_of(view, record, first, len, most)
  local columns = {}
  for hour = 1, HOURS do
    columns[hour] = " "
  end
  for i = first, first + len - 1 do
    local cell = record.cells[i]
    columns[cell.column + 1] = bar.tall(cell.confirmed, most, view.blocks)
  end
  return table.concat(columns)
end

local function bar_of(view, record, layout, sums, first)
  if layout.bar == 0 then
    return ""
  elseif layout.hours then
    return " " .. hours_of(view, record, first, sums.cells, layout.most)
  end
  return " " .. bar.long(sums.confirmed, layout.most, layout.bar, view.blocks)
end

local function put_span(paper, view, record, layout, sums, first)
  local name = report_words.name(record.span, sums.from):sub(layout.skip + 1)
  local line = right(name, layout.name) .. " "
    .. right(count(sums.confirmed), layout.narrow and 8 or 9)
    .. bar_of(view, record, layout, sums, first)
  if layout.narrow then
    paper:line("%s %7s %7s", line, count(sums.rejected), count(sums.unknown))
  else
    paper:line("%s %8s %7s %9s", line, count(sums.rejected),
      count(sums.unknown), sums.median_ms and span(sums.median_ms) or "")
  end
end

local function put_heads(paper, layout)
  local name = (" "):rep(layout.name)
  if layout.narrow then
    local room = layout.bar > 0 and layout.bar + 1 or 0
    paper:line("%s released%s refused unknown", name, (" "):rep(room))
  else
    local hours = layout.hours and "at hours 0 to 23" or ""
    paper:line("%s %9s %s %8s %7s %9s", name, "released",
      hours .. (" "):rep(layout.bar - #hours), "refused", "unknown", "median")
  end
end

function report_table.spans(paper, view, record)
  local layout = layout_of(view, record)
  if not record.took.median_ms and layout.most == 0 then
    return
  end
  paper.write("\n")
  put_heads(paper, layout)
  local first = 1
  for _, sums in ipairs(record.spans) do
    put_span(paper, view, record, layout, sums, first)
    first = first + sums.cells
  end
end

return report_table
