-- findings.lua: what was found, as people read it: file and line, what is
-- wrong, the line itself, and a caret under the place.

local WIDTH = 76
local TAB = "    "

-- The first bytes of the lines of a file.
local function starts_of(file)
  if not file.starts then
    local starts = { 1 }
    for at in file.text:gmatch("\n()") do
      starts[#starts + 1] = at
    end
    file.starts = starts
  end
  return file.starts
end

-- The line with a byte of a file: its number, its first byte, and its text.
local function line_at(file, at)
  local starts = starts_of(file)
  local low, high = 1, #starts
  while low < high do
    local middle = (low + high + 1) // 2
    if starts[middle] <= at then
      low = middle
    else
      high = middle - 1
    end
  end
  local last = (starts[low + 1] or #file.text + 2) - 2
  return low, starts[low], (file.text:sub(starts[low], last):gsub("\r$", ""))
end

local function shown(text)
  return (text:gsub("\t", TAB):gsub("[\0-\31\127]", " "))
end

-- As many blanks as the text is wide when it is shown.
local function blanks(text)
  if utf8.len(text) then
    text = text:gsub(utf8.charpattern, function(c)
      return c == "\t" and c or " "
    end)
  end
  return (text:gsub("[^\t ]", " "):gsub("\t", TAB))
end

local function columns(text)
  return utf8.len(text) or #text
end

-- A long line is cut to what stands around the place.
local function window(line, from)
  if #line <= WIDTH then
    return line, from
  end
  local first = math.max(1, from - WIDTH // 2)
  while first > 1 and first < from and (line:byte(first) & 0xC0) == 0x80 do
    first = first + 1
  end
  local last = math.min(#line, first + WIDTH - 1)
  while last < #line and ((line:byte(last + 1) or 0) & 0xC0) == 0x80 do
    last = last - 1
  end
  return line:sub(first, last), from - first + 1
end

local function caret(line, from, to)
  local part, at = window(line, from)
  local last = math.max(at, math.min(at + to - from, #part))
  return ("  %s\n  %s^%s"):format(shown(part), blanks(part:sub(1, at - 1)),
    ("~"):rep(columns(part:sub(at, last)) - 1))
end

local function render(found)
  local line, first, content = found.line, nil, nil
  if found.at then
    line, first, content = line_at(found.file, found.at)
  end
  local head = shown(("%s:%d: %s"):format(found.file.path, line,
    found.message))
  if not content or content == "" then
    return head, line
  end
  return head .. "\n" .. caret(content, found.at - first + 1,
    found.last - first + 1), line
end

-- The whole as one text, in the order of files and lines; how many.
return function(list)
  local seen, out = {}, {}
  for i, found in ipairs(list) do
    found.text, found.line = render(found)
    found.n = i
  end
  table.sort(list, function(a, b)
    if a.file ~= b.file then
      return a.file.n < b.file.n
    elseif a.line ~= b.line then
      return a.line < b.line
    elseif a.at ~= b.at then
      return (a.at or 0) < (b.at or 0)
    end
    return a.n < b.n
  end)
  for _, found in ipairs(list) do
    if not seen[found.text] then
      seen[found.text] = true
      out[#out + 1] = found.text .. "\n"
    end
  end
  return table.concat(out), #out
end
