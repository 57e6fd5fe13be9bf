-- report_page.lua: the report as one HTML page that loads nothing and runs
-- nothing: the verdict, the figures, the pictures, the tables. It is XML as
-- well, so that its form can be checked to the letter. The record is that of
-- report --json.

local text = require "text"
local chart_answers = require "cmd.chart_answers"
local chart_exits = require "cmd.chart_exits"
local chart_outcomes = require "cmd.chart_outcomes"
local chart_pace = require "cmd.chart_pace"
local new_html = require "cmd.html"
local words = require "cmd.words"
local report_section = require "cmd.report_section"
local report_words = require "cmd.report_words"

local count, span = words.count, words.span
local moment = report_words.moment

local function put_head(html, view, record)
  html.write('<!DOCTYPE html>\n<html lang="en">\n<head>\n'
    .. '<meta charset="utf-8"/>\n'
    .. '<meta http-equiv="Content-Security-Policy" '
    .. "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
    .. '<meta name="viewport" content="width=device-width, '
    .. 'initial-scale=1"/>\n'
    .. '<meta name="color-scheme" content="light dark"/>\n<title>')
  html:text(record.host)
  html.write(": what was released</title>\n<style>\n")
  html.write(view.style)
  html.write("</style>\n</head>\n<body>\n")
end

local function put_header(html, record)
  html.write('<header>\n<p class="what">omnitron report</p>\n<h1>')
  html:text(record.host)
  html:put('</h1>\n<p class="when">%s to %s · %s%s%s</p>\n</header>\n',
    moment(record, record.from), moment(record, record.to),
    report_words.stretch(record),
    record.from_start and ", since the journal began" or "",
    record.run_alive and " · a run is at work" or "")
end

