-- luacheck.lua: luacheck itself, as its Debian package has it, without its
-- command line, its files and the standards of other programs.

-- part(name) gives the chunk of a file; its globals are `env`.
local part, env = ...

-- Its own source of characters counts those of UTF-8. This one counts bytes,
-- as Lua does, and has the same methods.
local Bytes = {}
Bytes.__index = Bytes

function Bytes:get_codepoint(at)
  return self.text:byte(at)
end

function Bytes:get_substring(from, to)
  return self.text:sub(from, to)
end

Bytes.get_printable_substring = Bytes.get_substring

function Bytes:get_length()
  return #self.text
end

function Bytes:find(pattern, from)
  return self.text:find(pattern, from)
end

local function decode(text)
  return setmetatable({ text = text }, Bytes)
end

-- What a script finds in this program; what it may do with each is looked at
-- elsewhere. `luacheck: std` of any name means the same.
local function our_standard()
  local names = { _ENV = { other_fields = true } }
  for name in pairs(_G) do
    names[name] = { other_fields = true }
  end
  return { read_globals = names }
end

local standard = our_standard()
local loaded = {
  ["luacheck.decoder"] = { decode = decode },
  ["luacheck.builtin_standards"] = setmetatable({}, {
    __index = function() return standard end }),
}

function env.require(name)
  if loaded[name] == nil then
    local path = name:gsub("%.", "/")
    loaded[name] = (part(path .. ".lua") or part(path .. "/init.lua"))()
  end
  return loaded[name]
end

-- Unused arguments, long lines and white space are the author's taste; fields
-- of the library are looked at elsewhere.
local OPTIONS = { std = standard, unused_args = false, max_line_length = false,
  ignore = { "6", "122", "14" } }

local lexer = env.require "luacheck.lexer"
local check_state = env.require "luacheck.check_state"
local stages = env.require "luacheck.stages"
local core_utils = env.require "luacheck.core_utils"
local filter = env.require "luacheck.filter"

local M = {}

-- An iterator over the tokens of a text, up to what is none: first and last
-- byte.
function M.tokens(text)
  local state = lexer.new_state(decode(text))
  return function()
    local token, _, _, at, last = lexer.next_token(state)
    if token and token ~= "eof" then
      return at, last or state.offset - 1
    end
  end
end

-- Each warning with its place in the text.
local function place(warnings, starts)
  for _, warning in ipairs(warnings) do
    local start = starts[warning.line] - 1
    warning.at = start + warning.column
    warning.last = start + math.max(warning.column, warning.end_column)
  end
end

-- Globals that are set, whatever a comment for luacheck says of them.
local function sets(warnings)
  local list = {}
  for _, warning in ipairs(warnings) do
    if warning.code == "111" then
      list[#list + 1] = { name = warning.name, at = warning.at,
        top = warning.top }
    end
  end
  return list
end

-- The tree of a chunk that Lua compiles; its warnings, those that a comment
-- takes back left out; the globals that it sets. Raises a table with `msg`,
-- `offset` and `end_offset` for what luacheck takes for no Lua.
function M.look(text)
  local state = check_state.new(text)
  stages.run(state)
  local warnings = state.warnings
  core_utils.sort_by_location(warnings)
  place(warnings, state.line_offsets)
  local set = sets(warnings)
  local left = filter.filter({ { warnings = warnings,
    inline_options = state.inline_options, line_lengths = state.line_lengths,
    line_endings = state.line_endings } }, OPTIONS)[1]
  place(left, state.line_offsets)
  return state.ast, left, set
end

-- In luacheck's words, with the number by which a comment names it.
function M.message(warning)
  local format = env.require "luacheck.format"
  return ("%s (luacheck %s)"):format(format.get_message(warning),
    warning.code)
end

return M
