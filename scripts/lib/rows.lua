-- rows.lua: release_all and each.
--
-- Only the task that called pulls the rows; a worker task gets one row, runs
-- the rule on it, and waits for what comes of its releases. Rules are
-- called in the order of the input; one that waits lets later rows overtake.
--
-- A row's place is { row, n, at, name }: which of the input it is, where it
-- stands and what it is called. `at` is a text, or a number that is made one
-- (place_text) when somebody wants to read it. The places of the workers are
-- used again and again: a million rows must not cost a million tables.

local native = ...

local PROBLEMS_MAX = 1000
local OPTIONS = { at_once = true, name = true, cursor = true, at = true }

local function check_options(options, what)
  for key in pairs(options) do
    if not OPTIONS[key] then
      error(("bad argument to %s: unknown option %q (there are: at, at_once,"
        .. " cursor, name)"):format(what, tostring(key)), 3)
    end
  end
  if (options.cursor == nil) ~= (options.at == nil) then
    error("bad argument to " .. what
      .. ": cursor and at belong together", 3)
  end
  local n = options.at_once
  if n ~= nil and (math.type(n) ~= "integer" or n < 1 or n > 1000) then
    error("bad argument to " .. what
      .. ": at_once must be a whole number from 1 to 1000", 3)
  end
end

-- The reader of rows: a function that gives row, place; nil at the end; or
-- false, place, what, message for a row that cannot be used. Of a CSV file the
-- place is a line.
local function puller(rows, what)
  if type(rows) == "userdata" and rows.pull then
    local pull = rows.pull
    return function() return pull(rows) end, rows
  elseif type(rows) == "function" then
    return rows
  elseif type(rows) == "table" then
    native.expect(rawlen(rows))
    local i = 0
    return function()
      i = i + 1
      return rows[i]
    end
  end
  error(("bad argument #1 to %s: rows must be a list or a function that "
    .. "gives the next row, not a %s"):format(what, type(rows)), 3)
end

-- An error as one line, with the place in the script that it lacks.
local function explain(e)
  if type(e) == "table" and getmetatable(e) == native.http.would then
    return e -- a request that stays here; no error of the script's
  end
  local text = tostring(e)
  if text:find("^[^\n]-:%d+: ") then
    return text
  end
  return native.where() .. text
end

local function new_summary()
  return { complete = true, safe = false, rows = 0, released = 0, skipped = 0,
    later = 0, failed = 0, invalid = 0, releases = 0, confirmed = 0,
    already = 0, rejected = 0, conflict = 0, unknown = 0, pending = 0,
    problems = {} }
end

local Job = {}
Job.__index = Job

-- "lines.csv:812", "row 12", or what the iterator said.
function Job:place_text(place)
  local at = place.at
  return type(at) == "string" and at or self.prefix .. at
end

function Job:problem(what, place, name, message, item, row)
  local list, at = self.summary.problems, self:place_text(place)
  if #list < PROBLEMS_MAX then
    list[#list + 1] = { row = place.n, at = at, name = name,
      what = what, message = message }
  end
  native.problem(what, at, name, message, item, row)
end

-- Counts a row, once.
function Job:count(what)
  local summary = self.summary
  summary.rows = summary.rows + 1
  summary[what] = summary[what] + 1
  native.count(what)
end

-- A row that has to be read again keeps the cursor before it.
function Job:keep_cursor(row, again)
  if not self.at then
    return
  end
  local ok, at = pcall(self.at, row)
  if not ok or (type(at) ~= "string" and type(at) ~= "number") then
    self.cursor_lost = self.cursor_lost
      or "`at` gave no string or number for a row: " .. tostring(at)
    return
  end
  if again and (self.first_again == nil or at < self.first_again) then
    self.first_again = at
  end
  if self.largest == nil or at > self.largest then
    self.largest = at
  end
end

function Job:row_name(row)
  if self.name then
    local name = self.name(row)
    return name ~= nil and tostring(name) or nil
  end
end

local AGAIN = { later = true, failed = true, invalid = true }

function Job:close_row(what, row, place, name, message, item, code)
  self:count(what)
  if what ~= "released" then
    local at = self:place_text(place)
    if native.planning then
      native.plan_row(what, at, name, message, item, code)
    end
    native.keep_input(what, at, name, message, item, row)
  end
  self:keep_cursor(row, AGAIN[what])
  if what ~= "released" and what ~= "skipped" then
    self:problem(what, place, name, message, item, row)
  end
end

