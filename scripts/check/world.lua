-- world.lua: a script and the modules that it requires from beside it, and
-- what an expression in them stands for, as far as it can be told.

local parse = ...

local World = {}
World.__index = World

-- How far it is looked for what a name stands for, and a field of fields of
-- the library.
local DEEPEST, FIELDS_DEEPEST = 20, 6

-- Files.

local function blank_first_line(text)
  return (text:gsub("^\239\187\191", ""):gsub("^#[^\n]*", ""))
end

-- { path, text, tree, locals }, or one with `why`: it cannot be read or Lua
-- refuses it.
local function read(path, name)
  local handle, why = io.open(path, "rb")
  local text = handle and handle:read("a")
  if handle then
    handle:close()
  end
  if not text then
    return { path = path, unreadable = why or path .. " is no file" }
  end
  local file = { path = path, text = blank_first_line(text) }
  local ok, refused = load(file.text, "@" .. name, "t")
  if not ok then
    if refused == "not enough memory" then
      error(refused, 0)
    end
    file.why = refused
    return file
  end
  file.tree, file.locals = parse(file.text)
  return file
end

function World:read(path, name)
  local file = self.cache[path] or read(path, name)
  self.cache[path] = file
  return file
end

-- The tree, depth first: visit(node, parent). It may be deeper than calls of
-- Lua can be.
local function walk(tree, visit)
  local nodes, parents, n = { tree }, {}, 1
  while n > 0 do
    local node = nodes[n]
    visit(node, parents[n])
    n = n - 1
    for i = #node, 1, -1 do
      n = n + 1
      nodes[n], parents[n] = node[i], node
    end
  end
end

World.walk = walk

-- The module of a `require "name"`: its file, or nil when it is none from
-- beside the script.
function World:beside(name)
  local stem = self.folder .. name:gsub("%.", "/")
  for _, tail in ipairs { ".lua", "/init.lua" } do
    local file = self:read(stem .. tail, stem .. tail)
    if not file.unreadable then
      return file
    end
  end
end

local function constant_argument(call)
  local first = not call.method and call[2]
  if first and first.kind == "constant" and first.type == "string" then
    return first.value
  end
end

-- Adds a file and what it requires.
function World:add(file)
  if self.has[file] then
    return
  end
  self.has[file] = true
  self.cache.files = (self.cache.files or 0) + 1
  file.n = file.n or self.cache.files
  self.files[#self.files + 1] = file
  if not file.tree then
    return
  end
  walk(file.tree, function(node)
    node.file = file
  end)
  walk(file.tree, function(node)
    local name = node.kind == "call" and constant_argument(node)
    if name and self:value(node[1]) == require then
      self:require(node, name)
    end
  end)
end

function World:require(node, name)
  if package.loaded[name] ~= nil then
    node.library = package.loaded[name]
    return
  end
  local file = self:beside(name)
  if file then
    node.module = file
    self:add(file)
  elseif self.modules[name] then
    self.modules[name] = "used"
  elseif not package.preload[name] then
    self:find(node, node[2], ("no module %q: neither %s%s.lua nor in the "
      .. "built-in library"):format(name, self.folder,
      (name:gsub("%.", "/"))))
  end
end

-- What is found: with the place of a node, or of `from` to `to` in it.
function World:find(node, from, message, to)
  self.found[#self.found + 1] = { file = node.file, message = message,
    at = type(from) == "table" and from.at or from,
    last = to or type(from) == "table" and from.last or from }
end

-- Expressions.

-- The expression that a local, a pair of brackets, a required module or a
-- field of a known table stands for; itself when that cannot be told.
function World:resolve(node, depth)
  depth = (depth or 0) + 1
  if depth > DEEPEST then
    return node
  elseif node.kind == "paren" then
    return self:resolve(node[1], depth)
  elseif node.kind == "name" then
    local var = node.var
    return var and var.init and not var.assigned
      and self:resolve(var.init, depth) or node
  elseif node.kind == "call" and node.module then
    local result = self:result_of(node.module)
    return result and self:resolve(result, depth) or node
  elseif node.kind == "index" and node.key then
    local member = self:member(node, depth)
    return member and self:resolve(member, depth) or node
  end
  return node
end

-- What a module returns: an expression, or nil.
function World:result_of(file)
  local last = file.tree and file.tree.returns[#file.tree.returns]
  return last and last[1]
end

-- The local that holds a table, through other locals and modules.
function World:holder(node, depth)
  depth = (depth or 0) + 1
  if depth > DEEPEST then
    return nil
  elseif node.kind == "paren" then
    return self:holder(node[1], depth)
  elseif node.kind == "call" and node.module then
    local result = self:result_of(node.module)
    return result and self:holder(result, depth)
  elseif node.kind == "name" and node.var and not node.var.assigned then
    local init = node.var.init
    local further = init and init.kind ~= "table"
      and self:holder(init, depth)
    return further or node.var
  end
end

function World:member(node, depth)
  local holder = self:holder(node[1], depth)
  for _, write in ipairs(holder and holder.writes or {}) do
    if write.key == node.key then
      return write.value
    end
  end
  local object = self:resolve(node[1], depth)
  for _, item in ipairs(object.kind == "table" and object or {}) do
    if item.key == node.key then
      return item[1]
    end
  end
end

-- The library's own function or table that an expression is; nil when it is
-- none, or cannot be told.
function World:value(node, depth)
  depth = (depth or 0) + 1
  node = depth <= FIELDS_DEEPEST and self:resolve(node) or {}
  if node.kind == "name" then
    if not node.var and not node.hidden and not self.written[node.name] then
      return _G[node.name]
    end
  elseif node.kind == "index" and node.key then
    local object = self:value(node[1], depth)
    return type(object) == "table" and rawget(object, node.key) or nil
  elseif node.kind == "call" then
    if node.library ~= nil then
      return node.library
    elseif self:value(node[1], depth) == http.client then
      return self.client
    end
  end
end

-- settings: { modules = names of C modules, … }.
return function(path, settings)
  local self = setmetatable({ folder = path:match("^.*/") or "", files = {},
    has = {}, found = {}, written = {}, cache = settings.cache,
    modules = settings.modules, client = http.client {} }, World)
  self.main = self:read(path, path)
  self:add(self.main)
  return self
end
