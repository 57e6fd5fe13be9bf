-- prelude.lua: what every script finds before its first line.
--
-- Runs once in a fresh state with the host's native functions. It lets the
-- script's own coroutines wait, takes away what is not safe, and gives
-- require, release_all and each.
--
-- It finds copies of Lua's own functions here, as all built-in Lua does
-- (session/builtins.h). What a script sees is in _G, and nothing of ours
-- reads from there what it is going to call.

local native, libraries = ...

local co_create, co_resume, co_yield =
  coroutine.create, native.resume, coroutine.yield
local co_close, co_status = native.close, native.status
local co_running, co_isyieldable = coroutine.running, coroutine.isyieldable
local MARK = native.mark

-- Coroutines.
-- What waits yields MARK. It has to reach the task, through every coroutine
-- of the script in between.

local waiting = setmetatable({}, { __mode = "k" }) -- coroutine -> true

local ELSEWHERE = "this generator is waiting in another task"

-- When its task is ended meanwhile, what waits inside is closed with it.
local ENDED = { __close = function(self)
  if self.co then
    waiting[self.co] = nil
    co_close(self.co)
  end
end }

local function pass_on(co)
  local inner <close> = setmetatable({ co = co }, ENDED)
  waiting[co] = true
  co_yield(MARK)
  inner.co = nil
end

local function settle(co, ok, first, ...)
  if not ok or first ~= MARK then
    waiting[co] = nil
    return ok, first, ...
  end
  if not co_isyieldable() then
    native.forget_wait()
    co_close(co)
    error("cannot wait here: a generator inside a function that Lua itself "
      .. "calls (of sort, gsub) cannot be interrupted", 3)
  end
  pass_on(co)
  return settle(co, co_resume(co))
end

local function resume(co, ...)
  if waiting[co] then
    return false, ELSEWHERE
  end
  return settle(co, co_resume(co, ...))
end

local function unwrap(co, ok, ...)
  if ok then
    return ...
  end
  if not waiting[co] and co_status(co) == "dead" then
    co_close(co)
  end
  error(..., 0)
end

_G.coroutine.resume = resume

function _G.coroutine.wrap(fn)
  local co = co_create(fn)
  return function(...)
    return unwrap(co, resume(co, ...))
  end
end

function _G.coroutine.yield(...)
  if native.is_outermost() then
    error("attempt to yield from outside a coroutine", 2)
  end
  return co_yield(...)
end

function _G.coroutine.isyieldable(...)
  if select("#", ...) > 0 then
    return co_isyieldable(...)
  end
  return co_isyieldable() and not native.is_outermost()
end

function _G.coroutine.running()
  local co, main = co_running()
  return co, main or native.is_outermost()
end

-- What waits goes on by itself, and nobody else can resume it.
function _G.coroutine.status(co)
  local status = co_status(co)
  return status == "suspended" and waiting[co] and "normal" or status
end

function _G.coroutine.close(co)
  if waiting[co] then
    error(ELSEWHERE, 2)
  end
  return co_close(co)
end

-- Chunks: text only.

local lua_load = load

local function load(chunk, name, mode, ...)
  if mode ~= nil and not tostring(mode):find("t", 1, true) then
    return nil, "only text chunks are loaded"
  end
  return lua_load(chunk, name, "t", ...)
end

local function read_file(path)
  local text, why = native.read_file(path)
  if not text then
    return nil, "cannot open " .. why
  end
  return (text:gsub("^\239\187\191", ""):gsub("^#[^\n]*", ""))
end

local function loadfile(path, mode, ...)
  local text, why = read_file(path)
  if not text then
    return nil, why
  end
  local chunk, flaw = load(text, "@" .. path, mode, ...)
  if not chunk then
    return nil, native.explain_syntax(text, flaw)
  end
  return chunk
end

_G.load, _G.loadfile = load, loadfile

function _G.dofile(path)
  return assert(loadfile(path))()
end

-- require: beside the script, then the built-in library.

local loaded, loadlib, searchpath =
  package.loaded, package.loadlib, package.searchpath

