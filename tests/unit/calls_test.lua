-- calls_test.lua: random calls of all that the library has, with odd values,
-- from odd places. One call of the function that it returns is one step; the
-- same seed gives the same steps, but for when the collector comes.

local native, registry, debug, url, seed = ...

native.repl.set_live(true)

local lua = {}
for name, value in next, _G do
  lua[name] = value
end
local pcall, type, next, setmetatable = pcall, type, next, setmetatable
local create, resume, running = coroutine.create, coroutine.resume,
  coroutine.running
local spawn, work_anew = native.spawn, native.work_anew
local collect = collectgarbage

-- A generator of its own: math.random is one of those that are called.
local state = seed * 2654435761 % 4294967296 + 1

local function random(n)
  state = (state * 1103515245 + 12345) % 2147483648
  return state // 65536 % n + 1
end

-- What is called. Not what would leave this folder, end the test's own output,
-- wait for a person, or stop the collector.

local NOT = { print = true, warn = true, collectgarbage = true,
  ["io.close"] = true, ["io.output"] = true, ["io.write"] = true,
  ["log.info"] = true, ["log.warn"] = true, ["log.error"] = true,
  ["os.remove"] = true, ["os.rename"] = true, ["io.stdout"] = true,
  ["io.stderr"] = true, ["native.log"] = true, ["native.repl"] = true,
  ["native.spawn"] = true, ["native.main"] = true,
  -- Loops of C as long as a table says that it is, or as a pattern likes.
  ["table.insert"] = true, ["table.move"] = true, ["table.remove"] = true,
  ["string.find"] = true, ["string.gmatch"] = true, ["string.gsub"] = true,
  ["string.match"] = true }

local functions = {}

