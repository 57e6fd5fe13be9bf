-- world.lua: a script and the modules that it requires from beside it, and
-- what an expression in them stands for, as far as it can be told.

local tree = ...

local World = {}
World.__index = World

-- How far it is looked for what a name stands for, and a field of fields of
-- the library.
local DEEPEST, FIELDS_DEEPEST = 20, 6

-- Bytes of a file: what is larger is no script, and would take luacheck longer
-- than anybody waits.
local LARGEST = 8 << 20

-- Files.

local function blank_first_line(text)
  return (text:gsub("^\239\187\191", ""):gsub("^#[^\n]*", ""))
end

-- { path, text, … } as tree.lua gives it; or one with `unreadable`, or with
-- `why`: Lua refuses it.
local function read(path, name)
  local handle, why = io.open(path, "rb")
  local text = handle and handle:read("a")
  if handle then
    handle:close()
  end
  if not text then
    return { path = path, unreadable = why or path .. " is no file" }
  end
  if #text > LARGEST then
    return { path = path, text = "", why = "too large", refused = { line = 1,
      message = ("is larger than %d MiB, and not checked"):format(
        LARGEST >> 20) } }
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
  tree.grow(file)
  return file
end

function World:read(path, name)
  local file = self.cache[path]
  if not file then
    self.looking_at(path)
    file = read(path, name)
    self.cache[path] = file
  end
  return file
end

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
  local first = call[2]
  return first and first.tag == "String" and first[1] or nil
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
  tree.walk(file.tree, function(node)
    local name = node.tag == "Call" and constant_argument(node)
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
    self:find_node(node[2], ("no module %q: neither %s%s.lua nor in the "
      .. "built-in library"):format(name, self.folder,
      (name:gsub("%.", "/"))))
  end
end

-- What is found, from byte `at` to `last` of a file.
function World:find(file, message, at, last)
  self.found[#self.found + 1] = { file = file, message = message, at = at,
    last = last }
end

function World:find_node(node, message)
  self:find(node.file, message, node.offset, node.end_offset)
end

-- Expressions.

-- The expression that a local, a pair of brackets, a required module or a
-- field of a known table stands for; itself when that cannot be told.
function World:resolve(node, depth)
  depth = (depth or 0) + 1
  if depth > DEEPEST then
    return node
  elseif node.tag == "Paren" then
    return self:resolve(node[1], depth)
  elseif node.tag == "Id" then
    local made_from = node.var and tree.made_from(node.var)
    return made_from and self:resolve(made_from, depth) or node
  elseif node.tag == "Call" and node.module then
    local result = self:result_of(node.module)
    return result and self:resolve(result, depth) or node
  elseif node.tag == "Index" and tree.key(node) then
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
  elseif node.tag == "Paren" then
    return self:holder(node[1], depth)
  elseif node.tag == "Call" and node.module then
    local result = self:result_of(node.module)
    return result and self:holder(result, depth)
  elseif node.tag == "Id" and node.var and not tree.is_assigned(node.var) then
    local made_from = tree.made_from(node.var)
    local further = made_from and made_from.tag ~= "Table"
      and self:holder(made_from, depth)
    return further or node.var
  end
end

function World:member(node, depth)
  local key = tree.key(node)
  local holder = self:holder(node[1], depth)
  for _, write in ipairs(holder and holder.writes or {}) do
    if write.key == key then
      return write.value
    end
  end
  local object = self:resolve(node[1], depth)
  for _, item in ipairs(object.tag == "Table" and object or {}) do
    if item.tag == "Pair" and tree.key(item) == key then
      return item[2]
    end
  end
end

-- Whether a node is the name of a global.
function World:is_global(node)
  return node.tag == "Id" and not node.var
    and not tree.is_hidden(node.file, node.offset)
end

-- The library's own function or table that an expression is; nil when it is
-- none, or cannot be told.
function World:value(node, depth)
  depth = (depth or 0) + 1
  node = depth <= FIELDS_DEEPEST and self:resolve(node) or {}
  local key = tree.key(node)
  if node.tag == "Id" then
    if self:is_global(node) and not self.written[node[1]] then
      return _G[node[1]]
    end
  elseif node.tag == "Index" and key then
    local object = self:value(node[1], depth)
    return type(object) == "table" and rawget(object, key) or nil
  elseif node.tag == "Call" then
    if node.library ~= nil then
      return node.library
    elseif self:value(node[1], depth) == http.client then
      return self.client
    end
  end
end

-- settings: { modules = names of C modules, looking_at = called with the path
-- of a file before it is read, … }.
return function(path, settings)
  local self = setmetatable({ folder = path:match("^.*/") or "", files = {},
    has = {}, found = {}, written = {}, cache = settings.cache,
    modules = settings.modules, looking_at = settings.looking_at,
    client = http.client {} }, World)
  self.main = self:read(path, path)
  self:add(self.main)
  return self
end
