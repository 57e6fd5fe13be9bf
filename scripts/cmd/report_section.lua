-- report_section.lua: the sections of the page that are tables. Each writes
-- nothing when there is nothing to say.

local words = require "cmd.words"
local report_words = require "cmd.report_words"

local report_section = {}

local MESSAGE_MOST = 240 -- characters of the host's words
local NAME_MOST = 120    -- of a code, a name, a source
local SPANS_OPEN = 15    -- of a longer table the reader opens the rest

local function has_any(list, key)
  for _, entry in ipairs(list) do
    if entry[key] ~= "" then
      return true
    end
  end
  return false
end

local function put_open_row(html, record, row, with_words)
  local name = row.name ~= "" and row.name or row.source
  html:put('<tr><td class="n">%d</td>', row.order_item_id)
  html:line(row.code, NAME_MOST)
  html:number(report_words.age(record, row.since))
  if with_words then
    html:cell(row.message, MESSAGE_MOST)
  end
  html:line(name == row.code and row.source or name, NAME_MOST)
  html.write("</tr>\n")
end

local function put_open_table(html, record, open)
  local with_words = has_any(open.rows, "message")
  html:table(with_words and { "#item", "ERP line", "#for", "words", "from" }
    or { "#item", "ERP line", "#for", "from" })
  for _, row in ipairs(open.rows) do
    put_open_row(html, record, row, with_words)
  end
  html:end_table()
  if open.count > #open.rows then
    html:put("<p>… and %s more, newer.</p>\n", words.count(
      open.count - #open.rows))
  end
end

-- One line of a <pre>. The words of others are in the journal's name alone.
local function put_command(html, view, word, rest)
  html.write("omnitron journal " .. word)
  html:text(view.named)
  html.write(rest .. "\n")
end

local function put_settle(html, view, item)
  html.write("<p>Look there, then say of one, or of all:</p>\n<pre>")
  put_command(html, view, "settle",
    (' %d --done|--not-done --note "…"'):format(item))
  put_command(html, view, "settle",
    " --all-unknown --done|--not-done --note &quot;…&quot;")
  html.write("</pre>\n")
end

local OPEN = {
  { "unknown", "unknown", "Sent, and no answer came that can be relied on: the "
    .. "host may have done it. It is not sent again before somebody has "
    .. "looked." },
  { "rejected", "rejected",
    "The host said no. Mend the rule or the data and run it again." },
  { "conflict", "in conflict",
    "The item has another code already, or has let its stock go." },
  { "pending", "pending",
    "Kept, and certainly not applied: the next run sends it by itself." },
}

local function put_open_kind(html, view, record, kind)
  local name, head, says = table.unpack(kind)
  local open = record.open[name]
  if open.count == 0 then
    return
  end
  html:put("<h3>%s %s</h3>\n<p>", words.count(open.count), head)
  html:text(says)
  html.write("</p>\n")
  put_open_table(html, record, open)
  if name == "unknown" then
    put_settle(html, view, open.rows[1].order_item_id)
  end
end

-- What is open now, and the commands.
function report_section.open(html, view, record)
  local open = record.open
  if not report_words.has_open(open) then
    return
  end
  html:section("open", "Open now")
  for _, kind in ipairs(OPEN) do
    put_open_kind(html, view, record, kind)
  end
  if open.rejected.count + open.conflict.count > 0 then
    html.write("<p>What can be said of each:</p>\n<pre>")
    put_command(html, view, "open", "")
    html.write("</pre>\n")
  end
  html:end_section()
end

local function put_moment(html, record, utc)
  html:put('<td class="line">%s</td>', report_words.moment(record, utc))
end

local function put_took(html, ms)
  html:number(ms and ms >= 0 and words.span(ms) or "")
end

local QUIET = { "rejected", "unknown", "pending", "cancelled" }

local function put_span(html, record, sums)
  html:put("<tr><td>%s</td>", report_words.name(record.span, sums.from))
  html:quiet_count(sums.runs)
  html:number(report_words.exit(sums))
  html:count(sums.confirmed)
  for _, state in ipairs(QUIET) do
    html:quiet_count(sums[state])
  end
  put_took(html, sums.median_ms)
  put_took(html, sums.p95_ms)
  html.write("</tr>\n")
end

local SPANS = { hour = "Hour by hour", day = "Day by day",
  week = "Week by week", month = "Month by month" }

-- The numbers of each span: the table of the charts over time.
function report_section.spans(html, record)
  html:put("<details%s><summary>%s, in numbers</summary>\n",
    #record.spans <= SPANS_OPEN and ' open="open"' or "", SPANS[record.span])
  html:table { "", "#runs", "#worst exit", "#released", "#rejected",
    "#unknown", "#pending", "#cancelled", "#half within", "#95 % within" }
  for _, sums in ipairs(record.spans) do
    put_span(html, record, sums)
  end
  html:end_table()
  html.write("</details>\n")
end

-- The runs by exit code.
function report_section.exits(html, record)
  local runs = record.runs
  if #runs.exits == 0 then
    return
  end
  html:table { "exit", "what it says", "#runs", "", "the latest" }
  for _, exit in ipairs(runs.exits) do
    html.write("<tr>")
    html:cell(report_words.exit(exit))
    html:line(report_words.meaning(exit))
    html:count(exit.runs)
    html:bar(exit.runs, runs.count, report_words.class(exit))
    put_moment(html, record, exit.last_at)
    html.write("</tr>\n")
  end
  html:end_table()
end

-- When sending was stopped.
function report_section.stops(html, record)
  local runs = record.runs
  if #runs.stopped == 0 then
    return
  end
  html:section("stops", "When sending was stopped")
  html:table { "from", "#for", "#runs", "why", "" }
  for _, stop in ipairs(runs.stopped) do
    html.write("<tr>")
    put_moment(html, record, stop.from)
    html:number(report_words.stop_span(record, stop))
    html:count(stop.runs)
    html:cell(report_words.stop(record, stop))
    html:put("<td>%s</td></tr>\n", stop.over and "over" or "still so")
  end
  html:end_table()
  if runs.stops_before > 0 then
    html:put("<p>And %s times before.</p>\n", words.count(runs.stops_before))
  end
  html:end_section()
end

function report_section.slowest(html, record)
  if #record.slowest == 0 then
    return
  end
  html:section("slowest", "The slowest answers")
  html:table { "#took", "#item", "ERP line", "became", "when", "from" }
  for _, row in ipairs(record.slowest) do
    html.write("<tr>")
    put_took(html, row.ms)
    html:put('<td class="n">%d</td>', row.order_item_id)
    html:line(row.code, NAME_MOST)
    html:cell(row.state)
    put_moment(html, record, row.at)
    html:line(row.source, NAME_MOST)
    html.write("</tr>\n")
  end
  html:end_table()
  html:end_section()
end

local function put_group(html, record, section, group, most, with_example)
  html.write("<tr>")
  html:count(group.count)
  html:bar(group.count, most, section.class)
  if section.kind then
    html:line(group.kind, NAME_MOST)
  end
  html.write('<td class="words">')
  html:text(group.words, MESSAGE_MOST)
  html.write("</td>")
  if with_example then
    html:line(group.example, NAME_MOST)
  end
  put_moment(html, record, group.last_at)
  html.write("</tr>\n")
end

local function put_group_heads(html, section, with_example)
  local heads = { "#how many", "" }
  for _, head in ipairs { section.kind or false, "what",
    with_example and "the first", "the latest" } do
    heads[#heads + 1] = head or nil
  end
  html:table(heads)
end

-- Groups with a bar each. `section`: `id`, which is the record's key too,
-- `head`, `says`; `kind` heads the column of their kinds, nil: none; `class`
-- colours the bars.
function report_section.groups(html, record, section)
  local groups, others = record[section.id], record.others[section.id]
  if #groups == 0 then
    return
  end
  html:section(section.id, section.head)
  if section.says then
    html.write("<p>")
    html:text(section.says)
    html.write("</p>\n")
  end
  local with_example = has_any(groups, "example")
  put_group_heads(html, section, with_example)
  for _, group in ipairs(groups) do
    put_group(html, record, section, group, groups[1].count, with_example)
  end
  html:end_table()
  if others > 0 then
    html:put("<p>And %s more, of other kinds.</p>\n", words.count(others))
  end
  html:end_section()
end

return report_section
