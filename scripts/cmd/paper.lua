-- paper.lua: lines of text as wide as a terminal.

local text = require "text"

local Paper = {}
Paper.__index = Paper

-- A paper of so many columns, which gives its lines to write().
local function new(columns, write)
  return setmetatable({ columns = columns, write = write }, Paper)
end

-- A line of words, broken where the paper ends; further lines are indented
-- like the first.
function Paper:say(indent, format, ...)
  self.write((" "):rep(indent)
    .. text.words(format:format(...), indent, self.columns) .. "\n")
end

-- The same behind what the line begins with, which is ASCII, and indented by
-- its width.
function Paper:item(lead, words)
  self.write(lead .. text.words(words, #lead, self.columns) .. "\n")
end

-- A line without breaking: commands, tables. Columns that are empty leave no
-- spaces at the end.
function Paper:line(format, ...)
  self.write(format:format(...):match("^(.-) *$") .. "\n")
end

-- An empty line and a heading.
function Paper:head(words)
  self.write("\n")
  self:say(0, "%s", words)
end

return new
