-- chart_pace.lua: what was released in each cell, and when sending was
-- stopped.

local chart = require "cmd.chart"
local words = require "cmd.words"
local report_words = require "cmd.report_words"

local HEIGHT = 110
local LINE = chart.TOP + HEIGHT

local function put_stops(html, record)
  for _, stop in ipairs(record.runs.stopped) do
    local from = chart.time_x(record, stop.from)
    local to = chart.time_x(record, stop.over and stop.to or record.to)
    html:put('<rect class="stop" x="%.1f" y="%d" width="%.1f" height="%d">'
      .. "<title>%s: ", from, chart.TOP, math.max(2, to - from), HEIGHT,
      report_words.moment(record, stop.from))
    html:text(report_words.stop(record, stop))
    html.write("</title></rect>\n")
  end
end

local function most_released(cells)
  local most = 0
  for _, cell in ipairs(cells) do
    most = math.max(most, cell.confirmed)
  end
  return chart.round(most)
end

local BEGIN = '<path class="confirmed" d="'

-- Each with a title, or all in one path.
local function put_cells(html, record, most)
  local n = #record.cells
  local titles = n <= chart.TITLES
  local width = (chart.x(1, n) - chart.LEFT) * 0.86
  html.write(titles and "" or BEGIN)
  for i, cell in ipairs(record.cells) do
    if cell.confirmed > 0 then
      local height = math.max(1, cell.confirmed / most * HEIGHT)
      html.write(titles and BEGIN or "")
      html:put("M%.1f %dh%.1fv-%.1fh-%.1fz", chart.x(i - 1, n), LINE, width,
        height, width)
    end
    if cell.confirmed > 0 and titles then
      html:put('"><title>%s: %s</title></path>\n',
        report_words.name(record.cell, cell.from), words.count(cell.confirmed))
    end
  end
  html.write(titles and "" or '"/>\n')
end

return function(html, record)
  local most = most_released(record.cells)
  chart.open(html, "Releases each " .. record.cell, LINE + 24)
  chart.level(html, chart.TOP, "grid", words.count(most))
  if most % 2 == 0 then
    chart.level(html, chart.TOP + HEIGHT / 2, "grid", words.count(most // 2))
  end
  put_stops(html, record)
  put_cells(html, record, most)
  chart.level(html, LINE, "base", "0")
  chart.names(html, record, LINE + 18)
  chart.close(html)
end
