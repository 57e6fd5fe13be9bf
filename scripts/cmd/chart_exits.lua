-- chart_exits.lua: the cells as a calendar, by the exit codes of their runs.

local chart = require "cmd.chart"
local words = require "cmd.words"
local report_words = require "cmd.report_words"

local LEFT, TOP, ROW, GAP = 82, 18, 18, 2
local COLUMNS = { hour = 24, day = 31 } -- of a row: a day, or a month

local function width_of(record)
  return (chart.RIGHT - LEFT) / COLUMNS[record.cell]
end

local function has_news(cell)
  return report_words.weight(cell) ~= "fine"
end

-- Where a cell is.
local function place_of(record, cell)
  return LEFT + cell.column * width_of(record), TOP + cell.row * ROW
end

local WRITTEN = { "pending", "sending", "confirmed", "rejected", "unknown",
  "cancelled" }

-- What has no news is one path for each kind.
local function kind_of(cell)
  if has_news(cell) then
    return nil
  elseif not cell.exit then
    return "absent"
  end
  for _, state in ipairs(WRITTEN) do
    if cell[state] > 0 then
      return "busy"
    end
  end
  return "quiet"
end

local function put_plain(html, record, kind)
  local width = width_of(record) - GAP
  html:put('<path class="%s" d="', kind)
  for _, cell in ipairs(record.cells) do
    local is_one, x, y = kind_of(cell) == kind, place_of(record, cell)
    if is_one and kind == "absent" then
      html:put("M%.1f %dh3v3h-3z", x + width / 2 - 1.5,
        y + (ROW - GAP) // 2 - 1)
    elseif is_one then
      html:put("M%.1f %dh%.1fv%dh-%.1fz", x, y, width, ROW - GAP, width)
    end
  end
  html.write('"/>\n')
end

local function put_title(html, record, cell)
  html:put("<title>%s: %s, %s%s: %s</title>",
    report_words.name(record.cell, cell.from),
    words.many(cell.runs, "run", "runs"),
    (cell.killed or cell.exit < 0) and "" or "exit ",
    report_words.exit(cell), report_words.meaning(cell))
end

local function put_news(html, record, cell)
  local x, y = place_of(record, cell)
  local width = width_of(record) - GAP
  html.write("<g>")
  if #record.cells <= 2 * chart.TITLES then
    put_title(html, record, cell)
  end
  html:put('<rect class="%s" x="%.1f" y="%d" width="%.1f" height="%d"/>'
    .. '<text class="on" x="%.1f" y="%d" text-anchor="middle">%s</text></g>\n',
    report_words.class(cell), x, y, width, ROW - GAP, x + width / 2, y + 12,
    cell.killed and "×" or report_words.exit(cell))
end

local function put_columns(html, record)
  local is_hours = record.cell == "hour"
  local width = width_of(record)
  for i = 0, COLUMNS[record.cell] - 1, is_hours and 3 or 5 do
    html:put('<text x="%.1f" y="12" text-anchor="middle">%d%s</text>\n',
      LEFT + i * width + (width - GAP) / 2, is_hours and i or i + 1,
      is_hours and ":00" or "")
  end
end

local function put_rows(html, record)
  local unit = record.cell == "hour" and "day" or "month"
  local row
  for _, cell in ipairs(record.cells) do
    if cell.row ~= row then
      html:put('<text x="%d" y="%d" text-anchor="end">%s</text>\n', LEFT - 8,
        TOP + cell.row * ROW + 12, report_words.name(unit, cell.from))
    end
    row = cell.row
  end
end

return function(html, record)
  local rows = record.cells[#record.cells].row + 1
  chart.open(html, "Exit codes of the runs, as a calendar",
    TOP + rows * ROW + 2)
  put_columns(html, record)
  put_rows(html, record)
  for _, kind in ipairs { "absent", "quiet", "busy" } do
    put_plain(html, record, kind)
  end
  for _, cell in ipairs(record.cells) do
    if has_news(cell) then
      put_news(html, record, cell)
    end
  end
  chart.close(html)
end
