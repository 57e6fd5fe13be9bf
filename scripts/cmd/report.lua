-- report.lua: the report for a terminal: what needs a person first, then what
-- happened. The record is that of report --json.

local text = require "text"
local new_paper = require "cmd.paper"
local words = require "cmd.words"
local report_words = require "cmd.report_words"
local report_table = require "cmd.report_table"

local count, span = words.count, words.span
local moment, age = report_words.moment, report_words.age

local MESSAGE_MOST, CODE_MOST = 240, 24
local NAME_MOST, NAME_LEAST, GROUPS_SHOWN = 80, 16, 10

local STATES = { { "confirmed", "released" }, { "rejected", "rejected" },
  { "unknown", "unknown" }, { "pending", "pending" },
  { "sending", "on the way" }, { "cancelled", "cancelled" } }

local function put_head(paper, record)
  local said = {}
  for _, state in ipairs(STATES) do
    local n = record.releases[state[1]]
    said[#said + 1] = n > 0 and count(n) .. " " .. state[2] or nil
  end
  paper:say(0, "%s: %s to %s (%s%s)%s", record.host,
    moment(record, record.from), moment(record, record.to),
    report_words.stretch(record),
    record.from_start and ", since the journal began" or "",
    record.run_alive and ". A run is at work." or "")
  paper:say(0, "%s.", #said > 0 and table.concat(said, ", ")
    or "No release was written")
end

local function put_open_rows(paper, view, record, open, state)
  for _, row in ipairs(open.rows) do
    paper:say(6, "%d %s, for %s%s%s", row.order_item_id,
      text.escape(row.code, NAME_MOST), age(record, row.since),
      row.message ~= "" and ": " or "", text.escape(row.message, MESSAGE_MOST))
  end
  if open.count > #open.rows then
    paper:line("      … all: omnitron journal list --state %s%s", state,
      view.named)
  end
end

local function put_unknown(paper, view, record)
  local open = record.open.unknown
  if open.count == 0 then
    return
  end
  paper:say(2, "%s unknown: sent, and %s may have done %s.", count(open.count),
    record.host, open.count == 1 and "it" or "them")
  put_open_rows(paper, view, record, open, "unknown")
  paper:say(4, "Look there, then say of one, or of all:")
  paper:line('      omnitron journal settle%s %d --done|--not-done --note "…"',
    view.named, open.rows[1].order_item_id)
  paper:line('      omnitron journal settle%s --all-unknown '
    .. '--done|--not-done --note "…"', view.named)
end

local REST = {
  { "rejected", "rejected: the host said no" },
  { "conflict", "in conflict: the item has another code already" },
  { "pending", "pending: the next run sends what is left" },
}

local function put_rest(paper, view, record)
  for _, kind in ipairs(REST) do
    local open = record.open[kind[1]]
    if open.count > 0 then
      paper:say(2, "%s %s. The oldest: %s.", count(open.count), kind[2],
        age(record, open.oldest_at))
    end
  end
  if record.open.rejected.count + record.open.conflict.count > 0 then
    paper:line("      omnitron journal open%s", view.named)
  end
end

local function put_open(paper, view, record)
  if not report_words.has_open(record.open) then
    paper:head("Open now: nothing.")
    return
  end
  paper:head("Open now")
  put_unknown(paper, view, record)
  put_rest(paper, view, record)
end

local function put_stops(paper, record)
  local runs = record.runs
  if #runs.stopped > 0 then
    paper:head("When sending was stopped")
  end
  for _, stop in ipairs(runs.stopped) do
    paper:say(2, "%s: %s, %s%s, %s", moment(record, stop.from),
      text.escape(report_words.stop(record, stop), MESSAGE_MOST),
      stop.over and "for " or "and still, for ",
      report_words.stop_span(record, stop),
      words.many(stop.runs, "run", "runs"))
  end
  if runs.stops_before > 0 then
    paper:say(2, "and %s times before", count(runs.stops_before))
  end
end

-- Of a name that has no spaces, as much as stands in a line of its own.
local function name_most(paper)
  return math.max(NAME_LEAST, math.min(paper.columns - 16, NAME_MOST))
end

-- "      43  404: Not found. (first: lines.csv:15)"
local function put_group(paper, group, kind)
  local example = group.example == "" and ""
    or (" (%s%s)"):format(group.count > 1 and "first: " or "",
      text.escape(group.example, name_most(paper)))
  paper:item(("%8s  "):format(count(group.count)),
    text.escape(kind, NAME_MOST) .. (kind ~= "" and ": " or "")
    .. text.escape(group.words, MESSAGE_MOST) .. example)
end

local function put_groups(paper, record, head, name, with_kind)
  local groups = record[name]
  if #groups > 0 then
    paper:head(head)
  end
  for i = 1, math.min(#groups, GROUPS_SHOWN) do
    put_group(paper, groups[i], with_kind and groups[i].kind or "")
  end
  if #groups > GROUPS_SHOWN or record.others[name] > 0 then
    paper:say(10, "… and other kinds (--html shows more)")
  end
end

local function put_tries(paper, record)
  if #record.tries > 0 then
    paper:head("Tried again after")
  end
  for _, group in ipairs(record.tries) do
    paper:say(2, "%s", text.escape(report_words.try(group), MESSAGE_MOST))
  end
end

local function put_slowest(paper, record)
  local took = record.took
  if not took.median_ms then
    return
  end
  paper:head("The slowest answers")
  paper:say(2, "Half of all within %s, 95 of 100 within %s.",
    span(took.median_ms), span(took.p95_ms))
  for _, row in ipairs(record.slowest) do
    paper:item(("%10s  "):format(span(row.ms)), ("%d %s, %s, %s"):format(
      row.order_item_id, text.escape(row.code, CODE_MOST), row.state,
      moment(record, row.at)))
  end
end

return function(view, write)
  local function tell(record)
    local paper = new_paper(view.columns, write)
    put_head(paper, record)
    put_open(paper, view, record)
    report_table.runs(paper, view, record)
    put_stops(paper, record)
    report_table.spans(paper, view, record)
    put_groups(paper, record, "Refused, by the host's words", "refused")
    put_groups(paper, record, "Rows that came to no release", "inputs", true)
    put_tries(paper, record)
    put_slowest(paper, record)
    put_groups(paper, record, "Decided by hand", "decisions", true)
    if #record.scripts > 1 then
      put_groups(paper, record, "Runs, by script and its version", "scripts",
        true)
    end
  end

  return function(record)
    if record then
      tell(record)
    end
  end
end
