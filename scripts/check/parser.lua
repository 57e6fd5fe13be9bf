-- parser.lua: the tree of a Lua 5.4 chunk, with each name bound to its local.
--
-- For chunks that Lua itself has compiled. A node has a `kind`, its first and
-- last byte (`at`, `last`), and its children in order as a list:
--
--   name      name, var (its local; nil: a global), scope; hidden: it is a
--             field of a local _ENV
--   index     key (a constant text), key_at; [1] the table, [2] the key
--   call      method; [1] the function or the object, then the arguments
--   function  returns (its return statements), then its statements
--   table     of items: key (a constant text) or place (a position);
--             [1] the value, [2] a computed key
--   constant  type, value
--   binary    op
--   local     vars, then the values
--   assign    targets (how many), then these, then the values
--   and unary, paren, vararg, return, block: children only
--
-- Every node but a constant has `fn`, the function that it is in. A local
-- has a name, `at`, `init` (what it was made from), `assigned` (again, later),
-- and `writes`, the assignments to fields of it: { key, at, value }.

local lex, statements = ...

local Parser = {}
Parser.__index = Parser

-- Tokens.

function Parser:peek(kind)
  return self.token.type == kind
end

function Parser:next()
  local token = self.token
  self.last = token.last
  self.n = self.n + 1
  self.token = self.tokens[self.n]
  return token
end

function Parser:take(kind)
  return self.token.type == kind and self:next()
end

-- Nodes and scopes.

function Parser:node(kind, at)
  return { kind = kind, at = at or self.token.at, fn = self.fn }
end

function Parser:done(node)
  node.last = self.last
  return node
end

function Parser:open()
  self.scope = { parent = self.scope, outer = self.scope }
end

function Parser:close()
  self.scope = self.scope.outer
end