function Job:add_verdicts(place, name, kind, message, item, ...)
  local summary = self.summary
  summary.releases = summary.releases + 1
  summary[kind] = summary[kind] + 1
  if kind ~= "confirmed" and kind ~= "already" then
    self:problem(kind, place, name, message, item)
  end
  if ... then
    return self:add_verdicts(place, name, ...)
  end
end

local NOTHING = "the rule returned nothing: return a release, or nil and a "
  .. "reason"

-- What a rule's results say: a word of `Job:count`, and why; or nil.
local function read_results(first, reason, kind)
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

-- Under --only, a row without a release that was asked for is left alone.
function Job:close_without(what, row, place, name, message, item, code)
  if native.only and what ~= "released" then
    self.summary.complete = false
    native.left_alone(what)
    return
  end
  self:close_row(what, row, place, name, message, item, code)
end

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

-- The rule's results. The name is kept for when the rule fails.
local function call_rule(self, row, place)
  if self.name then
    place.name = self:row_name(row)
  end
  return self.rule(row, place.n)
end

-- What native.deliver answered, which may have raised: reading a release is
-- running the script's code.
function Job:deliver(row, place, releases, read, ok, first, ...)
  local name = place.name
  if not read or ok == nil then
    return self:close_without("invalid", row, place, name,
      read and first or ok, item_of(releases), code_of(releases))
  elseif not ok then -- --only leaves it alone
    self.summary.complete = false
    return
  end
  self:close_row("released", row, place, name)
  return self:add_verdicts(place, name, first, ...)
end

function Job:release_row(row, place)
  local ok, first, reason, kind = xpcall(call_rule, explain, self, row, place)
  local name = place.name
  if not ok then
    local would = type(first) == "table"
    return self:close_without(would and "later" or "failed", row, place, name,
      would and tostring(first) or first)
  end
  local what, why = read_results(first, reason, kind)
  if what then
    return self:close_without(what, row, place, name, why)
  end
  return self:deliver(row, place, first,
    xpcall(native.deliver, explain, first, place.at, name, row, self.prefix))
end

function Job:each_row(row, place)
  local ok, first, message = xpcall(call_rule, explain, self, row, place)
  local name = place.name
  if not ok then
    local would = type(first) == "table"
    self:close_row(would and "later" or "failed", row, place, name,
      tostring(first))
  elseif first == nil and message ~= nil then
    self:close_row("later", row, place, name, tostring(message))
  else
    self:close_row("released", row, place, name)
  end
end

