-- report_words.lua: what the report and its page say alike. `record` is that
-- of report --json; a moment in it is a text in UTC.

local text = require "text"
local words = require "cmd.words"

local report_words = {}

local MINUTE, HOUR = 60000, 3600000
local TRY_MOST, STATUS_MOST = 60, 20

local DAYS = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" }
local MONTHS = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
  "Oct", "Nov", "Dec" }

-- "Wed 19 Nov 14:00", "Wed 19 Nov", "17 Nov 2025", "Nov 2025": the name of the
-- hour, day, week or month that begins then, in this machine's zone.
function report_words.name(unit, utc)
  local year, month, day, weekday, hour, minute = text.parts(utc)
  if not year then
    return utc -- what a damaged journal has
  elseif unit == "month" then
    return ("%s %d"):format(MONTHS[month], year)
  elseif unit == "week" then
    return ("%2d %s %d"):format(day, MONTHS[month], year)
  end
  return ("%s %2d %s"):format(DAYS[weekday], day, MONTHS[month])
    .. (unit == "hour" and (" %02d:%02d"):format(hour, minute) or "")
end

-- "Wed 19 Nov 14:00"; in a stretch of more than a month "19 Nov 2025".
function report_words.moment(record, utc)
  return report_words.name(record.cell == "hour" and "hour" or "week", utc)
end

-- Milliseconds; what a damaged journal has in place of a moment is to come.
function report_words.ms(utc)
  return text.ms(utc) or math.maxinteger
end

-- "3 d 4 h": how long ago that was when the report was made.
function report_words.age(record, utc)
  return words.span(report_words.ms(record.to) - report_words.ms(utc))
end

-- "7 days", "26 hours", "1 h 22 min", "22 minutes": how long the stretch is.
function report_words.stretch(record)
  local ms = report_words.ms(record.to) - report_words.ms(record.from)
  local hours = ms // HOUR
  if ms < HOUR then
    return words.many(ms // MINUTE, "minute", "minutes")
  elseif hours < 24 and ms % HOUR >= MINUTE then
    return words.span(ms)
  elseif hours < 48 then
    return words.many((ms + HOUR // 2) // HOUR, "hour", "hours")
  end
  return words.many((ms + 12 * HOUR) // (24 * HOUR), "day", "days")
end

-- "nothing to send in 3 of them", "": in how many runs there was nothing.
function report_words.idle(runs)
  if runs.idle == 0 then
    return ""
  elseif runs.idle ~= runs.count then
    return ("nothing to send in %s of them"):format(words.count(runs.idle))
  end
  return "nothing to send in " .. (runs.count == 1 and "it" or "any of them")
end

-- Of what has `exit` and `killed`: "0", "killed"; "" where no run has ended.
function report_words.exit(of)
  return of.killed and "killed" or of.exit and ("%d"):format(of.exit) or ""
end

function report_words.meaning(of)
  if of.killed then
    return "killed, or the power went"
  elseif not of.exit then
    return "no run"
  end
  return (text.exit(of.exit)) or "not known"
end

-- Who acts on it, as text.exit has it.
function report_words.weight(of)
  if not of.killed and not of.exit then
    return "fine"
  end
  local _, weight
  if not of.killed then
    _, weight = text.exit(of.exit)
  end
  return weight or "alarm"
end

local CLASSES = { fine = "busy", later = "pending", rows = "rejected",
  unknown = "unknown", alarm = "alarm" }

-- What the page's style calls it.
function report_words.class(of)
  return CLASSES[report_words.weight(of)]
end

-- "acme.omnitron.net does not answer", for the summary's "no answer".
function report_words.stop(record, stop)
  return text.stopped(stop.why, record.host)
    or "stopped: " .. stop.why
end

-- How long sending was stopped.
function report_words.stop_span(record, stop)
  return words.span(report_words.ms(stop.over and stop.to or record.to)
    - report_words.ms(stop.from))
end

-- "3 throttled (429)": one group of what was tried again.
function report_words.try(group)
  return words.count(group.count) .. " " .. group.words:sub(1, TRY_MOST)
    .. (group.kind ~= "" and (" (%s)"):format(group.kind:sub(1, STATUS_MOST))
      or "")
end

-- Whether anything is open.
function report_words.has_open(open)
  return open.unknown.count + open.rejected.count + open.conflict.count
    + open.pending.count > 0
end

return report_words
