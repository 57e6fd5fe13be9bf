-- rows.lua: release_all and each.
--
-- Only the task that called pulls the rows. A worker task runs the rule on one
-- after the other and puts the releases into the outbox; a collector closes
-- the rows whose releases have come back. Rules are called in the order of the
-- input: a worker that goes on to a rule has the next worker called, for the
-- rows behind it if this rule waits. So rows whose rules do not wait cost no
-- coroutine each, and those that wait overtake one another.
--
-- A row's place is { row, n, at, name, order, key }: which of the input it is,
-- where it stands, what it is called, the order it is of and its number in the
-- outbox. `at` is a text, or a number that is made one (place_text) when
-- somebody wants to read it. The place of the row that a worker is at lies on
-- its desk, where omnitron.release finds it.
-- Places are used again and again: a million rows must not cost a million
-- tables. What runs for each of them is a local function and no method: the
-- way through a metatable would be a third of its time.

local native, waiting, read_cursor, source, away, order_number = ...

-- The tables are the script's, too: it may put other functions into them.
local omnitron, warn, words = native.omnitron, native.log.warn, source.words
local number_of, sort = order_number.of, table.sort

local PROBLEMS_MAX = 1000
local BREATH <const> = 64 -- rows between two looks whether the loop has turned
local OPTIONS = { at = true, at_once = true, cursor = true, item = true,
  name = true, order = true, overlap = true }

local function check_at_once(n, what)
  if n ~= nil and (math.type(n) ~= "integer" or n < 1 or n > 1000) then
    error("bad argument to " .. what
      .. ": at_once must be a whole number from 1 to 1000", 4)
  end
end

local TYPES = { at = { ["function"] = true }, cursor = { string = true },
  name = { ["function"] = true },
  item = { ["function"] = true, string = true, number = true },
  order = { ["function"] = true, string = true, number = true } }

local function check_types(read, what)
  for key, types in pairs(TYPES) do
    local is = type(read[key])
    if is ~= "nil" and not types[is] then
      error(("bad argument to %s: %s must be a %s, not a %s"):format(what, key,
        types["function"] and "function" or "text", is), 4)
    end
  end
end

-- Read once: a metamethod may say something else the next time.
local function check_options(options, what)
  for key in pairs(options) do
    if not OPTIONS[key] then
      error(("bad argument to %s: unknown option %q (there are: at, at_once,"
        .. " cursor, item, name, order, overlap)"):format(what, tostring(key)), 3)
    end
  end
  local read = { at_once = options.at_once, name = options.name,
    cursor = options.cursor, at = options.at, overlap = options.overlap,
    item = options.item, order = options.order }
  check_types(read, what)
  if read.item ~= nil and what == "each" then
    error("bad argument to each: item is release_all's", 3)
  end
  read.cursor = read_cursor(read, what)
  check_at_once(read.at_once, what)
  return read
end

-- What a script's error says, and where in the script that was: "rules.lua:6",
-- which the text begins with; nil when it names another place.
local failure = { __metatable = false, __tostring = function(failed)
  return failed.text
end }

-- An error on the stack of who raised it, with the place that it lacks.
local function explain(e)
  if native.http.is_would(e) then
    return e -- a request that stays here; no error of the script's
  end
  local text = tostring(e)
  local place = native.place_of(text)
  if not place and not text:find("^[^\n]-:%d+: ") then
    place = native.where()
    text = place and place .. ": " .. text or text
  end
  return setmetatable({ text = text, place = place }, failure)
end

local function new_summary()
  return { complete = true, safe = false, rows = 0, released = 0, skipped = 0,
    later = 0, failed = 0, invalid = 0, releases = 0, confirmed = 0,
    already = 0, rejected = 0, conflict = 0, unknown = 0, pending = 0,
    problems = {} }
end

-- "lines.csv:812", "row 12", or what the iterator said.
local function place_text(job, place)
  local at = place.at
  return type(at) == "string" and at or job.prefix .. at
end

-- In the summary that the script gets.
local function note_problem(job, what, place, at, name, message)
  local list = job.summary.problems
  if #list < PROBLEMS_MAX then
    list[#list + 1] = { row = place.n, at = at, name = name,
      what = what, message = message }
  end
end

