-- names.lua: globals that are never defined, globals that should be locals,
-- and fields that a library does not have.

local suggest = ...

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

local function is_environment(node)
  return node.kind == "name" and not node.var
    and (node.name == "_ENV" or node.name == "_G" and not node.hidden)
end

-- Each use of a global: { name, node, at, last, write, inside (a function) }.
local Uses = {}
Uses.__index = Uses

function Uses:add(name, node, at, last)
  local uses = self.world.uses
  uses[#uses + 1] = { name = name, node = node, at = at, last = last,
    write = self.targets[node], inside = node.fn ~= node.file.tree }
end

-- _G or _ENV themselves. Where they go somewhere, anything may be defined.
function Uses:environment(node, parent)
  if self.targets[node] then
    self.world.open = true
  elseif parent.kind == "index" and parent[1] == node then
    if not parent.key and self.targets[parent] then
      self.world.open = true
    end
  elseif parent.kind ~= "call" or parent[1] == node
    or not HARMLESS[self.world:value(parent[1])] then
    self.world.open = true
  end
end

-- A chunk that is loaded with an environment of its own defines nothing here.
function Uses:chunk(node)
  local fn = CHUNKS[self.world:value(node[1])] and self.world:value(node[1])
  if fn and not (fn == load and node[5] or fn == loadfile and node[4]) then
    self.world.open = true
  end
end

function Uses:visit(node, parent)
  if node.kind == "assign" then
    for i = 1, node.targets do
      self.targets[node[i]] = true
    end
  elseif node.kind == "call" then
    self:chunk(node)
  elseif is_environment(node) then
    self:environment(node, parent)
  elseif node.kind == "name" and not node.var and not node.hidden then
    self:add(node.name, node, node.at, node.last)
  elseif node.kind == "index" and node.key and is_environment(node[1]) then
    self:add(node.key, node, node.key_at, node.last)
  end
end

local function collect(world)
  local self = setmetatable({ world = world, targets = {} }, Uses)
  world.uses = {}
  for _, file in ipairs(world.files) do
    if file.tree then
      world.walk(file.tree, function(node, parent)
        self:visit(node, parent)
      end)
    end
  end
  world.targets = self.targets
end

-- Names: where each is defined, and which of ours are written over.
local function note_writes(world)
  world.defined = {}
  for _, use in ipairs(world.uses) do
    if use.write then
      world.written[use.name] = true
      world.defined[use.name] = world.defined[use.name] or not use.inside
    end
  end
end

local function visible_names(use, world)
  local names = {}
  for name in pairs(_G) do
    names[name] = true
  end
  for name in pairs(world.written) do
    names[name] = true
  end
  local scope = use.node.scope
  while scope do
    if scope.var and scope.var.at < use.at then
      names[scope.name] = true
    end
    scope = scope.parent
  end
  return names
end

local function line_of(text, at)
  local _, breaks = text:sub(1, at - 1):gsub("\n", "")
  return breaks + 1
end

-- A local of that name which is not to be seen from there.
local function hidden_local(use)
  local file = use.node.file
  for _, var in ipairs(file.locals) do
    if var.name == use.name then
      return ("; the local %s of line %d is not seen here"):format(use.name,
        line_of(file.text, var.at))
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
      world:find(use.node, use.at, message, use.last)
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
  local object = node.key and self.world.targets[node] and self:object(node)
  if object then
    self.added[object] = self.added[object] or {}
    self.added[object][node.key] = true
  end
end

function Fields:check(node)
  local key = node.kind == "index" and node.key or node.method
  local object = key and not self.world.targets[node] and self:object(node)
  local added = object and self.added[object]
  if object and rawget(object, key) == nil and not (added and added[key]) then
    self.world:find(node, node.key_at,
      self:message(self:name_of(object), object, key), node.key_at + #key - 1)
  end
end

local function check_fields(world)
  local self = setmetatable({ world = world, added = {} }, Fields)
  for _, how in ipairs { "note", "check" } do
    for _, file in ipairs(world.files) do
      if file.tree then
        world.walk(file.tree, function(node)
          if node.kind == "index" or node.kind == "call" and node.method then
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
