-- html.lua: markup that is written piece by piece. A text of others goes
-- through Html:text, and nowhere else.

local text = require "text"
local words = require "cmd.words"

local Html = {}
Html.__index = Html

local LINE_MOST = 32 -- characters of what stays one line

-- Markup that begins empty; write() gets its pieces.
local function new(write)
  return setmetatable({ write = write }, Html)
end

-- Our own markup, and numbers in it.
function Html:put(format, ...)
  self.write(format:format(...))
end

-- A text as it is to be read, in an element or in an attribute; at most `most`
-- bytes of it, nil: all.
function Html:text(shown, most)
  self.write(text.html(shown, most))
end

-- <section> with a heading, which is at the id.
function Html:section(id, head)
  self:put('<section aria-labelledby="%s">\n<h2 id="%s">', id, id)
  self:text(head)
  self.write("</h2>\n")
end

function Html:end_section()
  self.write("</section>\n")
end

-- <table> with its heads, of which those that begin with '#' are of numbers
-- (and lose the '#').
function Html:table(heads)
  self.write('<div class="wide"><table>\n<thead><tr>')
  for _, head in ipairs(heads) do
    local is_number = head:sub(1, 1) == "#"
    self:put('<th scope="col"%s>', is_number and ' class="n"' or "")
    self:text(is_number and head:sub(2) or head)
    self.write("</th>")
  end
  self.write("</tr></thead>\n<tbody>\n")
end

function Html:end_table()
  self.write("</tbody></table></div>\n")
end

-- Cells of a row.
function Html:cell(shown, most)
  self.write("<td>")
  self:text(shown, most)
  self.write("</td>")
end

-- It stays one line, but for a long one: that may break, or the table would
-- not fit.
function Html:line(shown, most)
  local is_short = utf8.len(shown, 1, -1, true) <= LINE_MOST
  self:put('<td class="%s">', is_short and "line" or "long")
  self:text(shown, most)
  self.write("</td>")
end

-- A number as it is written.
function Html:number(shown)
  self:put('<td class="n">%s</td>', shown)
end

-- With its separators.
function Html:count(n)
  self:number(words.count(n))
end

-- 0 hardly shows.
function Html:quiet_count(n)
  if n ~= 0 then
    self:count(n)
  else
    self.write('<td class="n none">0</td>')
  end
end

-- The number stands beside it: a bar is for the eye alone.
function Html:bar(n, most, class)
  local width = most > 0 and 100.0 * n / most or 0
  if n > 0 and width < 1 then
    width = 1
  end
  self:put('<td class="bar"><svg viewBox="0 0 100 10" '
    .. 'preserveAspectRatio="none" aria-hidden="true"><rect class="%s" '
    .. 'width="%.1f" height="10"/></svg></td>', class, width)
end

-- What the colours mean: { class, words } each.
function Html:keys(keys)
  self.write('<ul class="key">')
  for _, key in ipairs(keys) do
    self:put('<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect '
      .. 'class="%s" width="10" height="10"/></svg>%s</li>', key[1], key[2])
  end
  self.write("</ul>\n")
end

return new
