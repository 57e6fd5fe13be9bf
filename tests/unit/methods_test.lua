-- methods_test.lua: every method of every type that the library makes, in
-- every order of three, from everywhere. The types are found in the registry;
-- of one that nobody here knows how to make the test says so.

local native, registry, debug, url = ...

native.repl.set_live(true)

local PLACES = {}

function PLACES.plain(fn) pcall(fn) end

function PLACES.sort(fn)
  pcall(table.sort, { 1, 2, 3 }, function() pcall(fn) return false end)
end

function PLACES.finalizer(fn)
  setmetatable({}, { __gc = function() pcall(fn) end })
  collectgarbage()
end

function PLACES.closer(fn)
  pcall(function() local _ <close> = setmetatable({}, { __close = fn }) end)
end

function PLACES.coroutine(fn)
  local co = coroutine.create(fn)
  pcall(coroutine.resume, co)
  pcall(coroutine.resume, co)
  pcall(coroutine.close, co)
end

-- Where Lua has no room left for the finalizers that it calls, and drops them.
local function deep(n, fn)
  if n == 0 then
    fn()
    collectgarbage()
  else
    pcall(deep, n - 1, fn)
  end
end

function PLACES.deep(fn)
  deep(180, fn)
  deep(196, function() end)
end

function PLACES.task(fn)
  native.spawn(function() pcall(fn) end)
end

-- The first userdata with this metatable on the stack of a coroutine: what
-- waits is never a value of a script's.
local function held(co, meta)
  for level = 0, 20 do
    if not debug.getinfo(co, level, "S") then
      return nil
    end
    for n = 1, 250 do
      local name, value = debug.getlocal(co, level, n)
      if not name then
        break
      elseif debug.getmetatable(value) == meta and type(value) == "userdata" then
        return value
      end
    end
  end
end

-- Those that are ready have their turn.
local function others_first()
  local latch = native.latch()
  native.spawn(function() latch:open() end)
  latch:wait()
end

-- What a task holds while it waits in `fn`; it goes on meanwhile.
local function held_by(fn)
  return function(meta)
    local co
    native.spawn(function()
      co = coroutine.running()
      pcall(fn)
    end)
    others_first()
    return co and held(co, meta)
  end
end

local item = 46761

local MAKERS = {
  ["omnitron.latch"] = native.latch,
  ["omnitron.outbox"] = function() return native.outbox("place:") end,
  ["omnitron.csv.rows"] = function() return csv.rows("lines.csv") end,
  ["omnitron.turn"] = function()
    return native.http.enter("a key " .. math.random(0), 1)
  end,
  ["omnitron.exchange"] = held_by(function()
    http.get(url .. "/api/i1/orders/")
  end),
  ["omnitron.api_call"] = held_by(function()
    omnitron.get("/api/i1/orders/")
  end),
  ["omnitron.api_knock"] = false, -- of a log-in alone
  ["omnitron.asking"] = held_by(function() omnitron.recall("x") end),
  ["omnitron.releasing"] = held_by(function()
    item = item + 1
    omnitron.release { order_item_id = item, code = "SO/" .. item }
  end),
  ["omnitron.fs.files"] = false, -- of one call alone
  ["omnitron.would"] = function()
    local meta = registry["omnitron.would"]
    return debug.setmetatable({ would = 1 }, meta)
  end,
  ["json.array"] = function() return json.array() end,
  ["FILE*"] = io.tmpfile,
  ["_UBOX*"] = false, -- Lua's own, of a text that grows
}

local NO_METHODS = { __index = true, __name = true, __metatable = true }

