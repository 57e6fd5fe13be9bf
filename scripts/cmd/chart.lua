-- chart.lua: what the pictures of the page share: the plane, its axes. They
-- are inline SVG that CSS colours; each has a title, and a table beside it
-- says the same.

local report_words = require "cmd.report_words"

local chart = {}

local WIDTH = 760
local LEFT, RIGHT = 58, 752 -- where the plane begins, and where it ends
local NAME_WIDTH = 72       -- of a span, with some space beside it

chart.LEFT, chart.RIGHT, chart.TOP = LEFT, RIGHT, 18

-- Cells of a chart that have a title each; of more, the page would be too
-- large.
chart.TITLES = 400

-- <figure> or a part of one: opens and closes the picture.
function chart.open(html, title, height)
  html:put('<div class="wide"><svg class="chart" viewBox="0 0 %d %d" '
    .. 'role="img">\n<title>', WIDTH, height)
  html:text(title)
  html.write("</title>\n")
end

function chart.close(html)
  html.write("</svg></div>\n")
end

-- The horizontal place of the `i`th, from 0, of `n` things side by side.
function chart.x(i, n)
  return LEFT + (RIGHT - LEFT + 0.0) * i / n
end

-- The cell that a moment is in, from 1; what lies outside belongs to the
-- nearest.
local function cell_of(cells, ms)
  local low, high = 1, #cells + 1
  while high - low > 1 do
    local middle = (low + high) // 2
    if report_words.ms(cells[middle].from) <= ms then
      low = middle
    else
      high = middle
    end
  end
  return low
end

-- The same of a moment among the cells.
function chart.time_x(record, utc)
  local cells, ms = record.cells, report_words.ms(utc)
  local at = cell_of(cells, ms)
  local from = report_words.ms(cells[at].from)
  local to = cells[at + 1] and report_words.ms(cells[at + 1].from)
    or report_words.ms(record.to) + 1
  local part = (ms - from) / (to > from and to - from or 1)
  local left = chart.x(at - 1, #cells)
  return left + math.max(0, math.min(part, 1)) * (chart.x(at, #cells) - left)
end

local TENTHS = { 10, 15, 20, 25, 30, 40, 50, 60, 80, 100 }

-- A round number that is not less than `n`, and not much more.
function chart.round(n)
  if n <= 1 then
    return 1
  end
  local ten = 1
  while ten <= math.maxinteger // 1000 do
    for _, tenth in ipairs(TENTHS) do
      if n <= ten * tenth // 10 then
        return ten * tenth // 10
      end
    end
    ten = ten * 10
  end
  return n
end

-- "Thu 19 Nov"; of an hour its time alone.
local function name_of(record, sums)
  local name = report_words.name(record.span, sums.from)
  return record.span == "hour" and name:match("%S+$") or name
end

-- Names of the spans along `y`, as many as there is room for.
function chart.names(html, record, y)
  local spans = record.spans
  local width = chart.x(1, #spans) - chart.x(0, #spans)
  local step = width >= NAME_WIDTH and 1
    or math.tointeger(NAME_WIDTH / width // 1) + 1
  for i = 1, #spans, step do
    html:put('<text x="%.1f" y="%d" text-anchor="middle">%s</text>\n',
      chart.x(i - 1, #spans) + width / 2, y, name_of(record, spans[i]))
  end
end

-- A line across at `y`, and a label to its left; `class` is "grid" or "base".
function chart.level(html, y, class, label)
  html:put('<path class="%s" d="M%d %.1fH%d"/>', class, LEFT, y, RIGHT)
  html:put('<text x="%d" y="%.1f" text-anchor="end">%s</text>\n', LEFT - 8,
    y + 4, label)
end

return chart
