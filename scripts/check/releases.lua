-- releases.lua: releases that are written out: given to omnitron.release, or
-- returned by a rule.
--
-- A rule is what omnitron.release_all is given or a script returns, and each
-- function whose result a rule returns.

local tree, suggest = ...

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

local KINDS = { String = "string", Number = "number", True = "boolean",
  False = "boolean", Nil = "nil", Table = "table", Function = "function" }

-- The kind of a literal, and a number's value; nil: it is none.
local function literal(node)
  return KINDS[node.tag], node.tag == "Number" and tonumber(node[1]) or nil
end

function Releases:field(file, key, at, last, value)
  if not FIELDS[key] then
    self.world:find(file, ("a release has no field %q%s"):format(key,
      suggest(key, FIELDS)), at, last)
    return
  end
  local kind, number = nil, nil
  if value then
    kind, number = literal(value)
  end
  local wanted = kind and WRONG[key](kind, number)
  if wanted then
    self.world:find_node(value, ("%s must be %s, not a %s"):format(key, wanted,
      math.type(number) == "float" and "float" or kind))
  end
end

function Releases:missing(node, has)
  for _, key in ipairs { "order_item_id", "code", "update_stock" } do
    local needed = key ~= "update_stock" or self.world.explicit_stock
    if needed and not has[key] then
      self.world:find(node.file, key .. " is missing in this release"
        .. (key == "update_stock" and ': the profile wants it said '
          .. '(update_stock = "explicit")' or ""), node.offset, node.offset)
    end
  end
end

-- A table of which it is certain that it is a release.
function Releases:table(node, is_whole)
  if self.seen[node] then
    return
  end
  self.seen[node] = true
  local has, sure, place = {}, is_whole, 0
  for _, item in ipairs(node) do
    local key = tree.key(item)
    sure = sure and FIELDS[key]
    if item.tag ~= "Pair" then
      place = place + 1
      self.world:find_node(item, "a release has no field [" .. place .. "]")
    elseif key then
      has[key] = true
      self:field(item.file, key, item.offset, item[1].end_offset, item[2])
    end
  end
  if sure then
    self:missing(node, has)
  end
end

-- What is assigned to fields of a local that becomes a release.
function Releases:writes(var, file)
  for _, write in ipairs(var.writes or {}) do
    if write.key and not self.seen[write] then
      self.seen[write] = true
      self:field(file, write.key, write.at, write.last, write.value)
    end
  end
end

function Releases:release(node)
  local var = node.tag == "Id" and node.var
  local found = self.world:resolve(node)
  if found.tag == "Table" then
    self:table(found, found == node)
    if var then
      self:writes(var, node.file)
    end
  end
end

local function is_list(node)
  return node[1] ~= nil and node[1].tag ~= "Pair"
end

function Releases:list(node, var)
  for _, item in ipairs(node) do
    if item.tag ~= "Pair" then
      self:release(item)
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
  local op = node.tag == "Op" and node[1]
  if node.tag == "Paren" then
    return self:result(node[1])
  elseif op == "or" or op == "and" then
    if op == "or" then
      self:result(node[2])
    end
    return self:result(node[3])
  elseif node.tag == "Call" then
    return self:rule(node[1])
  end
  local found = self.world:resolve(node)
  if found.tag ~= "Table" then
    return
  end
  local var = node.tag == "Id" and node.var
  local first = var and var.writes and var.writes[1]
  if is_list(found) or #found == 0 and not (first and first.key) then
    self:list(found, var)
  else
    self:release(node)
  end
end

function Releases:rule(node)
  local fn = self.world:resolve(node)
  if fn.tag ~= "Function" or self.seen[fn] then
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
  return fn.tag == "Index" and tree.key(fn) == "rule" and fn[1].tag == "Id"
    and fn[1][1] == "test" and not fn[1].var
end

-- A module that is to be the rule, and whose file returns nothing.
function Releases:module(node)
  local call = node.tag == "Id" and node.var and tree.made_from(node.var)
    or node
  local file = call.tag == "Call" and call.module
  if file and file.tree and not file.tree.returns[1] then
    self.world:find_node(call, ("%s returns nothing: end it with a return of "
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
      tree.walk(file.tree, function(node)
        if node.tag == "Call" then
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