-- The functions of a type by name, sorted.
local function methods_of(meta)
  local names, all = {}, {}
  for name, value in next, meta do
    if type(name) == "string" and type(value) == "function"
      and not NO_METHODS[name] then
      all[name] = value
    end
  end
  local index = rawget(meta, "__index")
  for name, value in next, type(index) == "table" and index or {} do
    all[name] = type(value) == "function" and value or nil
  end
  for name in next, all do
    names[#names + 1] = name
  end
  table.sort(names)
  return names, all
end

local function types()
  local names = {}
  for key, meta in next, registry do
    if type(key) == "string" and type(meta) == "table"
      and rawget(meta, "__name") == key then
      names[#names + 1] = key
    end
  end
  table.sort(names)
  return names
end

-- Its methods, each with odd things behind it.
local function sequence(all, object, ...)
  for _, name in ipairs { ... } do
    pcall(all[name], object, {}, 1, "x", { a = 1 }, 1)
    pcall(all[name], object)
  end
end

local function try_all(name, meta)
  local names, all = methods_of(meta)
  for _, place in next, PLACES do
    for _, a in ipairs(names) do
      for _, b in ipairs(names) do
        for _, c in ipairs(names) do
          native.work_anew()
          local object = MAKERS[name](meta)
          if object then
            place(function() sequence(all, object, a, b, c) end)
          end
        end
      end
    end
  end
end

-- What waits, and who may wake, resume and close it.

local function refused(pattern, fn, ...)
  local ok, why = pcall(fn, ...)
  if ok or not tostring(why):find(pattern, 1, true) then
    error(tostring(why) .. " instead of: " .. pattern, 2)
  end
end

local function one_waits()
  local latch, woken = native.latch(), 0
  native.spawn(function()
    latch:wait()
    woken = woken + 1
  end)
  others_first()
  refused("another task", latch.wait, latch)
  table.sort({ 1, 2 }, function()
    refused("cannot wait here", latch.wait, latch)
    refused("cannot wait here", native.latch().wait, native.latch())
    return false
  end)
  for _ = 1, 3 do
    latch:open()
  end
  others_first()
  latch:open()
  others_first()
  assert(woken == 1, "it was woken " .. woken .. " times")
end

local function nobody_resumes()
  local latch, inner, own = native.latch(), nil, nil
  native.spawn(function()
    own = coroutine.running()
    inner = coroutine.create(function() latch:wait() end)
    assert(coroutine.resume(inner))
  end)
  others_first()
  for _, co in ipairs { own, inner } do
    assert(native.status(co) == "normal" and coroutine.status(co) == "normal")
    assert(not native.resume(co, 1) and not coroutine.resume(co, 1))
    refused("cannot close", native.close, co)
  end
  refused("waiting in another", coroutine.close, inner)
  latch:open()
  others_first()
  assert(coroutine.status(own) == "dead" and coroutine.status(inner) == "dead")
  assert(coroutine.close(own) and coroutine.close(inner))
end

-- Only with native: what is parked is given up, and goes on all the same.
local function given_up()
  local latch = native.latch()
  local co = coroutine.create(function() return latch:wait() or "woken" end)
  assert(native.resume(co))
  refused("waits already", sleep, 0)
  native.forget_wait()
  local ok, why = native.resume(co)
  assert(not ok and tostring(why):find("has not ended", 1, true), why)
  co = coroutine.create(function() return latch:wait() or "woken" end)
  assert(native.resume(co))
  latch:open() -- this task runs, and is not queued for it
  ok, why = native.resume(co)
  assert(ok and why == "woken")
end

local all = types()

-- Of the n-th type; raises what is wrong with it, or that there is none. Of
-- waiting for 0.
return function(n)
  if n == 0 then
    one_waits()
    nobody_resumes()
    given_up()
    return
  end
  local name = all[n] or error("no more types")
  local meta = registry[name]
  if MAKERS[name] == nil then
    error("nobody here knows how to make a " .. name)
  elseif MAKERS[name] and rawget(meta, "__metatable") ~= false then
    error("scripts get the metatable of " .. name)
  end
  if MAKERS[name] then
    assert(MAKERS[name](meta), name .. " was not made")
    try_all(name, meta)
  end
end
