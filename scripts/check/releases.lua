-- releases.lua: releases that are written out: given to omnitron.release, or
-- returned by a rule.
--
-- A rule is what omnitron.release_all is given or a script returns, and each
-- function whose result a rule returns.

local suggest = ...

local FIELDS = { order_item_id = true, code = true, update_stock = true }

local Releases = {}
Releases.__index = Releases

-- A literal that a field can never be; nil: it may be right.
local WRONG = {
  order_item_id = function(kind, value)
    return kind ~= "string" and math.type(value) ~= "integer"
      and "an integer, or its digits" or nil
  end,
  code = function(kind) return kind ~= "string" and "a string" or nil end,
  update_stock = function(kind)
    return kind ~= "boolean" and kind ~= "nil" and "true or false" or nil
  end,
}

local function literal_kind(node)
  if node.kind == "constant" then
    return node.type
  elseif node.kind == "table" or node.kind == "function" then
    return node.kind
  end
end

function Releases:field(node, key, at, last, value)
  if not FIELDS[key] then
    self.world:find(node, at, ("a release has no field %q%s"):format(key,
      suggest(key, FIELDS)), last)
    return
  end
  local kind = value and literal_kind(value)
  local wanted = kind and WRONG[key](kind, value.value)
  if wanted then
    self.world:find(node, value, ("%s must be %s, not a %s"):format(key,
      wanted, math.type(value.value) == "float" and "float" or kind))
  end
end

function Releases:missing(node, has)
  for _, key in ipairs { "order_item_id", "code", "update_stock" } do
    local needed = key ~= "update_stock" or self.world.explicit_stock
    if needed and not has[key] then
      self.world:find(node, node.at, key .. " is missing in this release"
        .. (key == "update_stock" and ': the profile wants it said '
          .. '(update_stock = "explicit")' or ""))
    end
  end
end

-- A table of which it is certain that it is a release.
function Releases:table(node, is_whole)
  if self.seen[node] then
    return
  end
  self.seen[node] = true
  local has, sure = {}, is_whole
  for _, item in ipairs(node) do
    sure = sure and FIELDS[item.key]
    if item.key then
      has[item.key] = true
      self:field(item, item.key, item.at, item.key_last or item.last, item[1])
    elseif item.place then
      self.world:find(item, item.at, "a release has no field [" .. item.place
        .. "]")
    end
  end
  if sure then
    self:missing(node, has)
  end
end

-- What is assigned to fields of a local that becomes a release.
function Releases:writes(var, file)
  for _, write in ipairs(var.writes) do
    if write.key and not self.seen[write] then
      self.seen[write] = true
      self:field({ file = file }, write.key, write.at, write.last,
        write.value)
    end
  end
end

function Releases:release(node)
  local var = node.kind == "name" and node.var
  local found = self.world:resolve(node)
  if found.kind == "table" then
    self:table(found, found == node)
    if var then
      self:writes(var, node.file)
    end
  end
end

local function is_list(node)
  return node[1] ~= nil and node[1].place ~= nil
end

function Releases:list(node, var)
  for _, item in ipairs(node) do
    if item.place then
      self:release(item[1])
    end
  end
  for _, write in ipairs(var and var.writes or {}) do
    if not write.key and write.value then
      self:release(write.value)
    end
  end
end

-- What a rule returns.
function Releases:result(node)
  if node.kind == "paren" then
    return self:result(node[1])
  elseif node.kind == "binary" then
    if node.op == "or" then
      self:result(node[1])
    end
    return (node.op == "or" or node.op == "and") and self:result(node[2])
  elseif node.kind == "call" and not node.method then
    return self:rule(node[1])
  end
  local found = self.world:resolve(node)
  if found.kind ~= "table" then
    return
  end
  local var = node.kind == "name" and node.var
  local named = #found > 0 or var and var.writes[1] and var.writes[1].key
  if is_list(found) or not named then
    self:list(found, var)
  else
    self:release(node)
  end
end

function Releases:rule(node)
  local fn = self.world:resolve(node)
  if fn.kind ~= "function" or self.seen[fn] then
    return
  end
  self.seen[fn] = true
  for _, statement in ipairs(fn.returns) do
    if statement[1] then
      self:result(statement[1])
    end
  end
end

local function is_test_of_rule(fn)
  return fn.kind == "index" and fn.key == "rule" and fn[1].kind == "name"
    and fn[1].name == "test" and not fn[1].var
end

-- A module that is to be the rule, and whose file returns nothing.
function Releases:module(node)
  local call = node.kind == "name" and node.var and node.var.init or node
  local file = call.kind == "call" and call.module
  if file and file.tree and not file.tree.returns[1] then
    self.world:find(call, call, ("%s returns nothing: end it with a return of "
      .. "the rule"):format(file.path))
  end
end

function Releases:call(node)
  local fn = self.world:value(node[1])
  if fn == omnitron.release and node[2] then
    self:release(node[2])
  elseif fn == omnitron.release_all and node[3] then
    self:module(node[3])
    self:rule(node[3])
  elseif is_test_of_rule(node[1]) and node[2] then
    self:rule(node[2])
  end
end

return function(world)
  local self = setmetatable({ world = world, seen = {} }, Releases)
  for _, file in ipairs(world.files) do
    if file.tree then
      world.walk(file.tree, function(node)
        if node.kind == "call" and not node.method then
          self:call(node)
        end
      end)
    end
  end
  local rule = world:result_of(world.main)
  if rule then
    self:rule(rule)
  end
end
