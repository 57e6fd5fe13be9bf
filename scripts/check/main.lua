-- main.lua: omnitron check. Runs in a state that has all a script has, so
-- that what is looked up is what a script would find; runs no script.

local host = ...

local function part(name, ...)
  return host.part("check/" .. name .. ".lua")(...)
end

local suggest = part "suggest"
local luacheck = part("luacheck", host.part, host.luacheck_globals)
local tree = part("tree", luacheck)
local new_world = part("world", tree)
local explain = part("syntax", luacheck, host.explain_syntax)
local check_names = part("names", tree, suggest)
local check_releases = part("releases", tree, suggest)
local render = part "findings"

local function check_syntax(world)
  for _, file in ipairs(world.files) do
    local found = file.refused
    if file.why and not found then
      local message, line, at, last = explain(file.text, file.why)
      found = { message = message, line = line, at = at, last = last }
    end
    if found then
      found.file = file
      world.found[#world.found + 1] = found
    end
  end
end

-- Functions that files of one kind have besides.
local function allowed_in(path)
  return path:find("_test%.lua$") and { test = true } or {}
end

local function check(path, settings)
  local world = new_world(path, settings)
  host.looking_at(path) -- again, after its modules
  world.allowed = allowed_in(path)
  world.has_profile = host.has_profile
  world.explicit_stock = host.explicit_stock
  check_syntax(world)
  check_names(world)
  check_releases(world)
  return world
end

-- What luacheck says of a file, but of its globals (names.lua), and of a local
-- _ENV, of which it does not know that every global uses it.
local function add_warnings(file, found)
  for _, warning in ipairs(file.warnings or {}) do
    if not warning.code:find("^1") and warning.name ~= "_ENV" then
      found[#found + 1] = { file = file, at = warning.at, last = warning.last,
        message = luacheck.message(warning) }
    end
  end
end

local settings = { cache = {}, modules = {}, looking_at = host.looking_at }
for _, name in ipairs(host.modules) do
  settings.modules[name] = true
end

local found, counted, count = {}, {}, 0
local function add_files(files)
  for _, file in ipairs(files) do
    if not file.why and not counted[file] then
      counted[file] = true
      count = count + 1
      add_warnings(file, found)
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
local text, many = render(found)
for _, name in ipairs(host.modules) do
  if settings.modules[name] == "used" then
    text = text .. name .. " is a C module: what it does is not known here, "
      .. "and a plan cannot hold it back\n"
  end
end
return text, many, count
