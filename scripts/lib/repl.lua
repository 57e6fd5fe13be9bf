-- repl.lua: lines typed by a person: read, run, shown; what Tab knows; and
-- the doors that are open while releases are real.

local native, libraries = ...

local error, load, next, pack, tostring, type, xpcall =
  error, load, next, table.pack, tostring, type, xpcall
local _G, io, os, omnitron = _G, _G.io, _G.os, native.omnitron
local show = libraries.repl_show(native)

local repl = { complete = libraries.repl_complete(native) }
local chunk

local function wants_more(why)
  return why:find("near <eof>", 1, true) ~= nil
end

-- "ready"; "more": it goes on in the next line; or what is wrong. `line` is
-- the number of its first line.
function repl.read(text, line)
  local before = ("\n"):rep(line - 1)
  local why, why_not
  chunk, why_not = load(before .. "return " .. text .. "\n", "@repl", "t")
  if not chunk then
    chunk, why = load(before .. text .. "\n", "@repl", "t")
  end
  if chunk then
    return "ready"
  end
  return (wants_more(why) or wants_more(why_not)) and "more" or why
end

local function as_text(e)
  if native.has_words(e) then
    return (tostring(e):gsub("^omnitron:%d+: ", ""))
  end
  return "an error that is no text: " .. show.line(e)
end

-- Runs what was read; the text of its results, "" when there are none. With
-- `rows` 0 it is as long as it comes.
function repl.run(columns, rows)
  local results = pack(xpcall(chunk, as_text))
  chunk = nil
  if not results[1] then
    error(results[2], 0)
  elseif results.n == 1 then
    return ""
  end
  _G._ = results[2]
  return show.results(results, columns, rows)
end

-- Plan and live. What writes is a plan's refusal or Lua's own; stdout is free
-- for the script in both.

local names = { os = { "remove", "rename" },
  io = { "open", "output", "tmpfile" } }

local function doors()
  local set = { os = {}, io = {} }
  for module, list in next, names do
    for _, name in next, list do
      set[module][name] = _G[module][name]
    end
  end
  return set
end

local stdout, live_doors = io.stdout, doors()
libraries.planning()
io.stdout = stdout
io.output(stdout)
local plan_doors = doors()

function repl.set_live(live)
  for module, set in next, live and live_doors or plan_doors do
    local to = module == "os" and os or io
    for name, fn in next, set do
      to[name] = fn
    end
  end
  native.planning = not live
  omnitron.planning = not live
end

return repl