-- The machine's own folders: none that is named from where the program runs.
local cpath = {}
for place in package.cpath:gmatch("[^;]+") do
  if place:sub(1, 1) == "/" then
    cpath[#cpath + 1] = place
  end
end
cpath = table.concat(cpath, ";")
local preload = {}

local function beside(name)
  local stem = name:gsub("%.", "/")
  for _, tail in ipairs { ".lua", "/init.lua" } do
    local path = native.script_folder .. stem .. tail
    local text = read_file(path)
    if text then
      local loader, why = lua_load(text, "@" .. stem .. tail, "t")
      if not loader then
        error(native.explain_syntax(text, why), 0)
      end
      return loader, path
    end
  end
end

-- What package.searchpath says, on one line.
local function places(why)
  local list = {}
  for path in why:gmatch("no file '([^']*)'") do
    list[#list + 1] = path
  end
  return table.concat(list, ", ")
end

local function load_c_module(name)
  local path, why = searchpath(name, cpath)
  if not path then
    error(("no C module %s, which the profile names: it is not installed as "
      .. "any of %s"):format(name, places(why)), 4)
  end
  local ok, flaw = native.check_module(path)
  if not ok then
    error("no C module " .. name .. ": " .. flaw, 4)
  end
  local open
  open, flaw = loadlib(path, "luaopen_" .. name:gsub("%.", "_"))
  if not open then
    error(("the C module %s cannot be loaded: %s"):format(name, flaw), 4)
  end
  native.note_c_module(name)
  return open, path
end

local function c_module(name)
  for _, allowed in ipairs(native.modules) do
    if allowed == name then
      return load_c_module(name)
    end
  end
end

function _G.require(name)
  if loaded[name] ~= nil then
    return loaded[name]
  end
  local loader, path = preload[name], ":preload:"
  if not loader then
    loader, path = beside(name)
  end
  if not loader then
    loader, path = c_module(name)
  end
  if not loader then
    error(("no module %q: neither %s%s.lua nor in the built-in library"):format(
      name, native.script_folder, (name:gsub("%.", "/"))), 2)
  end
  local value = loader(name, path)
  if value ~= nil then
    loaded[name] = value
  elseif loaded[name] == nil then
    loaded[name] = true
  end
  return loaded[name], path
end

_G.package = { loaded = loaded, preload = preload, config = package.config }
loaded.package = _G.package

_G.io.popen = nil
for _, name in ipairs { "execute", "exit", "setlocale", "tmpname" } do
  _G.os[name] = nil
end
_G.debug, loaded.debug = nil, nil

-- The built-in library.

local json, sleep, log = native.json, native.sleep, native.log

for _, name in ipairs { "json", "csv", "log", "sleep", "fs", "time", "omnitron",
    "settings" } do
  _G[name] = native[name]
end

-- A path beside the profile; what begins with a slash stays as it is.
function _G.here(path)
  if type(path) ~= "string" then
    error("here: the path must be a text, not a " .. type(path), 2)
  elseif path:sub(1, 1) == "/" then
    return path
  end
  return native.profile_folder .. path
end

local tries, may_pass = libraries.tries(sleep, native.retry_delay)
local away = libraries.away(native, may_pass)
_G.http = libraries.http(native.http, json, tries, libraries, away)
local source = libraries.rows_source(native)
libraries.rows(native, libraries.waiting(native.omnitron.known),
  libraries.cursor(native, source.words), source, away,
  libraries.order_number())
libraries.rule_files(native, away)
if libraries.api then
  local requests = libraries.api(native, json, tries, away)
  libraries.orders(native, json, log, requests,
    libraries.pages(native, json, requests))
end
if native.repl then
  native.repl = libraries.repl(native, libraries)
elseif native.planning then
  libraries.planning()
end
if native.test then
  _G.test = libraries.test(native, json, sleep, libraries.test_values(json))
  loaded.test = _G.test
end

for _, name in ipairs { "json", "csv", "fs", "time", "log", "http", "omnitron",
    "settings" } do
  loaded[name] = _G[name]
end
preload.cjson = native.cjson
