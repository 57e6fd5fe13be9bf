-- tree.lua: a file as a tree, luacheck's, and what luacheck says of it.
--
-- A node has a `tag`, its first and last byte (`offset`, `end_offset`) and
-- its children in order; what each tag has is said in luacheck's parser. A
-- list between has no tag. Nodes are given here besides:
--
--   file      the file that it is of
--   fn        the function that it is in; the tree itself outside of all
--   target    of what is assigned to: true
--   returns   of a function or the tree: its return statements
--
-- and a local (`var` of its Ids) `writes`, the assignments to fields of it:
-- { key, at, last, value }.

local luacheck = ...

local M = {}

-- The tree, depth first: visit(node, parent). It may be deeper than calls of
-- Lua can be.
function M.walk(tree, visit)
  local nodes, parents, n = { tree }, {}, 1
  while n > 0 do
    local node = nodes[n]
    visit(node, parents[n])
    n = n - 1
    for i = #node, 1, -1 do
      if type(node[i]) == "table" then
        n = n + 1
        nodes[n], parents[n] = node[i], node
      end
    end
  end
end

-- The constant text of a key: of `a.x`, `a["x"]` or `a:x()`.
function M.key(node)
  local key = (node.tag == "Index" or node.tag == "Invoke"
    or node.tag == "Pair") and node[node.tag == "Pair" and 1 or 2]
  return key and key.tag == "String" and key[1] or nil
end

-- Whether a local is given something after it was made.
function M.is_assigned(var)
  return var.values[2] ~= nil
end

-- The expression that a local was made from, and never is anything else.
function M.made_from(var)
  local value = var.values[1]
  if not value or M.is_assigned(var) or value.item.tag ~= "Local" then
    return nil
  end
  local same = value.secondaries -- of a call that gives several
  return (not same or same[1] == value) and value.node or nil
end

local function note_targets(node)
  for i, target in ipairs(node[1]) do
    target.target = true
    local var = target.tag == "Index" and target[1].var
    if var then
      var.writes = var.writes or {}
      var.writes[#var.writes + 1] = { key = M.key(target),
        at = target[2].offset, last = target.end_offset, value = node[2][i] }
    end
  end
end

-- Where locals are seen.

-- The last byte of each list of statements in a node.
local function note_ends(node, ends)
  local last = #node
  if node.tag == "If" then
    for i = 2, last, 2 do
      ends[node[i]] = node[i + 1] and node[i + 1].offset - 1
        or node.end_offset
    end
    ends[node[last]] = node.end_offset
  elseif node.tag == "Repeat" then
    ends[node[1]] = node.end_offset
  elseif node.tag == "Do" then
    ends[node] = node.end_offset
  elseif node.tag == "While" or node.tag == "Function"
    or node.tag == "Fornum" or node.tag == "Forin" then
    ends[node[last]] = node.end_offset
  end
end

-- The locals that a node makes, and from which byte on.
local function declared(node)
  if node.tag == "Local" then
    return node[1], node.end_offset + 1
  elseif node.tag == "Localrec" then
    return node[1], node.offset
  elseif node.tag == "Function" and node[1][1] then
    return node[1], node[1][1].offset
  elseif node.tag == "Forin" then
    return node[1], node[2][#node[2]].end_offset + 1
  elseif node.tag == "Fornum" then
    return { node[1] }, node[#node - 1].end_offset + 1
  end
end

-- { name, at (where it is made), from, to (where it is seen) }, …
local function note_locals(node, parent, ends, locals)
  local ids, from = declared(node)
  for _, id in ipairs(ids or {}) do
    if id.tag == "Id" then
      locals[#locals + 1] = { name = id[1], at = id.offset, from = from,
        to = (node.tag == "Local" or node.tag == "Localrec") and ends[parent]
          or node.end_offset }
    end
  end
end

local function named(locals, name)
  local list = {}
  for _, one in ipairs(locals) do
    if one.name == name then
      list[#list + 1] = one
    end
  end
  return list
end

-- Files.

local function look_through(file)
  local fns, ends = {}, { [file.tree] = #file.text + 1 }
  file.locals = {}
  file.tree.returns = {}
  M.walk(file.tree, function(node, parent)
    local around = node
    if parent then
      around = parent.tag == "Function" and parent or fns[parent]
    end
    fns[node], node.fn, node.file = around, around, file
    if node.tag == "Set" then
      note_targets(node)
    elseif node.tag == "Function" then
      node.returns = {}
    elseif node.tag == "Return" then
      around.returns[#around.returns + 1] = node
    end
    note_ends(node, ends)
    note_locals(node, parent, ends, file.locals)
  end)
  file.environments = named(file.locals, "_ENV")
end

-- What luacheck cannot read although Lua can.
local function refuse(file, why)
  if type(why) == "table" and why.msg then
    file.refused = { message = why.msg .. " (luacheck 011)", at = why.offset,
      last = why.end_offset }
  elseif type(why) == "string" and why:find("stack overflow", 1, true) then
    file.refused = { message = "nested too deep for check: take it apart",
      at = 1, last = 1 }
  else
    error(why, 0)
  end
end

-- Gives a file { text } its tree, warnings, sets (of globals) and locals; or
-- only `refused`, { message, at, last }.
function M.grow(file)
  local ok, tree, warnings, sets = pcall(luacheck.look, file.text)
  if not ok then
    return refuse(file, tree)
  end
  file.tree, file.warnings, file.sets = tree, warnings, sets
  look_through(file)
end

-- The names of the locals that are seen at a byte of a file.
function M.seen_at(file, at)
  local names = {}
  for _, one in ipairs(file.locals) do
    if one.from <= at and at <= one.to then
      names[one.name] = true
    end
  end
  return names
end

-- Whether globals are fields of a local _ENV there.
function M.is_hidden(file, at)
  for _, one in ipairs(file.environments) do
    if one.from <= at and at <= one.to then
      return true
    end
  end
  return false
end

return M