local function gather(prefix, from, seen)
  local names = {}
  for name in next, from do
    if type(name) == "string" then
      names[#names + 1] = name
    end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    local value, full = from[name], prefix .. name
    if type(value) == "function" and not NOT[full] then
      functions[#functions + 1] = { name = full, fn = value }
    elseif type(value) == "table" and not NOT[full] and not seen[value] then
      seen[value] = true
      gather(full .. ".", value, seen)
    end
  end
end

gather("", _G, { [_G] = true, [package] = true })
gather("native.", native, { [native] = true, [native.settings] = true })
for key, meta in next, registry do
  if type(key) == "string" and type(meta) == "table"
    and rawget(meta, "__name") == key and key:find("^%l") then
    gather(key .. ".", meta, {})
  end
end
table.sort(functions, function(a, b) return a.name < b.name end)

-- Values.

local values = { false, true, 0, 1, -1, 2, 7, 46761, 46762, 1 << 31, 1 << 53,
  1 << 62, math.maxinteger, math.mininteger, 0.5, -0.0, 1e308, 1 / 0, 0 / 0,
  "", "x", "a\0b", "\255\254", "lines.csv", "inbox", "*", "no such file",
  "46761", "SO-1/1", "GET", "POST", "PATCH", "/api/i1/orders/", url,
  url .. "/api/i1/orders/", "http://127.0.0.1:1/", "released", "later",
  "failed", "order_item_id", "code", "%s%d%q", "return 1", "k", "n",
  "t", "r", "w+", "*a", '{"a":[1,{}],"b":null}', ("y"):rep(200) }

-- What calls made, the latest of them.
local made, MADE_MOST = {}, 60

local function keep(value)
  local kind = type(value)
  if kind == "userdata" or kind == "table" or kind == "function"
    or kind == "thread" then
    made[random(MADE_MOST)] = value
  end
end

local any, call_one -- below

local function release()
  return { order_item_id = 46760 + random(20), code = "SO/" .. random(5),
    update_stock = random(2) == 1 }
end

-- Tables whose metamethods call, and one that lies about its length.
local function lying()
  local keys = {}
  for bit = 0, 62 do
    keys[#keys + 1] = ("[%d] = ..."):format(1 << bit)
  end
  return load("return { " .. table.concat(keys, ", ") .. " }")
end
local lie = lying()

local TABLES = {
  function() return {} end,
  function() return { any(), any(), any() } end,
  function() return { a = any(), b = any(), [any() or 1] = 1 } end,
  release,
  function() return { release(), release() } end,
  function() local t = {} t[1], t.t = t, t return t end,
  function() return lie(release()) end,
  function()
    return setmetatable({}, { __index = function(_, key)
      call_one()
      return any()
    end })
  end,
  function()
    return setmetatable({ order_item_id = 46761 }, {
      __index = function(_, key) call_one() return "SO-1/" .. random(9) end })
  end,
  function()
    return setmetatable({ any() }, { __tostring = call_one,
      __len = call_one, __pairs = call_one, __call = call_one,
      __lt = call_one, __eq = call_one, __concat = call_one })
  end,
  function() return setmetatable({}, { __gc = call_one }) end,
  function() return setmetatable({}, { __close = call_one }) end,
  function()
    return { method = "GET", url = url .. "/api/i1/orders/", headers = {},
      timeout = 3, streams = random(2) == 1, reads = true }
  end,
  function() return { path = "lines.csv", trim = random(2) == 1 } end,
  function() return { at_once = random(5), name = call_one } end,
}

local FUNCTIONS = {
  function() return call_one end,
  function() return function() return any(), any(), any() end end,
  function() return function() error(any(), 0) end end,
  function() return function() return release() end end,
  function() return function() return coroutine.yield(any()) end end,
  function() return function() sleep(0.001) return any() end end,
}

local function thread()
  local pick = random(4)
  if pick == 1 then
    return (running())
  end
  local co = create(pick == 2 and call_one
    or function() coroutine.yield(any()) sleep(0.001) call_one() end)
  if pick == 4 then
    resume(co)
  end
  return co
end

function any()
  local pick = random(20)
  if pick <= 9 then
    return values[random(#values)]
  elseif pick <= 12 then
    return made[random(MADE_MOST)]
  elseif pick <= 16 then
    return TABLES[random(#TABLES)]()
  elseif pick <= 18 then
    return FUNCTIONS[random(#FUNCTIONS)]()
  elseif pick == 19 then
    return thread()
  end
  return nil
end

-- Calls.

local depth = 0

local function take_results(ok, ...)
  depth = depth - 1
  for i = 1, math.min(select("#", ...), 5) do
    keep((select(i, ...)))
  end
  return ...
end

local function arguments(n)
  if n > 0 then
    return any(), arguments(n - 1)
  end
end

-- A method of something that was made, or a function.
local function pick_call()
  local object = random(3) > 1 and made[random(MADE_MOST)] or nil
  local meta = type(object) == "userdata" and debug.getmetatable(object)
  local index = meta and rawget(meta, "__index")
  if type(index) ~= "table" then
    return functions[random(#functions)].fn
  end
  local methods = {}
  for name, method in next, index do
    methods[#methods + 1] = name
  end
  table.sort(methods)
  return index[methods[random(#methods)]], object
end

function call_one()
  if depth > 6 then
    return any()
  end
  depth = depth + 1
  local fn, object = pick_call()
  if object then
    return take_results(pcall(fn, object, arguments(random(6) - 1)))
  end
  return take_results(pcall(fn, arguments(random(6) - 1)))
end

local function calls()
  for _ = 1, random(4) do
    call_one()
  end
end

-- Where Lua has no room left for the finalizers that it calls, and drops them.
local function deep(n)
  if n > 0 then
    return pcall(deep, n - 1)
  end
  calls()
  collect()
end

local PLACES = {
  calls,
  function() deep(170 + random(28)) end,
  function() -- finalizers while a reader and a list of what was made are read
    local reader, left = csv.rows("wide.csv"), 40
    local function again()
      setmetatable({}, { __gc = function()
        left = left - 1
        pcall(reader[({ "pull", "close", "prefix" })[random(9)] or "pull"], reader)
        if left > 0 then
          again()
        end
      end })
    end
    again()
    keep(reader)
    for _ = 1, 5 do
      pcall(random(2) == 1 and reader or reader.pull, reader)
    end
    calls()
  end,
  function() pcall(table.sort, { 3, 1, 2 }, function() calls() return false end) end,
  function() pcall(string.gsub, "abc", ".", calls) end,
  function()
    setmetatable({}, { __gc = calls })
    collect()
  end,
  function() local _ <close> = setmetatable({}, { __close = calls }) end,
  function()
    local co = create(function() calls() coroutine.yield(1) calls() end)
    keep(co)
    for _ = 1, 3 do
      pcall(lua.coroutine.resume, co)
    end
    pcall(lua.coroutine.close, co)
  end,
  function() pcall(lua.coroutine.wrap(calls)) end,
  function() spawn(function() keep(running()) pcall(calls) end) end,
  function() pcall(tostring, setmetatable({}, { __tostring = calls })) end,
  function() pcall(xpcall, error, calls) end,
  function() pcall(load, calls) end,
  function()
    pcall(omnitron.release_all, { {}, {}, {} }, function()
      calls()
      return release()
    end)
  end,
  function() pcall(omnitron.each, csv.rows("lines.csv"), calls) end,
  function()
    spawn(function()
      local latch = native.latch()
      keep(latch)
      latch:wait()
      calls()
    end)
  end,
  function() -- what waits, and what it holds
    local co
    spawn(function() co = running() keep(co) pcall(call_one) end)
    sleep(0)
    for level = 0, 4 do
      if not co or not debug.getinfo(co, level, "S") then
        break
      end
      for n = 1, 20 do
        local name, value = debug.getlocal(co, level, n)
        if type(value) == "userdata" then
          keep(value)
        end
      end
    end
  end,
}

-- The collector works all the time, so that finalizers run everywhere.
collect("incremental", 10, 2000)

-- One step. A script's own tables are put right again: what is called may
-- have set anything in them.
return function()
  depth = 0
  work_anew()
  pcall(PLACES[random(#PLACES)])
  if random(20) == 1 then
    made = {}
    collect()
  end
end
