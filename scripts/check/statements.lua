-- statements.lua: the statements of a chunk, by their first word; see
-- parser.lua.

local STATEMENTS = {}
local BLOCK_ENDS = { ["end"] = true, ["else"] = true, ["elseif"] = true,
  ["until"] = true }

STATEMENTS[";"] = function(self)
  self:next()
end

STATEMENTS["::"] = function(self)
  self:next()
  self:next()
  self:next()
end

STATEMENTS["goto"] = function(self)
  self:next()
  self:next()
end

STATEMENTS["break"] = STATEMENTS[";"]

STATEMENTS["if"] = function(self)
  local node = self:node("block")
  repeat
    local word = self:next().type
    if word ~= "else" then
      node[#node + 1] = self:expression()
      self:take("then")
    end
    self:block(node)
  until self:peek("end")
  self:next()
  return node
end

STATEMENTS["while"] = function(self)
  local node = self:node("block")
  self:next()
  node[1] = self:expression()
  self:take("do")
  self:block(node)
  self:take("end")
  return node
end

STATEMENTS["do"] = function(self)
  local node = self:node("block")
  self:next()
  self:block(node)
  self:take("end")
  return node
end

STATEMENTS["repeat"] = function(self)
  local node = self:node("block")
  self:next()
  self:open()
  self:statements(node)
  self:take("until")
  node[#node + 1] = self:expression()
  self:close()
  return node
end

STATEMENTS["for"] = function(self)
  local node = self:node("block")
  local names = {}
  self:next()
  repeat
    names[#names + 1] = self:next()
  until not self:take(",")
  self:next()
  self:expressions(node)
  self:take("do")
  self:open()
  for _, token in ipairs(names) do
    self:declare(token.value, token.at)
  end
  self:block(node)
  self:close()
  self:take("end")
  return node
end

local function local_function(self, node)
  local token = self:next()
  local var = self:declare(token.value, token.at)
  node.vars = { var }
  node[1] = self:body(node.at)
  var.init = node[1]
  return node
end

STATEMENTS["local"] = function(self)
  local node = self:node("local")
  local names = {}
  self:next()
  if self:take("function") then
    return local_function(self, node)
  end
  repeat
    names[#names + 1] = self:next()
    if self:take("<") then
      self:next()
      self:take(">")
    end
  until not self:take(",")
  if self:take("=") then
    self:expressions(node)
  end
  node.vars = {}
  for i, token in ipairs(names) do
    node.vars[i] = self:declare(token.value, token.at, node[i])
  end
  return node
end

STATEMENTS["return"] = function(self)
  local node = self:node("return")
  self:next()
  if not BLOCK_ENDS[self.token.type] and not self:peek(";") then
    self:expressions(node)
  end
  self:take(";")
  self.fn.returns[#self.fn.returns + 1] = node
  return node
end

-- What becomes of the thing on the left of "=".
local function note_target(target, value)
  if target.kind == "name" and target.var then
    target.var.assigned = true
  elseif target.kind == "index" and target[1].var then
    local writes = target[1].var.writes
    writes[#writes + 1] = { key = target.key, at = target.key_at,
      last = target.last, value = value }
  end
end

STATEMENTS["function"] = function(self)
  local node = self:node("assign")
  self:next()
  local target = self:name_node(self:next())
  while self:peek(".") do
    target = self:index(target)
  end
  local is_method = self:take(":")
  if is_method then
    local index = self:node("index", target.at)
    index.key_at = self.token.at
    index[1], index.key = target, self:next().value
    target = self:done(index)
  end
  node.targets = 1
  node[1], node[2] = target, self:body(node.at, is_method)
  note_target(target, node[2])
  return node
end

local function assignment(self, first)
  local node = self:node("assign", first.at)
  node[1] = first
  while self:take(",") do
    node[#node + 1] = self:suffixed()
  end
  node.targets = #node
  self:take("=")
  self:expressions(node)
  for i = 1, node.targets do
    note_target(node[i], node[node.targets + i])
  end
  return node
end

local function statement(self)
  local special = STATEMENTS[self.token.type]
  if special then
    return special(self)
  end
  local node = self:suffixed()
  if self:peek("=") or self:peek(",") then
    return assignment(self, node)
  end
  return node
end

-- To the end of the block, which is not taken: "end" is both the keyword and
-- the end of the text.
local function statements(self, node)
  while not BLOCK_ENDS[self.token.type] do
    local one = statement(self)
    if one then
      node[#node + 1] = self:done(one)
    end
  end
end

return statements