-- The stop that is not over.
local function stop_of(runs)
  local latest = runs.stopped[#runs.stopped]
  return latest and not latest.over and latest
end

local LOOK = { { "unknown", "unknown" }, { "rejected", "rejected" },
  { "conflict", "in conflict" } }

-- "8 unknown, 2 rejected": what a person has to look at.
local function to_look_at(open)
  local parts = {}
  for _, kind in ipairs(LOOK) do
    local n = open[kind[1]].count
    parts[#parts + 1] = n > 0 and count(n) .. " " .. kind[2] or nil
  end
  return table.concat(parts, ", ")
end

local function put_verdict(html, record)
  local open, stop = record.open, stop_of(record.runs)
  local look = to_look_at(open)
  html:put('<p class="verdict%s">',
    (stop or open.unknown.count > 0) and " now" or look ~= "" and " look" or "")
  if stop then
    html:text(report_words.stop(record, stop))
    html.write(": the latest run did not send all. ")
  end
  html.write(look == "" and "Nothing waits for a person." or look
    .. ': a person has to look, <a href="#open">below</a>.')
  if open.pending.count > 0 then
    html:put(" %s pending: sent by the next run.", count(open.pending.count))
  end
  html.write("</p>\n")
end

local function put_figure(html, name, value, note)
  html:put('<div><dt>%s</dt><dd>%s</dd><dd class="note">%s</dd></div>\n',
    name, value, note)
end

local function put_figures(html, record)
  local releases, took = record.releases, record.took
  html.write('<dl class="figures">\n')
  put_figure(html, "Released", count(releases.confirmed),
    count(record.journal.confirmed) .. " in the journal")
  put_figure(html, "Rejected", count(releases.rejected),
    "and not released since")
  put_figure(html, "Runs", count(record.runs.count),
    report_words.idle(record.runs))
  if took.median_ms then
    put_figure(html, "Half of the answers within", span(took.median_ms),
      "95 of 100 within " .. span(took.p95_ms))
  end
  html.write("</dl>\n")
end

local function is_empty(record)
  for _, n in pairs(record.releases) do
    if n ~= 0 then
      return false
    end
  end
  return record.runs.count == 0
end

local OUTCOMES = { { "confirmed", "released" }, { "rejected", "rejected" },
  { "unknown", "unknown" }, { "pending", "pending" },
  { "cancelled", "cancelled" } }

local function put_outcomes(html, record)
  html:section("outcomes", "What became of the releases")
  if is_empty(record) then
    html.write("<p>No release was written in this time.</p>\n")
  else
    html.write("<p>Each release counts where its row was written last. What "
      .. "was not released hangs below the line, on a scale of its own.</p>\n"
      .. "<figure>")
    html:keys(OUTCOMES)
    chart_outcomes(html, record)
    html.write("</figure>\n")
    report_section.spans(html, record)
  end
  html:end_section()
end

local CELLS_MOST = 800 -- more would be less than a pixel wide each

local function put_pace(html, record)
  if record.cell == record.span and #record.runs.stopped == 0
    or #record.cells > CELLS_MOST then
    return
  end
  html:section("pace", "Pace")
  html.write("<figure>")
  html:keys { { "confirmed", "released each " .. record.cell },
    { "stop", "sending was stopped" } }
  chart_pace(html, record)
  html.write("</figure>\n")
  html:end_section()
end

local function put_answers(html, record)
  if not record.took.median_ms then
    return
  end
  html:section("answers", "How long answers took")
  html.write("<p>The mark is the time within which half of them came; the bar "
    .. "above it reaches to that of 95 of 100.</p>\n<figure>")
  chart_answers(html, record)
  html.write("</figure>\n")
  html:end_section()
end

local RUNS = { { "busy", "wrote releases" }, { "quiet", "ran, and wrote none" },
  { "pending", "5: pending" }, { "rejected", "3: rows" },
  { "unknown", "4: unknown" }, { "alarm", "1, 2, 6, 7, 70, killed (×)" },
  { "absent", "no run" } }

local function put_runs(html, record)
  local runs = record.runs
  if runs.count == 0 then
    return
  end
  html:section("runs", "Runs")
  if runs.last then
    html:put("<p>The latest began on %s and ended with exit code %d after %s. "
      .. "The longest took %s. A field shows the exit code that weighs most."
      .. "</p>\n", moment(record, runs.last_at), runs.last_exit,
      span(runs.last_ms), span(runs.longest_ms))
  end
  html.write("<figure>")
  html:keys(RUNS)
  chart_exits(html, record)
  html.write("</figure>\n")
  report_section.exits(html, record)
  html:end_section()
end

local REASONS = {
  { id = "refused", head = "Refused, by the host's words", class = "rejected",
    says = "Long numbers, and the row's own code, are left out, so that the "
      .. "same reason is one line." },
  { id = "inputs", head = "Rows that came to no release", kind = "kind",
    class = "pending", says = "failed: the rule. invalid: the data. later: not "
      .. "yet. skipped: never. Each counts once, however often it was read, "
      .. "and also when it became a release later." },
  { id = "tries", head = "Tried again after", kind = "status",
    class = "pending" },
  { id = "decisions", head = "Decided by hand", kind = "who", class = "busy" },
  { id = "scripts", head = "Runs, by script and its version", kind = "version",
    class = "busy" },
}

local function put_reasons(html, record)
  for _, reason in ipairs(REASONS) do
    if reason.id ~= "scripts" or #record.scripts > 1 then
      report_section.groups(html, record, reason)
    end
  end
end

local function put_footer(html, view, record)
  html:put("<footer><p>Made %s by omnitron %s from ", text.when(record.to),
    view.version)
  html:text(view.path)
  html.write(". This page loads nothing and runs nothing.</p></footer>\n"
    .. "</body>\n</html>\n")
end

return function(view, write)
  local html = new_html(write)

  local function tell(record)
    put_head(html, view, record)
    put_header(html, record)
    html.write("<main>\n")
    put_verdict(html, record)
    put_figures(html, record)
    put_outcomes(html, record)
    report_section.open(html, view, record)
    put_pace(html, record)
    put_answers(html, record)
    put_runs(html, record)
    report_section.stops(html, record)
    put_reasons(html, record)
    report_section.slowest(html, record)
    html.write("</main>\n")
    put_footer(html, view, record)
  end

  return function(record)
    if record then
      tell(record)
    end
  end
end
