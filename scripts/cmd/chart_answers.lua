-- chart_answers.lua: the time that answers took in each cell: half of them,
-- and 95 of 100. The vertical scale is powers of ten of a millisecond.

local chart = require "cmd.chart"
local words = require "cmd.words"
local report_words = require "cmd.report_words"

local HEIGHT = 150
local LINE = chart.TOP + HEIGHT
local MS_MOST = 1e12
local STROKE_MOST = 10

-- A journal that somebody else wrote into may hold any time: 31 years are
-- enough, and their ends can be reckoned with.
local function decade(ms)
  return math.log(math.min(math.max(1, ms), MS_MOST), 10)
end

local function scale_of(cells)
  local low, high = 9, 0
  for _, cell in ipairs(cells) do
    if cell.median_ms then
      low = math.min(low, math.floor(decade(cell.median_ms)))
      high = math.max(high, math.ceil(decade(cell.p95_ms)))
    end
  end
  return { low = low, high = math.max(high, low + 1) }
end

local function y_of(scale, ms)
  local part = (decade(ms) - scale.low) / (scale.high - scale.low)
  return chart.TOP + HEIGHT * (1 - part)
end

local function put_decades(html, scale)
  for i = scale.low, scale.high do
    local ms = math.tointeger(10 ^ i)
    local label = ms >= 1000 and ms < 60000 and ("%d s"):format(ms // 1000)
      or words.span(ms)
    chart.level(html, y_of(scale, ms), i == scale.low and "base" or "grid",
      label)
  end
end

-- The upright line from the one number to the other; the short one across.
local function put_answer(html, record, scale, i)
  local cell, n = record.cells[i], #record.cells
  local width = chart.x(1, n) - chart.LEFT
  local middle = chart.x(i - 1, n) + width / 2
  local half, most = cell.median_ms, cell.p95_ms
  local stroke = math.min(width * 0.6, STROKE_MOST)
  html.write("<g>")
  if n <= chart.TITLES then
    html:put("<title>%s: half within %s, 95 of 100 within %s</title>",
      report_words.name(record.cell, cell.from), words.span(half),
      words.span(most))
  end
  html:put('<path class="range" stroke-width="%.1f" d="M%.1f %.1fV%.1f"/>'
    .. '<path class="middle" d="M%.1f %.1fh%.1f"/></g>\n', stroke, middle,
    y_of(scale, half), y_of(scale, most) - 0.5, middle - stroke / 2,
    y_of(scale, half), stroke)
end

return function(html, record)
  local scale = scale_of(record.cells)
  chart.open(html, "How long answers took, over time", LINE + 24)
  put_decades(html, scale)
  for i, cell in ipairs(record.cells) do
    if cell.median_ms then
      put_answer(html, record, scale, i)
    end
  end
  chart.names(html, record, LINE + 18)
  chart.close(html)
end
