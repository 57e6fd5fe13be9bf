-- repl_complete.lua: what can follow the word before the cursor. It looks
-- into tables without asking them: no code of a script runs.

local native = ...

-- The table behind a value, when it is one: of a string's methods, of an
-- object's.
local behind = native.behind
local ipairs, next, rawget, type = ipairs, next, rawget, type
local concat, sort = table.concat, table.sort
local _G = _G

local KEYWORDS = {}
for word in ([[and break do else elseif end false for function goto if in local
    nil not or repeat return then true until while]]):gmatch("%a+") do
  KEYWORDS[word] = true
end

local COMMANDS = { [":help"] = true, [":live"] = true, [":plan"] = true,
  [":quit"] = true }

local function field(value, name)
  for _ = 1, 10 do
    local found = type(value) == "table" and rawget(value, name)
    if found ~= nil and found ~= false then
      return found
    end
    value = behind(value)
    if value == nil then
      return nil
    end
  end
end

-- Adds the names in it that begin with `start`.
local function gather(list, value, start)
  for name in next, value do
    if type(name) == "string" and name:find("^[%a_][%w_]*$")
      and name:sub(1, #start) == start and not list[name] then
      list[name] = true
      list[#list + 1] = name
    end
  end
end

local function of_value(value, start)
  local list = {}
  for _ = 1, 10 do
    if type(value) == "table" then
      gather(list, value, start)
    end
    value = behind(value)
    if value == nil then
      break
    end
  end
  return list
end

local function of_commands(start)
  local list = {}
  for name in next, COMMANDS do
    if name:sub(1, #start) == start then
      list[#list + 1] = name
    end
  end
  return list
end

local function candidates(text)
  if text:find("^:%a*$") then
    return of_commands(text), text
  end
  local path, word = text:match("([%a_][%w_.]*)[.:]([%w_]*)$")
  if not path then
    word = text:match("([%a_][%w_]*)$") or ""
    if word == "" and text ~= "" then
      return {}, ""
    end
    local list = of_value(_G, word)
    gather(list, KEYWORDS, word)
    return list, word
  end
  local value = _G
  for name in path:gmatch("[^.]+") do
    value = field(value, name)
  end
  return of_value(value, word), word
end

local function common(list)
  local start = list[1]
  for _, name in ipairs(list) do
    while name:sub(1, #start) ~= start do
      start = start:sub(1, -2)
    end
  end
  return start
end

local function columns_of(list, columns)
  local width, lines, line = 0, {}, ""
  for _, name in ipairs(list) do
    width = #name > width and #name or width
  end
  for _, name in ipairs(list) do
    if line ~= "" and #line + width > columns then
      lines[#lines + 1] = line
      line = ""
    end
    line = line .. name .. (" "):rep(width + 2 - #name)
  end
  lines[#lines + 1] = line
  return (concat(lines, "\n"):gsub(" +%f[\n\0]", ""))
end

-- What is to be put at the cursor behind `text`, and, when that is nothing,
-- the list of what there is.
return function(text, columns)
  if text:find("^%s+$") then
    return "  ", ""
  end
  local list, word = candidates(text)
  if #list == 0 then
    return "", ""
  end
  sort(list)
  local more = common(list):sub(#word + 1)
  return more, more == "" and #list > 1 and columns_of(list, columns) or ""
end