-- A later local of the same name hides the one before it from here on only;
-- so each has a scope of its own.
function Parser:declare(name, at, init)
  local var = { name = name, at = at, init = init, fn = self.fn, writes = {} }
  self.scope.parent = { parent = self.scope.parent, name = self.scope.name,
    var = self.scope.var }
  self.scope.name, self.scope.var = name, var
  self.locals[#self.locals + 1] = var
  return var
end

local function find(scope, name)
  while scope do
    if scope.name == name then
      return scope.var
    end
    scope = scope.parent
  end
end

function Parser:name_node(token)
  local node = self:node("name", token.at)
  node.name = token.value
  node.var = find(self.scope, token.value)
  node.hidden = not node.var and find(self.scope, "_ENV") ~= nil
  node.scope = self:visible()
  return self:done(node)
end

-- The scopes as they are now: the innermost one changes with each local.
function Parser:visible()
  local scope = self.scope
  return { parent = scope.parent, name = scope.name, var = scope.var }
end

-- Expressions.

local BINARY = { ["or"] = { 1, 1 }, ["and"] = { 2, 2 }, ["<"] = { 3, 3 },
  [">"] = { 3, 3 }, ["<="] = { 3, 3 }, [">="] = { 3, 3 }, ["~="] = { 3, 3 },
  ["=="] = { 3, 3 }, ["|"] = { 4, 4 }, ["~"] = { 5, 5 }, ["&"] = { 6, 6 },
  ["<<"] = { 7, 7 }, [">>"] = { 7, 7 }, [".."] = { 9, 8 }, ["+"] = { 10, 10 },
  ["-"] = { 10, 10 }, ["*"] = { 11, 11 }, ["/"] = { 11, 11 },
  ["//"] = { 11, 11 }, ["%"] = { 11, 11 }, ["^"] = { 14, 13 } }
local UNARY = { ["not"] = true, ["-"] = true, ["#"] = true, ["~"] = true }
local UNARY_PRIORITY = 12

function Parser:item(place)
  local node = self:node("item")
  if self:take("[") then
    local key = self:expression()
    self:take("]")
    self:take("=")
    node.key = key.kind == "constant" and key.type == "string" and key.value
      or nil
    node[1], node[2] = self:expression(), key
  elseif self:peek("name") and self.tokens[self.n + 1].type == "=" then
    node.key = self:next().value
    node.key_last = self.last
    self:take("=")
    node[1] = self:expression()
  else
    node.place = place
    node[1] = self:expression()
  end
  return self:done(node)
end

function Parser:table()
  local node = self:node("table")
  local place = 1
  self:take("{")
  while not self:take("}") do
    local item = self:item(place)
    place = item.place and place + 1 or place
    node[#node + 1] = item
    if not self:take(",") then
      self:take(";")
    end
  end
  return self:done(node)
end

function Parser:arguments(call)
  if self:peek("string") then
    call[#call + 1] = self:constant()
  elseif self:peek("{") then
    call[#call + 1] = self:table()
  elseif self:take("(") then
    if not self:peek(")") then
      self:expressions(call)
    end
    self:take(")")
  end
  return self:done(call)
end

function Parser:constant()
  local node = self:node("constant")
  local token = self:next()
  node.type, node.value = token.type, token.value
  if token.type == "true" or token.type == "false" then
    node.type, node.value = "boolean", token.type == "true"
  end
  return self:done(node)
end

function Parser:primary()
  if self:peek("name") then
    return self:name_node(self:next())
  end
  local node = self:node("paren")
  self:take("(")
  node[1] = self:expression()
  self:take(")")
  return self:done(node)
end

function Parser:index(object)
  local node = self:node("index", object.at)
  node[1] = object
  if self:take(".") then
    node.key_at = self.token.at
    node.key = self:next().value
    return self:done(node)
  end
  self:take("[")
  node.key_at = self.token.at
  node[2] = self:expression()
  if node[2].kind == "constant" and node[2].type == "string" then
    node.key = node[2].value
  end
  self:take("]")
  return self:done(node)
end

function Parser:call(fn)
  local node = self:node("call", fn.at)
  node[1] = fn
  if self:take(":") then
    node.key_at = self.token.at
    node.method = self:next().value
  end
  return self:arguments(node)
end

local SUFFIX = { ["."] = "index", ["["] = "index", [":"] = "call",
  ["("] = "call", ["{"] = "call", string = "call" }

function Parser:suffixed()
  local node = self:primary()
  while SUFFIX[self.token.type] do
    node = self[SUFFIX[self.token.type]](self, node)
  end
  return node
end

local CONSTANTS = { string = true, number = true, ["nil"] = true,
  ["true"] = true, ["false"] = true }

function Parser:simple()
  local kind = self.token.type
  if CONSTANTS[kind] then
    return self:constant()
  elseif kind == "{" then
    return self:table()
  elseif kind == "function" then
    local at = self:next().at
    return self:body(at)
  elseif kind == "..." then
    local node = self:node("vararg")
    self:next()
    return self:done(node)
  end
  return self:suffixed()
end

function Parser:expression(limit)
  limit = limit or 0
  local node
  if UNARY[self.token.type] then
    node = self:node("unary")
    node.op = self:next().type
    node[1] = self:expression(UNARY_PRIORITY)
    self:done(node)
  else
    node = self:simple()
  end
  local power = BINARY[self.token.type]
  while power and power[1] > limit do
    local binary = self:node("binary", node.at)
    binary.op = self:next().type
    binary[1], binary[2] = node, self:expression(power[2])
    node = self:done(binary)
    power = BINARY[self.token.type]
  end
  return node
end

function Parser:expressions(node)
  repeat
    node[#node + 1] = self:expression()
  until not self:take(",")
end

-- Functions and blocks.

function Parser:parameters()
  self:take("(")
  while not self:take(")") do
    local token = self:next()
    if token.type == "name" then
      self:declare(token.value, token.at)
    end
    self:take(",")
  end
end

-- From the parameters on.
function Parser:body(at, is_method)
  local node = self:node("function", at)
  local outer = self.fn
  node.returns = {}
  self.fn = node
  self:open()
  if is_method then
    self:declare("self", at)
  end
  self:parameters()
  self:statements(node)
  self:take("end")
  self:close()
  self.fn = outer
  return self:done(node)
end

Parser.statements = statements

function Parser:block(node)
  self:open()
  self:statements(node)
  self:close()
end

-- The tree of a chunk: a function. Its locals are a second result.
return function(text)
  local tokens = lex(text)
  local self = setmetatable({ tokens = tokens, n = 1, token = tokens[1],
    last = 0, locals = {} }, Parser)
  local main = self:node("function", 1)
  main.returns = {}
  self.fn = main
  self:open()
  self:statements(main)
  return self:done(main), self.locals
end