-- The pool of worker tasks: it grows to at_once, each takes row after row.
function Job:work(slot)
  local method = self[self.method]
  repeat
    method(self, slot.row, slot)
    slot.row, slot.name = nil, nil
    self.running = self.running - 1
    self.idle[#self.idle + 1] = slot
    if self.full then
      self.full = false
      self.latch:open()
    end
    slot.latch:wait()
  until slot.stop
end

-- A row counts as running only when nothing can fail any more.
function Job:start(row, n, at)
  local idle = self.idle
  local last = #idle
  local slot = idle[last]
  if slot then
    idle[last] = nil
    slot.row, slot.n, slot.at = row, n, at
    slot.latch:open()
  else
    slot = { row = row, n = n, at = at, latch = native.latch() }
    self.slots[#self.slots + 1] = slot
    native.spawn(Job.work, self, slot)
  end
  self.running = self.running + 1
end

function Job:wait_until(most)
  while self.running > most do
    self.full = true
    self.latch:wait()
  end
end

function Job:finish()
  self:wait_until(0)
  for _, slot in ipairs(self.slots) do
    slot.stop = true
    slot.latch:open()
  end
end

-- A run that has to end takes no row any more, and who waits for rows waits
-- for ever: no cursor can be moved past rows that nobody read.
local function stay_if_leaving()
  if native.leaving() then
    native.latch():wait()
  end
end

local function pull_all(self, pull, reader)
  local n = 0
  while true do
    stay_if_leaving()
    local row, at, what, message = pull()
    if row == nil then
      return
    end
    if not native.take_row() then
      self.summary.complete = false
      return
    end
    n = n + 1
    if not reader then
      at = at == nil and n or tostring(at)
    end
    if row == false and not reader then
      error(("bad argument #1 to release_all or each: row %d is false"):format(n),
        0)
    elseif row == false then
      self.unread = true
      self:bad_row({ n = n, at = at }, what, message)
    else
      if self.running >= self.at_once then
        self:wait_until(self.at_once - 1)
      end
      self:start(row, n, at)
    end
  end
end

function Job:bad_row(place, what, message)
  if native.only then
    self.summary.complete = false
    native.left_alone(what)
    return
  end
  self:count(what)
  if native.planning then
    native.plan_row(what, self:place_text(place), nil, message)
  end
  native.keep_input(what, self:place_text(place), nil, message, nil, false)
  self:problem(what, place, nil, message)
end

-- Not at all unless the input was read to its end; else to the smallest `at`
-- of what has to be read again, else to the largest.
function Job:move_cursor()
  if self.at and (not self.summary.complete or self.unread) then
    native.plan_note("the cursor " .. self.cursor .. " would stay")
  end
  if not self.at or not self.summary.complete or self.unread then
    return
  end
  if self.cursor_lost then
    log.warn("the cursor " .. self.cursor .. " was not moved: "
      .. self.cursor_lost)
    return
  end
  local to = self.first_again
  if to == nil then
    to = self.largest
  end
  if to ~= nil then
    native.plan_note(("the cursor %s would move to %s"):format(self.cursor, to))
    omnitron.remember(self.cursor, to)
  end
end

function Job:run(rows, what)
  local pull, reader = puller(rows, what)
  self.prefix = reader and reader:prefix() or "row "
  local ok, e = pcall(pull_all, self, pull, reader)
  self:finish()
  stay_if_leaving()
  if not ok then
    error(e, 0)
  end
  local summary = self.summary
  if summary.complete and reader then
    local same, why = reader:unchanged()
    if not same then
      summary.complete = false
      log.warn(why .. ". What was read is done; the rest comes next time")
    end
  end
  summary.stopped = native.stopped()
  summary.safe = summary.complete
    and summary.later + summary.failed + summary.invalid == 0
  self:move_cursor()
  return summary
end

-- Before a worker is there that nobody could stop.
local function check_wait()
  local can, why = pcall(native.check_wait)
  if not can then
    error(why, 3)
  end
end

local function new_job(method, rule, options, at_once)
  return setmetatable({ method = method, rule = rule, name = options.name,
    cursor = options.cursor, at = options.at,
    at_once = options.at_once or at_once, running = 0, idle = {}, slots = {},
    latch = native.latch(), summary = new_summary() }, Job)
end

-- omnitron.release_all(rows, rule [, options]) -> summary
function omnitron.release_all(rows, rule, options)
  options = options or {}
  check_options(options, "release_all")
  if type(rule) ~= "function" then
    error("bad argument #2 to release_all: the rule must be a function, not a "
      .. type(rule)
      .. (rule == true and " (does its file end with a return?)" or ""), 2)
  end
  check_wait()
  return new_job("release_row", rule, options, native.rows_at_once)
    :run(rows, "release_all")
end

-- omnitron.each(rows, fn [, options]) -> summary
function omnitron.each(rows, fn, options)
  options = options or {}
  check_options(options, "each")
  if type(fn) ~= "function" then
    error("bad argument #2 to each: a function is needed, not a " .. type(fn),
      2)
  end
  check_wait()
  return new_job("each_row", fn, options, 4):run(rows, "each")
end

-- A script that returned a rule: it is applied to the CSV files named.
function native.run_rule(rule, options, files)
  if #files == 0 then
    native.misused()
    error(native.script_name .. " is a rule: name the CSV files it is for", 0)
  end
  for _, path in ipairs(files) do
    local reading = { path = path, of_rule = true }
    for key, value in pairs(options and options.csv or {}) do
      reading[key] = value
    end
    local all = {}
    for key, value in pairs(options or {}) do
      if key ~= "csv" then
        all[key] = value
      end
    end
    omnitron.release_all(csv.rows(reading), rule, all)
  end
end

local function as_text(e)
  local meta = getmetatable(e)
  if type(e) == "string" or type(e) == "number"
    or type(meta) == "table" and meta.__tostring then
    return tostring(e)
  end
  return ("the script raised %s as its error; an error is a text"):format(
    e == nil and "nil" or "a " .. type(e))
end

-- The whole of a script, with `arg` set. An error is a text, and the only
-- places in it are the script's.
function native.main(chunk, ...)
  local ok, rule, options = xpcall(chunk, as_text, ...)
  if ok and type(rule) == "function" then
    ok, rule = xpcall(native.run_rule, as_text, rule, options, arg)
  end
  if not ok and type(rule) == "string" then
    rule = rule:gsub("^omnitron:%d+: ", "")
  end
  if not ok then
    error(rule, 0)
  end
end
