-- main.lua: omnitron check. Runs in a state that has all a script has, so
-- that what is looked up is what a script would find; runs no script.

local parts, host = ...

local suggest = parts.suggest()
local lex = parts.lexer()
local parse = parts.parser(lex, parts.statements())
local new_world = parts.world(parse)
local explain = parts.syntax(lex)
local check_names = parts.names(suggest)
local check_releases = parts.releases(suggest)
local render = parts.findings()

local function check_syntax(world)
  for _, file in ipairs(world.files) do
    if file.why then
      local message, line, at, last = explain(file.text, file.why)
      world.found[#world.found + 1] = { file = file, message = message,
        line = line, at = at, last = last }
    end
  end
end

-- Functions that files of one kind have besides.
local function allowed_in(path)
  return path:find("_test%.lua$") and { test = true } or {}
end

local function check(path, settings)
  local world = new_world(path, settings)
  world.allowed = allowed_in(path)
  world.has_profile = host.has_profile
  world.explicit_stock = host.explicit_stock
  check_syntax(world)
  check_names(world)
  check_releases(world)
  return world
end

-- What luacheck said: FILE:LINE:FROM-TO: (CODE) message.
local function add_luacheck(text, by_path, found)
  for line in text:gmatch("[^\n]+") do
    local path, number, from, to, message =
      line:match("^(.-):(%d+):(%d+)%-(%d+): %(%w+%) (.*)$")
    local file = by_path[path]
    if file then
      local start = 1
      for _ = 2, tonumber(number) do
        start = (file.text:find("\n", start, true) or #file.text) + 1
      end
      found[#found + 1] = { file = file, message = message .. " (luacheck)",
        line = tonumber(number), at = math.min(start + from - 1,
          #file.text + 1), last = math.min(start + to - 1, #file.text) }
    end
  end
end

local function our_names()
  local names = {}
  for name in pairs(_G) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local found, by_path, paths = {}, {}, {}
local settings = { cache = {}, modules = {} }
for _, name in ipairs(host.modules) do
  settings.modules[name] = true
end
local function add_files(files)
  for _, file in ipairs(files) do
    if file.tree and not by_path[file.path] then
      by_path[file.path] = file
      paths[#paths + 1] = file.path
    end
  end
end

for _, path in ipairs(host.scripts) do
  local is_profile = path:match("[^/]*$") == "profile.lua" -- which was read
  local world = not is_profile and check(path, settings)
  if world and world.main.unreadable then
    return nil, "cannot open " .. world.main.unreadable
  elseif world then
    table.move(world.found, 1, #world.found, #found + 1, found)
    add_files(world.files)
  end
end
local said = #paths > 0 and host.luacheck(paths, our_names())
if said then
  add_luacheck(said, by_path, found)
end
local text, count = render(found)
for _, name in ipairs(host.modules) do
  if settings.modules[name] == "used" then
    text = text .. name .. " is a C module: what it does is not known here, "
      .. "and a plan cannot hold it back\n"
  end
end
return text, count, #paths
