-- chart_outcomes.lua: what became of the releases in each span: confirmed
-- above the line, what was not below it, on a scale of its own.

local chart = require "cmd.chart"
local words = require "cmd.words"
local report_words = require "cmd.report_words"

local DONE, NOT_DONE = 150, 64 -- the heights above the line, and below
local LINE = chart.TOP + DONE
local BAR_MOST = 54    -- the width of a bar
local VALUES_MOST = 16 -- bars that have their number above

-- What is below the line, from there on.
local BELOW = { "rejected", "unknown", "pending", "sending", "cancelled" }

local function sum_below(sums)
  local sum = 0
  for _, state in ipairs(BELOW) do
    sum = sum + sums[state]
  end
  return sum
end

-- The two scales: what the full heights stand for; `not_done` 0: there is no
-- such part.
local function measure(spans)
  local plane = { n = #spans, done = 0, not_done = 0 }
  for _, sums in ipairs(spans) do
    plane.done = math.max(plane.done, sums.confirmed)
    plane.not_done = math.max(plane.not_done, sum_below(sums))
  end
  plane.done = chart.round(plane.done)
  if plane.not_done > 0 then
    plane.not_done = chart.round(plane.not_done)
  end
  return plane
end

local function put_levels(html, plane)
  if plane.done % 2 == 0 then
    chart.level(html, LINE - DONE / 2, "grid", words.count(plane.done // 2))
  end
  chart.level(html, LINE - DONE, "grid", words.count(plane.done))
  if plane.not_done > 0 then
    chart.level(html, LINE + NOT_DONE, "grid", words.count(plane.not_done))
  end
end

local function put_title(html, record, sums)
  html:put("<title>%s: %s released", report_words.name(record.span, sums.from),
    words.count(sums.confirmed))
  for _, state in ipairs(BELOW) do
    if sums[state] > 0 then
      html:put(", %s %s", words.count(sums[state]), state)
    end
  end
  html.write("</title>")
end

local function put_rect(html, class, x, y, width, height)
  html:put('<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>',
    class, x, y, width, height)
end

-- What is not nothing is seen: a pixel and a half at least.
local function height_of(n, full, height)
  return n == 0 and 0 or math.max(1.5, n / full * height)
end

local function put_below(html, plane, sums, x, width)
  local y = LINE + 1.5
  for _, state in ipairs(BELOW) do
    local height = height_of(sums[state], plane.not_done, NOT_DONE - 2)
    if height > 0 then
      put_rect(html, state == "sending" and "pending" or state, x, y, width,
        height)
    end
    y = y + height
  end
end

local function put_bar(html, record, plane, i)
  local sums, left = record.spans[i], chart.x(i - 1, plane.n)
  local room = chart.x(i, plane.n) - left
  local width = math.min(room * 0.72, BAR_MOST)
  local x, done = left + (room - width) / 2, sums.confirmed
  local height = height_of(done, plane.done, DONE)
  html.write("<g>")
  put_title(html, record, sums)
  put_rect(html, "hit", left, chart.TOP, room,
    DONE + (plane.not_done > 0 and NOT_DONE or 0))
  if done > 0 then
    put_rect(html, "confirmed", x, LINE - height, width, height)
  end
  put_below(html, plane, sums, x, width)
  if done > 0 and plane.n <= VALUES_MOST then
    html:put('<text class="value" x="%.1f" y="%.1f" text-anchor="middle">%s'
      .. "</text>", left + room / 2, LINE - height - 5, words.count(done))
  end
  html.write("</g>\n")
end

return function(html, record)
  local plane = measure(record.spans)
  local bottom = LINE + (plane.not_done > 0 and NOT_DONE or 0)
  chart.open(html, "What became of the releases, over time", bottom + 24)
  put_levels(html, plane)
  for i = 1, plane.n do
    put_bar(html, record, plane, i)
  end
  chart.level(html, LINE, "base", "0")
  chart.names(html, record, bottom + 18)
  chart.close(html)
end
