-- planning.lua: a plan writes nothing anywhere, so what Lua itself could
-- write with is taken away; what remains of io goes to stderr, since stdout
-- is the plan's table.

local error, ipairs, tostring, type = error, ipairs, tostring, type
local io, os = _G.io, _G.os

local function refuse(name)
  return function(path)
    error(("a plan writes nothing: %s(%s) is for a run"):format(name,
      path == nil and "" or ("%q"):format(tostring(path))), 2)
  end
end

for _, name in ipairs { "remove", "rename" } do
  os[name] = refuse("os." .. name)
end

local open, output = io.open, io.output
local refuse_open, refuse_output = refuse("io.open"), refuse("io.output")

function io.open(path, mode)
  if mode ~= nil and mode ~= "r" and mode ~= "rb" then
    return refuse_open(path)
  end
  return open(path, mode)
end

function io.output(file)
  if type(file) == "string" then
    return refuse_output(file)
  end
  return output(file)
end

io.tmpfile = refuse("io.tmpfile")
io.stdout = io.stderr
output(io.stderr)
