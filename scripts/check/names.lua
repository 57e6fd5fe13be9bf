-- names.lua: globals that are never defined, globals that should be locals,
-- and fields that a library does not have.

local tree, suggest = ...

-- Plain Lua has them; scripts of omnitron do not.
local TAKEN = { debug = true, ["os.execute"] = true, ["os.exit"] = true,
  ["os.setlocale"] = true, ["os.tmpname"] = true, ["io.popen"] = true,
  ["package.path"] = true, ["package.cpath"] = true,
  ["package.searchers"] = true, ["package.loadlib"] = true,
  ["package.searchpath"] = true }

-- What may be asked of _G without learning names from elsewhere.
local HARMLESS = { [pairs] = true, [next] = true, [rawget] = true,
  [type] = true, [tostring] = true, [rawequal] = true }

-- Functions by which a script can define any global.
local CHUNKS = { [dofile] = true, [loadfile] = true, [load] = true }

local LIBRARIES = {}
for name, value in pairs(_G) do
  if type(value) == "table" and name ~= "_G" then
    LIBRARIES[value] = name
  end
end

-- Uses of globals: { file, name, at, last, write, top }; `top`: outside of
-- functions. Those by name are luacheck's warnings.

local WRITES = { ["111"] = true, ["121"] = true }
local READS = { ["112"] = true, ["113"] = true }
local ENVIRONMENTS = { _G = true, _ENV = true }

local function add_warned(world, file)
  for _, warning in ipairs(file.warnings) do
    local write = WRITES[warning.code]
    if (write or READS[warning.code]) and not ENVIRONMENTS[warning.name]
      and not tree.is_hidden(file, warning.at) then
      world.uses[#world.uses + 1] = { file = file, name = warning.name,
        at = warning.at, last = warning.last, write = write,
        top = warning.top }
    end
  end
end

local function add_field(world, index)
  local key = index[2]
  world.uses[#world.uses + 1] = { file = index.file, name = key[1],
    at = key.offset, last = index.end_offset, write = index.target,
    top = index.fn == index.file.tree }
end

-- _G or _ENV themselves. Where they go somewhere, anything may be defined.
local function note_environment(world, node, parent)
  if node.target then
    world.open = true
  elseif parent.tag == "Index" and parent[1] == node then
    if tree.key(parent) then
      add_field(world, parent)
    elseif parent.target then
      world.open = true
    end
  elseif parent.tag ~= "Call" or parent[1] == node
    or not HARMLESS[world:value(parent[1])] then
    world.open = true
  end
end

-- A chunk that is loaded with an environment of its own defines nothing here.
local function note_chunk(world, node)
  local fn = world:value(node[1])
  if CHUNKS[fn] and not (fn == load and node[5]
    or fn == loadfile and node[4]) then
    world.open = true
  end
end

local function is_environment(world, node)
  return node.tag == "Id" and not node.var and (node[1] == "_ENV"
    or node[1] == "_G" and world:is_global(node))
end

local function collect(world)
  world.uses = {}
  for _, file in ipairs(world.files) do
    if file.tree then
      add_warned(world, file)
      tree.walk(file.tree, function(node, parent)
        if node.tag == "Call" then
          note_chunk(world, node)
        elseif is_environment(world, node) then
          note_environment(world, node, parent)
        end
      end)
    end
  end
end

-- Names: where each is defined, and which of ours are written over.

local function note_write(world, name, top)
  world.written[name] = true
  world.defined[name] = world.defined[name] or top
end

local function note_writes(world)
  world.defined = {}
  for _, file in ipairs(world.files) do
    for _, set in ipairs(file.sets or {}) do
      if not tree.is_hidden(file, set.at) then
        note_write(world, set.name, set.top)
      end
    end
  end
  for _, use in ipairs(world.uses) do
    if use.write then
      note_write(world, use.name, use.top)
    end
  end
end

local function visible_names(use, world)
  local names = tree.seen_at(use.file, use.at)
  for name in pairs(_G) do
    names[name] = true
  end
  for name in pairs(world.written) do
    names[name] = true
  end
  return names
end

local function line_of(text, at)
  local _, breaks = text:sub(1, at - 1):gsub("\n", "")
  return breaks + 1
end

-- A local of that name which is not to be seen from there.
local function hidden_local(use)
  for _, one in ipairs(use.file.locals) do
    if one.name == use.name then
      return ("; the local %s of line %d is not seen here"):format(use.name,
        line_of(use.file.text, one.at))
    end
  end
end

local function undefined(world, use)
  if TAKEN[use.name] then
    return use.name .. " is not for scripts"
  elseif use.name == "later" then
    return 'later is never defined; write: "later"'
  end
  return use.name .. " is never defined" .. (hidden_local(use)
    or suggest(use.name, visible_names(use, world)))
end

local function overwritten(use)
  local what = LIBRARIES[_G[use.name]] and "a module" or "a function"
  return ("%s is %s that others need, too; write: local %s"):format(use.name,
    what, use.name)
end

-- One of them, or nil.
local function mistake(world, use)
  local ours = _G[use.name] ~= nil or use.name == "_ENV"
  if use.write and ours then
    return use.name ~= "arg" and overwritten(use) or nil
  elseif use.write and not world.defined[use.name] then
    return ("%s is a global, shared by all rows; write: local %s"):format(
      use.name, use.name)
  elseif not use.write and not ours and not world.written[use.name]
    and not world.open then
    return undefined(world, use)
  end
end

local function check_globals(world)
  for _, use in ipairs(world.uses) do
    local message = mistake(world, use)
    if message and not world.allowed[use.name] then
      world:find(use.file, message, use.at, use.last)
    end
  end
end

-- Fields.

local Fields = {}
Fields.__index = Fields

function Fields:name_of(object)
  if object == self.world.client then
    return "a client of http"
  end
  return LIBRARIES[object]
end

function Fields:message(name, object, key)
  if TAKEN[name .. "." .. key] then
    return name .. "." .. key .. " is not for scripts"
  elseif object == settings then
    return ("the profile's settings have no %q%s"):format(key,
      suggest(key, object))
  end
  return ("%s has no %q%s"):format(name, key, suggest(key, object))
end

-- A table of ours that the key is asked of.
function Fields:object(node)
  local object = self.world:value(node[1])
  if type(object) ~= "table" or object == arg or object == _G
    or object == settings and not self.world.has_profile then
    return nil
  end
  return self:name_of(object) and object
end

function Fields:note(node)
  local key = tree.key(node)
  local object = key and node.target and self:object(node)
  if object then
    self.added[object] = self.added[object] or {}
    self.added[object][key] = true
  end
end

function Fields:check(node)
  local key = tree.key(node)
  local object = key and not node.target and self:object(node)
  local added = object and self.added[object]
  if object and rawget(object, key) == nil and not (added and added[key]) then
    local at = node[2].offset
    self.world:find(node.file, self:message(self:name_of(object), object, key),
      at, at + #key - 1)
  end
end

local function check_fields(world)
  local self = setmetatable({ world = world, added = {} }, Fields)
  for _, how in ipairs { "note", "check" } do
    for _, file in ipairs(world.files) do
      if file.tree then
        tree.walk(file.tree, function(node)
          if node.tag == "Index" or node.tag == "Invoke" then
            self[how](self, node)
          end
        end)
      end
    end
  end
end

return function(world)
  collect(world)
  note_writes(world)
  check_globals(world)
  check_fields(world)
end
