-- http_lines.lua: a reply, line by line, while it comes. What is not read
-- does not come: a large one takes no more memory than a small one.

local parts = ...
local shown, away = parts.words.shown, parts.away
local to_utf8, is_wide = parts.text.to_utf8, parts.text.is_wide

local error, format, setmetatable = error, string.format, setmetatable

local LINE_MAX = 1 << 20

local Lines = {}
Lines.__index, Lines.__metatable = Lines, false

-- The next piece, behind what is left. False: there is none.
function Lines:read_on()
  local piece, words, kind
  if self.stream then
    piece, words, kind = self.stream:read()
  end
  if words then
    self:fail(words)
    away.note_failure(self.origin, self.failure, nil, { kind = kind })
  elseif not piece then
    self.stream = nil
  end
  if not piece then
    return false
  end
  self.text, self.at = self.text:sub(self.at) .. piece, 1
  return true
end

function Lines:fail(words)
  self.text, self.at, self.stream = "", 1, nil
  self.failure = format("%s %s: %s, after line %d", self.method, self.url,
    words, self.count)
end

-- nil: the rest has none, or it failed.
function Lines:find_end()
  local from = self.at
  while true do
    local eol = self.text:find("\n", from, true)
    local len = (eol or #self.text + 1) - self.at
    if len > LINE_MAX then
      self:fail("a line of more than 1 MiB")
    end
    if eol or self.failure or not self:read_on() then
      return eol
    end
    from = len + 1
  end
end

-- The last line may have no end.
function Lines:next()
  local eol = self:find_end() or #self.text + 1
  if self.at > #self.text then
    return nil
  end
  local line = self.text:sub(self.at, eol - 1)
  self.at = eol + 1
  self.count = self.count + 1
  if self.count == 1 and line:sub(1, 3) == "\239\187\191" then
    line = line:sub(4)
  end
  line = line:sub(-1) == "\r" and line:sub(1, -2) or line
  return self.encoding and to_utf8(line, self.encoding) or line
end

-- Of a reply that streams, or has come whole: for line in …
return function(reply)
  local lines = setmetatable({ text = reply.body, at = 1, count = 0,
    stream = reply.stream, method = reply.method, url = shown(reply.url),
    encoding = reply.encoding, origin = reply.origin }, Lines)
  if reply.encoding and is_wide(reply.encoding) then
    lines:fail("lines in " .. reply.encoding .. " (get reads them whole)")
  end
  local function next_line()
    local line = lines:next()
    if lines.failure then
      error(lines.failure, 2)
    end
    return line
  end
  return next_line, nil, nil, reply.stream
end