-- Counts a row there, once.
local function count(job, what)
  local summary = job.summary
  summary.rows = summary.rows + 1
  summary[what] = summary[what] + 1
end

-- How a row without a release ended, told once to all who want to know;
-- `where` in the script, if an error says so.
local function row_ended(job, what, place, name, message, item, row, where,
    code)
  local at = place_text(job, place)
  count(job, what)
  native.row_ended(what, at, name, message, item, row, where, code,
    place.would)
  if what ~= "skipped" then
    note_problem(job, what, place, at, name, message)
  end
end

-- What messages call a row.
local function called(job, place)
  local at = place_text(job, place)
  return place.name and at .. " (" .. place.name .. ")" or at
end

-- A row that has to be read again keeps the cursor before it.
local function keep_cursor(job, place, again)
  local cursor = job.cursor
  local fault, why
  if cursor then
    fault, why = cursor:pass(place.row, again)
  end
  if fault then
    cursor:lose(("%s for %s: %s"):format(fault, called(job, place), why))
  elseif why then
    cursor:leave_out(why .. " for " .. called(job, place))
  end
end

-- The place can be used for another row.
local function free(job, place)
  place.row, place.name, place.order, place.would = nil, nil, nil, nil
  job.spare[#job.spare + 1] = place
  job.running = job.running - 1
end

-- There is room for further rows.
local function let_pull(job)
  if job.full then
    job.full = false
    job.latch:open()
  end
end

local function close(job, place)
  free(job, place)
  let_pull(job)
end

local function row_released(job, place)
  count(job, "released")
  native.released()
  keep_cursor(job, place)
end

-- A row that was read.
local function tell_row(job, what, place, message, item, code, where)
  row_ended(job, what, place, place.name, message, item, place.row, where, code)
  keep_cursor(job, place, what ~= "skipped")
end

-- In the order of the rows; of one row as they came.
local function sort_problems(list)
  local came = {}
  for i, one in ipairs(list) do
    came[one] = i
  end
  sort(list, function(a, b)
    if a.row ~= b.row then
      return a.row < b.row
    end
    return came[a] < came[b]
  end)
end

-- In a plan.
local function tell_skipped(job, kept, item, code)
  if code then
    tell_row(job, "skipped", kept, ("%s (but released before, as %s)"):format(
      kept.message, code), item, code)
  else
    tell_row(job, "skipped", kept, kept.message)
  end
end

-- What is kept is told when the journal was asked for its item.
local function tell_kept(job)
  waiting.settle(job.waiting, function(kept, item, code, fault)
    if kept.code_of then
      tell_skipped(job, kept, item, code)
    elseif fault ~= nil then
      tell_row(job, "failed", kept, "`item` failed: " .. words(fault))
    elseif code then
      tell_row(job, "skipped", kept, ("item %s is released as %s already, "
        .. "there is nothing to wait for"):format(item, code), item)
    else
      tell_row(job, "later", kept, kept.message, item)
    end
  end)
end

local function keep_waiting(job, place, message, code_of)
  local full = waiting.hold(job.waiting, { row = place.row, n = place.n,
    at = place.at, name = place.name, message = message, code_of = code_of })
  if full then -- while this row counts as running: nobody gives the summary
    tell_kept(job)
  end
  close(job, place)
end

-- Under --only, a row without a release that was asked for is left alone.
local function close_without(job, what, place, message, item, code, where)
  if native.only then
    job.summary.complete = false
    native.left_alone(what, place.row, place_text(job, place), message)
  else
    tell_row(job, what, place, message, item, code, where)
  end
  close(job, place)
end

local function add_verdicts(job, place, kind, message, item, ...)
  local summary = job.summary
  summary.releases = summary.releases + 1
  summary[kind] = summary[kind] + 1
  if kind ~= "confirmed" and kind ~= "already" then
    local at = place_text(job, place)
    native.problem(kind, at, place.name, message, item)
    note_problem(job, kind, place, at, place.name, message)
  end
  if ... then
    return add_verdicts(job, place, ...)
  end
end

local function close_released(job, place, kind, message, item, ...)
  row_released(job, place)
  add_verdicts(job, place, kind, message, item, ...)
  close(job, place)
end

-- The next row whose releases have come back with something to tell.
local function close_other(job, key, ...)
  if key then
    close_released(job, job.places[key], ...)
  end
  return key
end

-- All rows whose releases have come back with nothing to tell.
local function close_good(job)
  local keys, places, summary = job.keys, job.places, job.summary
  local rows, confirmed, already = job.outbox:good(keys)
  if rows == 0 then
    return
  end
  for i = 1, rows do
    local place = places[keys[i]]
    keep_cursor(job, place)
    free(job, place)
  end
  summary.rows = summary.rows + rows
  summary.released = summary.released + rows
  summary.releases = summary.releases + confirmed + already
  summary.confirmed = summary.confirmed + confirmed
  summary.already = summary.already + already
  native.released(rows)
  let_pull(job)
end

-- Rows have come back: those that wait for memory (job.short, false when there
-- are none) try again.
local function open_short(job)
  local short = job.short
  if short then
    job.short = false
    for _, latch in ipairs(short) do
      latch:open()
    end
  end
end

-- The task that closes the rows whose releases have ended.
local function collect(job)
  local outbox = job.outbox
  while not job.over do
    close_good(job)
    while close_other(job, outbox:take()) do end
    open_short(job)
    outbox:wait()
  end
end

local NOTHING = "the rule returned nothing: return a release, or nil and a "
  .. "reason"

-- What a rule's results say: a word of `count`, and why; or nil. That a host
-- is away is no reason for never, whatever the rule says.
local function read_results(first, reason, kind)
  if first == nil and reason ~= nil and away.blame(tostring(reason)) then
    return "later", tostring(reason)
  end
  if type(first) == "table" then
    if next(first) == nil then
      return "failed", "the rule returned an empty list"
    end
    return nil
  elseif first ~= nil then
    return "failed", "the rule returned a " .. type(first)
      .. ": return a release, a list of releases, or nil and a reason"
  elseif reason == nil then
    return "failed", NOTHING
  elseif type(reason) ~= "string" and type(reason) ~= "number" then
    return "failed", ("the rule's reason is a %s: it is a text"):format(
      type(reason))
  elseif kind == "later" then
    return "later", tostring(reason)
  elseif kind ~= nil then
    return "failed", ('the rule\'s third result is %q: it is "later" or '
      .. "nothing"):format(tostring(kind))
  end
  return "skipped", tostring(reason)
end

-- For test.rule.
native.explain, native.read_results = explain, read_results

-- The item of a release that is not valid, if it can be told.
local function item_of(release)
  local item = rawget(release, "order_item_id")
  return (type(item) == "string" or math.type(item) == "integer")
    and tostring(item) or nil
end

local function code_of(release)
  local code = rawget(release, "code")
  return type(code) == "string" and code or nil
end

-- The name is kept for when the rule fails. One task runs many rules without
-- waiting, and only one of them may run away. An order is called by its number.
local function name_row(job, place)
  native.work_anew()
  local name, row = job.name, place.row
  if name then
    name = name(row)
    place.name = name ~= nil and tostring(name) or nil
  end
  local order, is_order = number_of(job.order, row)
  place.order = order
  if is_order and not name then
    place.name = order
  end
end

-- The rule's results.
local function call_rule(job, place)
  name_row(job, place)
  return job.rule(place.row, place.n)
end

-- Why the rule must not see the row: text that is not UTF-8, which a reader of
-- ours would have refused.
local function row_fault(job, place)
  local fault = not job.reader and native.row_fault(place.row)
  if fault then
    pcall(name_row, job, place)
  end
  return fault
end

-- Until releases of other rows have come back.
local function wait_for_memory(job)
  local latch = native.latch()
  job.short = job.short or {}
  job.short[#job.short + 1] = latch
  latch:wait()
end

-- Again, since the releases of other rows left no memory for these.
local function put_again(job, place)
  local taken, why
  repeat
    wait_for_memory(job)
    taken, why = job.outbox:put(place.releases, place.at, place.name,
      place.row, place.key, place.order)
  until taken ~= "full"
  return taken, why
end

-- Runs the rule, and hands in what it returned: in a plan the verdicts come at
-- once, in a run to the collector.
local function attempt(job, place)
  local fault = row_fault(job, place)
  if fault then
    return "invalid", fault
  end
  local releases, reason, kind = call_rule(job, place)
  local what, why = read_results(releases, reason, kind)
  if what then
    return what, why
  end
  waiting.learn(job.waiting, place.row, releases)
  place.releases = releases -- reading them runs the script's code, too
  if native.planning then
    return nil, native.plan(releases, place_text(job, place), place.name)
  end
  local taken, why = job.outbox:put(releases, place.at, place.name, place.row,
    place.key, place.order)
  if taken == "full" then
    taken, why = put_again(job, place)
  end
  return nil, taken, why
end

local function close_invalid(job, place, releases, why)
  close_without(job, "invalid", place, tostring(why), item_of(releases),
    code_of(releases))
end

-- What an error comes to, its words, and where it was.
local function read_error(place, e)
  if native.http.is_would(e) then
    place.would = rawget(e, "body") or ""
    return "later", tostring(e)
  end
  -- Without memory Lua asks nobody what it is.
  local text = tostring(e)
  if away.blame(text) then
    return "later", text
  end
  return "failed", text, type(e) == "table" and e.place or nil
end

local function close_error(job, place, e)
  local what, message, where = read_error(place, e)
  close_without(job, what, place, message, nil, nil, where)
end

-- What came of an attempt: an error, a row without a release, releases that
-- are not valid, that --only leaves alone, or that were taken.
local function close_attempt(job, place, ok, what, taken, ...)
  local releases = place.releases
  place.releases = nil
  if not ok and releases then
    close_invalid(job, place, releases, what)
  elseif not ok then
    close_error(job, place, what)
  elseif what == "later" and not native.only then
    keep_waiting(job, place, taken)
  elseif what == "skipped" and native.planning and not native.only then
    keep_waiting(job, place, taken, native.released_before)
  elseif what then
    close_without(job, what, place, taken)
  elseif taken == nil then
    close_invalid(job, place, releases, (...))
  elseif not taken then
    job.summary.complete = false
    close(job, place)
  elseif native.planning then
    close_released(job, place, ...)
  end
end

local function release_row(job, place)
  close_attempt(job, place, xpcall(attempt, explain, job, place))
end

local function each_row(job, place)
  local fault = row_fault(job, place)
  if fault then
    tell_row(job, "invalid", place, fault)
    close(job, place)
    return
  end
  local ok, first, message = xpcall(call_rule, explain, job, place)
  if not ok then
    local what, words_of, where = read_error(place, first)
    tell_row(job, what, place, words_of, nil, nil, where)
  elseif first == nil and message ~= nil then
    message = words(message)
    away.blame(message)
    tell_row(job, "later", place, message)
  else
    row_released(job, place)
  end
  close(job, place)
end

-- The pulled row that comes next, or nil.
local function next_place(job)
  local first = job.first
  local place = job.queue[first]
  if place then
    job.queue[first] = nil
    job.first = first + 1
  end
  return place
end

local work

-- A worker for the rows in the queue, unless one is coming already.
local function call_worker(job)
  if job.called then
    return
  end
  local idle = job.idle
  local latch = idle[#idle]
  if latch then
    idle[#idle] = nil
    latch:open()
  else
    native.spawn(work, job)
  end
  job.called = true
end

-- A task that runs rules; there are as many as there are rules that wait.
function work(job)
  local do_row, queue, latch = job.do_row, job.queue, native.latch()
  local desk = { prefix = job.prefix }
  native.sit_at(desk)
  while not job.over do
    job.called = false
    local place = next_place(job)
    while place do
      while job.short do
        wait_for_memory(job)
      end
      if queue[job.first] then
        call_worker(job)
      end
      desk.place = place
      do_row(job, place)
      place = next_place(job)
    end
    desk.place = nil
    job.idle[#job.idle + 1] = latch
    latch:wait()
  end
end

local function take_place(job)
  local spare, places = job.spare, job.places
  local last = #spare
  local place = spare[last]
  if place then
    spare[last] = nil
  else
    place = { key = #places + 1 }
    places[place.key] = place
  end
  return place
end

-- The tasks begin with the first row: of a generator that is dropped before it
-- nothing is left that waits.
local function call_collector(job)
  if job.outbox and not job.collecting then
    native.spawn(collect, job)
    job.collecting = true
  end
end

-- A row counts as running only when nothing can fail any more.
local function start(job, row, n, at)
  local place = take_place(job)
  place.row, place.n, place.at = row, n, at
  call_collector(job)
  call_worker(job)
  local last = job.last + 1
  job.queue[last] = place
  job.last = last
  job.running = job.running + 1
end

-- While rows wait for memory no further one is pulled.
local function wait_until(job, most)
  while job.running > most or job.short do
    job.full = true
    job.latch:wait()
  end
end

local function finish(job)
  wait_until(job, 0)
  job.over = true
  for _, latch in ipairs(job.idle) do
    latch:open()
  end
  if job.outbox then
    job.outbox:open()
  end
end

-- A run that has to end takes no row any more, and who waits for rows waits
-- for ever: no cursor can be moved past rows that nobody read.
local function stay_if_leaving()
  if native.leaving() then
    native.latch():wait()
  end
end

local function bad_row(job, place, what, message)
  if native.only then
    job.summary.complete = false
    native.left_alone(what)
    return
  end
  row_ended(job, what, place, nil, message, nil, false)
end

local function pull_all(job, pull, reader)
  local n = 0
  while true do
    stay_if_leaving()
    local row, at, what, message = pull()
    if row == nil then
      return reader or source.check_end(n, at)
    end
    if not native.take_row() then
      job.summary.complete = false
      return
    end
    n = n + 1
    if n % BREATH == 0 then
      native.breathe()
    end
    if not reader then
      at = at == nil and n or tostring(at)
    end
    if row == false and not reader then
      error(("bad argument #1 to release_all or each: row %d is false"):format(n),
        0)
    elseif row == false then
      job.unread = true
      if type(at) == "string" then
        job.told_file = true
        at, message = source.read_failure(at, message)
      end
      bad_row(job, { n = n, at = at }, what, message)
    else
      if job.running >= job.at_once then
        wait_until(job, job.at_once - 1)
      end
      start(job, row, n, at)
    end
  end
end

local function run(job, rows, what)
  local pull, reader = source.puller(rows, what)
  job.reader = reader ~= nil
  job.prefix = reader and reader:prefix() or "row "
  if job.do_row == release_row and not native.planning then
    job.outbox = native.outbox(job.prefix)
  end
  local ok, e = pcall(pull_all, job, pull, reader)
  finish(job)
  stay_if_leaving()
  tell_kept(job)
  sort_problems(job.summary.problems)
  if not ok then
    error(e, 0)
  end
  local summary = job.summary
  if summary.complete and reader then
    local same, why = reader:unchanged()
    if not same then
      summary.complete = false
    end
    if not same and not job.told_file then
      warn(why .. ". What was read is done; the rest comes next time")
    end
  end
  summary.stopped = native.stopped()
  summary.safe = summary.complete
    and summary.later + summary.failed + summary.invalid == 0
  if job.cursor then
    job.cursor:move(summary.complete and not job.unread)
  end
  return summary
end

-- Before a worker is there that nobody could stop.
local function check_wait()
  local can, why = pcall(native.check_wait)
  if not can then
    error(why, 3)
  end
end

local function new_job(do_row, rule, options, at_once)
  return { do_row = do_row, rule = rule, name = options.name,
    cursor = options.cursor, at_once = options.at_once or at_once,
    running = 0, queue = {}, first = 1, last = 0, places = {}, spare = {},
    keys = {}, idle = {}, short = false,
    latch = native.latch(), waiting = waiting.new(options.item),
    order = order_number.new(options.order), summary = new_summary() }
end

-- omnitron.release_all(rows, rule [, options]) -> summary
local function release_all(rows, rule, options)
  options = check_options(options or {}, "release_all")
  if type(rule) ~= "function" then
    error("bad argument #2 to release_all: the rule must be a function, not a "
      .. type(rule)
      .. (rule == true and " (does its file end with a return?)" or ""), 2)
  end
  check_wait()
  return run(new_job(release_row, rule, options, native.rows_at_once), rows,
    "release_all")
end

omnitron.release_all = release_all

-- omnitron.each(rows, fn [, options]) -> summary
function omnitron.each(rows, fn, options)
  options = check_options(options or {}, "each")
  if type(fn) ~= "function" then
    error("bad argument #2 to each: a function is needed, not a " .. type(fn),
      2)
  end
  check_wait()
  return run(new_job(each_row, fn, options, 4), rows, "each")
end
